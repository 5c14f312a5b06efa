"""The packages that a site's configuration asks for, and whether anything of the repository installs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.pages.sites import Site
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

INSTALLS = regex(
    r"(?:^|/)(?:[^/]*(?:req|depend|constraint|environment|env|install|docs?)[^/]*\.(?:txt|in|ya?ml|pip)"
    r"|setup\.(?:py|cfg)|pipfile(?:\.lock)?|[^/]*\.toml|(?:uv|poetry|pdm|pixi)\.lock|tox\.ini|noxfile\.py|tasks\.py"
    r"|makefile|justfile|dockerfile[^/]*|[^/]*\.sh|readme[^/]*|contributing[^/]*|(?:requirements|dependencies|deps)/[^/]+|[^/]*\.nix)$"
    r"|^\.github/(?:workflows|actions)/|^\.gitlab-ci|^\.readthedocs|^\.circleci/|^azure-pipelines",
    re.I,
)
LARGEST = 5_000_000
MKDOCS_THEMES = frozenset(["mkdocs", "readthedocs"])
MKDOCS_PLUGINS = frozenset(
    [
        "search",
        "tags",
        "blog",
        "social",
        "privacy",
        "offline",
        "meta",
        "info",
        "group",
        "optimize",
        "projects",
        "autorefs",
    ]
)
SPHINX_THEMES = frozenset(
    [
        "alabaster",
        "classic",
        "sphinxdoc",
        "scrolls",
        "agogo",
        "traditional",
        "nature",
        "haiku",
        "pyramid",
        "bizstyle",
        "basic",
        "default",
        "epub",
    ]
)
BROUGHT = {
    "myst_parser": ("mystnb",),
    "pymdownx": ("pymdownextensions", "mkdocsmaterial"),
    "sphinxarg4nni": ("sphinxargparse",),
}
"""What else brings a module: another package than the one that bears its name."""

NAMESPACES = ("sphinxcontrib", "sphinxext")
LIST = regex(r"^extensions[ \t]*(?:\+=|=)[ \t]*[\[(](?P<items>[^\])]{0,4000})[\])]", re.M)
QUOTED = regex(r"[\"']([\w.-]{2,80})[\"']")
THEME = regex(r"^html_theme[ \t]*=[ \t]*[\"']([\w.-]{2,60})[\"']", re.M)
OWN_THEME = regex(r"^html_theme_path[ \t]*=", re.M)
REMARK = regex(r"^[ \t]*#[^\n]*$|[ \t]#[^\n\"']*$", re.M)


def missing_packages(repo: Repo, site: Site) -> tuple[str, ...]:
    """Theme, plugins and extensions that nothing installs; or only the tool where that is missing."""
    known = _installed(repo)
    if site.tool.lower().encode() not in known:
        return (site.tool.lower(),)
    asked = _of_mkdocs(repo, site) if site.tool == "MkDocs" else _of_sphinx(repo, site)
    return tuple(dict.fromkeys(name for name in asked if not _brought(name, known)))


@fact
def _installed(repo: Repo) -> bytes:
    """Every text that installs or lists packages, in lower case and without what joins the parts of names."""
    paths = (p for p in repo.files if INSTALLS.search(p) and is_own(p) and repo.files[p].size <= LARGEST)
    texts = (repo.raw(p) or b"" for p in paths if not p.lower().endswith(("mkdocs.yml", "mkdocs.yaml")))
    whole = b"\n".join(text for text in texts if b"SPHINXBUILD" not in text or b"install" in text)
    return whole.lower().translate(None, b"-_.")


def _plain(name: str) -> bytes:
    return regex(r"[-_.]").sub("", name.lower()).encode()


def _brought(name: str, known: bytes) -> bool:
    return _plain(name) in known or any(other.encode() in known for other in BROUGHT.get(name, ()))


def _of_mkdocs(repo: Repo, site: Site) -> Iterator[str]:
    document = yaml_document(repo, site.path)
    theme = document.get("theme")
    name = theme.get("name") if isinstance(theme, dict) else theme
    if isinstance(name, str) and name not in MKDOCS_THEMES:
        yield "mkdocs-material" if name == "material" else name
    for plugin in keys(document.get("plugins")):
        bare = plugin.removeprefix("material/").removeprefix("mkdocs-")
        if bare not in MKDOCS_PLUGINS and "." not in bare and "/" not in bare:
            yield bare
    if any(extension.startswith("pymdownx.") for extension in keys(document.get("markdown_extensions"))):
        yield "pymdownx"


def keys(entries: Any) -> Iterator[str]:
    """The names in a list of names and of mappings with one name each."""
    for entry in entries if isinstance(entries, list | dict) else ():
        name = next(iter(entry), None) if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield name


def _of_sphinx(repo: Repo, site: Site) -> Iterator[str]:
    text = REMARK.sub("", (repo.raw(site.path) or b"").decode("utf-8", "replace"))
    theme = THEME.search(text)
    if theme and theme[1] not in SPHINX_THEMES and not OWN_THEME.search(text) and not _own(repo, theme[1]):
        yield theme[1]
    for listed in LIST.finditer(text):
        for name in QUOTED.findall(listed["items"]):
            parts = name.split(".")
            if parts[0] in ("sphinx", "alabaster", "readthedocs_ext") or _own(repo, parts[0]):
                continue
            yield parts[1] if parts[0] in NAMESPACES and len(parts) > 1 else parts[0]


def _own(repo: Repo, module: str) -> bool:
    """Whether a module is one of the repository itself."""
    if f"{module}.py".lower() in repo.by_name:
        return True
    return any(f"/{module}/" in f"/{path}" for path in repo.files)
