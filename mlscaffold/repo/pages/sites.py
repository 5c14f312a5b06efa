"""Sites of documentation as MkDocs and Sphinx are told to build them, and what their build files ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, is_own

ASIDE = regex(r"(?:^|/)(?:tests?|fixtures?|templates?|examples?|cookiecutter[^/]*)/", re.I)
SPHINX = regex(rb"^\s*(?:extensions|html_theme|master_doc|root_doc|source_suffix)\s*=", re.M)
SOURCE_FOLDER = regex(rb"^SOURCEDIR\s*[?:]?=\s*([\w./-]+)", re.M)
BUILDS_SPHINX = regex(rb"^\s*SPHINXBUILD\s*[?:]?=", re.M)


class Problem(NamedTuple):
    """One thing that keeps a site from being built, or a page from being found."""

    path: str
    line: int | None
    what: str


class Site(NamedTuple):
    """A site: the tool that builds it, its configuration, and the folder of its pages."""

    tool: str
    path: str
    source: str


@fact
def sites(repo: Repo) -> tuple[Site, ...]:
    """The repository's own sites, the shallowest first."""
    return (*_mkdocs(repo), *_sphinx(repo))


def _mkdocs(repo: Repo) -> Iterator[Site]:
    for path in repo.named("mkdocs.yml", "mkdocs.yaml"):
        document = yaml_document(repo, path) if _counts(path) else None
        if isinstance(document, dict) and "site_name" in document:
            source = document.get("docs_dir")
            yield Site("MkDocs", path, inside(folder(path), source if isinstance(source, str) else "docs"))


def _sphinx(repo: Repo) -> Iterator[Site]:
    for path in repo.named("conf.py"):
        if _counts(path) and SPHINX.search(repo.raw(path) or b""):
            yield Site("Sphinx", path, folder(path))


def _counts(path: str) -> bool:
    return is_own(path) and ASIDE.search(path) is None and "{{" not in path


def inside(home: str, path: str) -> str:
    """A path as it is written in a file of the folder `home`, from the root of the repository."""
    whole = normpath(join(home, path))
    return "" if whole == "." else whole


@fact
def builders(repo: Repo) -> tuple[Problem, ...]:
    """What build files name that is not there: a configuration of Sphinx or MkDocs, or a list of packages."""
    return (*_makefiles(repo), *_read_the_docs(repo))


def _makefiles(repo: Repo) -> Iterator[Problem]:
    for path in repo.named("makefile"):
        raw = repo.raw(path) or b""
        named = SOURCE_FOLDER.search(raw) if BUILDS_SPHINX.search(raw) and _counts(path) else None
        if named is None:
            continue
        wanted = inside(folder(path), join(named[1].decode(), "conf.py"))
        if not present(repo, wanted):
            line = raw.count(b"\n", 0, named.start()) + 1
            yield Problem(path, line, f"builds with Sphinx from {wanted}, which is not there")


def _read_the_docs(repo: Repo) -> Iterator[Problem]:
    for path in (".readthedocs.yaml", ".readthedocs.yml", "readthedocs.yml"):
        document = yaml_document(repo, path) if path in repo.files else None
        for wanted in _wanted(document):
            if isinstance(wanted, str) and not present(repo, normpath(wanted)):
                yield Problem(path, line_with(repo, path, wanted), f"names {wanted}, which is not there")


def _wanted(document: Any) -> Iterator[Any]:
    match document:
        case {"sphinx": {"configuration": wanted}} | {"mkdocs": {"configuration": wanted}}:
            yield wanted
    match document:
        case {"python": {"install": list() as steps}}:
            yield from (step.get("requirements") for step in steps if isinstance(step, dict))
    match document:
        case {"conda": {"environment": wanted}}:
            yield wanted


def present(repo: Repo, path: str) -> bool:
    """Whether a path is there, lies behind a link or in a submodule, or is made by what names it."""
    if path in repo.files or path.startswith(".."):
        return True
    aside = (entry.path for entry in repo.entries if entry.kind != "file")
    return any(path == other or path.startswith(f"{other}/") for other in aside) or made(repo, path)


def made(repo: Repo, path: str) -> bool:
    """Whether a script, workflow or make file names the path, as what copies or writes it does."""
    name = path.encode()
    return any(name in raw for raw in _recipes(repo))


@fact
def _recipes(repo: Repo) -> tuple[bytes, ...]:
    ends = (".sh", ".toml", "makefile", "justfile", "tasks.py", "noxfile.py", "tox.ini", ".gitignore")
    paths = [
        p
        for p in repo.files
        if p.lower().endswith(ends) or p.startswith((".github/workflows/", ".gitlab-ci"))
    ]
    return tuple(raw for p in paths if is_own(p) and (raw := repo.raw(p)))


def line_with(repo: Repo, path: str, text: str) -> int | None:
    """The first line of a file that holds a text."""
    raw = repo.raw(path) or b""
    at = raw.find(text.encode())
    return raw.count(b"\n", 0, at) + 1 if at >= 0 else None
