"""Pages that the navigation of a site names although nothing is there, and whether it tells the interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.pages.site_packages import keys
from mlscaffold.repo.pages.sites import Problem, Site, inside, line_with, present
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder

GENERATE = frozenset(
    [
        "gen-files",
        "monorepo",
        "multirepo",
        "same-dir",
        "simple-hooks",
        "api-autonav",
        "literate-nav",
        "macros",
        "gallery",
        "import",
        "nav-insert",
        "techdocs-core",
        "mknotebooks",
        "include_dir_to_nav",
        "awesome-pages",
        "awesome-nav",
        "i18n",
        "autonav",
        "coverage",
        "mkdocs-coverage",
        "swagger-ui-tag",
        "redoc-tag",
    ]
)
"""Plugins that add pages to the navigation, or read it in a way of their own."""

WRITES = regex(
    rb"\b(?:shutil|subprocess|apidoc|os\.system|write_text|copyfile|symlink|nbsphinx_link)\b|open\(", re.I
)
"""What in a configuration of Sphinx makes pages before they are read."""

TOCTREE = regex(
    r"^(?P<lead>[ \t]{0,3})(?:\.\. toctree::|[`:]{3,}\{toctree\})[^\n]*\n"
    r"(?P<body>(?:[ \t]*\n|[^\n`:][^\n]*\n)*)",
    re.M,
)
ENTRY = regex(r"^(?:[^<\n]*<(?P<named>[^>\n]+)>|(?P<plain>[\w./-]+))[ \t]*$")
GENERATED = regex(
    r"(?:^|/)(?:_?generated|_?autosummary|autoapi|_?api\w*|reference|_?modules?|auto_\w+|gallery|genindex|modindex|search"
    r"|py-modindex|apidocs?|stubs|build|source)(?:/|$)",
    re.I,
)
PAGES = (".rst", ".md", ".ipynb", ".txt", ".myst", ".markdown")
INTERFACE = regex(
    rb"automodule|autoclass|autofunction|autosummary|autoapi|apidoc|mkdocstrings|^::: |pdoc|quartodoc|doxygen"
    rb"|(?:py:)?(?:function|class)::|api[ -]reference",
    re.I | re.M,
)
MOST_PAGES = 2000


def absent_pages(repo: Repo, site: Site) -> tuple[Problem, ...]:
    """Each entry of the navigation that leads to no file, in order."""
    found = _nav(repo, site) if site.tool == "MkDocs" else _toctrees(repo, site)
    return tuple(found)


def _nav(repo: Repo, site: Site) -> Iterator[Problem]:
    document = yaml_document(repo, site.path)
    if _generating(document) or not any(p.startswith(f"{site.source}/") for p in repo.files):
        return
    for target in _targets(document.get("nav")):
        bare = regex(r"[#?]").split(target)[0]
        if not bare.endswith((".md", ".markdown", ".ipynb")) or ":" in bare:
            continue
        if not present(repo, inside(site.source, bare.removeprefix("/"))):
            yield Problem(site.path, line_with(repo, site.path, target), bare)


def _generating(document: dict[str, Any]) -> bool:
    names = {name.removeprefix("mkdocs-") for name in keys(document.get("plugins"))}
    return "hooks" in document or not names.isdisjoint(GENERATE)


def _targets(nav: Any, level: int = 0) -> Iterator[str]:
    match nav:
        case str():
            yield nav
        case list() if level < 20:
            for entry in nav:
                yield from _targets(entry, level + 1)
        case dict() if level < 20:
            for entry in nav.values():
                yield from _targets(entry, level + 1)


def _toctrees(repo: Repo, site: Site) -> Iterator[Problem]:
    if WRITES.search(repo.raw(site.path) or b""):
        return
    home = f"{site.source}/" if site.source else ""
    pages = (p for p in repo.files if p.startswith(home) and p.endswith((".rst", ".md")))
    for path in islice(pages, MOST_PAGES):
        raw = repo.raw(path) or b""
        if b"toctree" in raw:
            yield from _toctree(repo, site, path, decoded(raw))


def _toctree(repo: Repo, site: Site, path: str, text: str) -> Iterator[Problem]:
    for tree in TOCTREE.finditer(text):
        line = text.count("\n", 0, tree.start("body"))
        for offset, row in enumerate(tree["body"].split("\n")):
            if row.strip() and not row.startswith((" ", "\t")) and tree[0].lstrip().startswith(".."):
                break
            entry = ENTRY.match(row.strip())
            target = (entry["named"] or entry["plain"]) if entry else ""
            if target and _leads_nowhere(repo, site, path, target, glob=":glob:" in tree["body"]):
                yield Problem(path, line + 1 + offset, target)


def _leads_nowhere(repo: Repo, site: Site, path: str, target: str, *, glob: bool) -> bool:
    if (
        target == "self"
        or ":" in target
        or (glob and regex(r"[*?\[]").search(target))
        or GENERATED.search(target)
    ):
        return False
    home = site.source if target.startswith("/") else folder(path)
    whole = normpath(join(home, target.lstrip("/")))
    return not any(present(repo, f"{whole}{suffix}") for suffix in ("", *PAGES))


def explains_interface(repo: Repo, site: Site) -> bool:
    """Whether the site, or its configuration, takes up what the code says of itself."""
    home = f"{site.source}/" if site.source else ""
    if INTERFACE.search(repo.raw(site.path) or b""):
        return True
    if site.tool == "MkDocs" and _generating(yaml_document(repo, site.path)):
        return True
    pages = (p for p in repo.files if p.startswith(home) and p.endswith(PAGES))
    return any(
        regex(r"(?:^|[/_-])(?:api|reference)\b", re.I).search(path[len(home) :])
        or INTERFACE.search(repo.raw(path) or b"")
        for path in islice(pages, MOST_PAGES)
    )
