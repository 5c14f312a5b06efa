"""Which pages of the repository a page sends its reader to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath
from urllib.parse import unquote

from mlscaffold.lazy import regex
from mlscaffold.repo.prose import SUFFIXES, Prose, prose
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder, vendored

FORGE = regex(r"https?://[^/]+/.+?/(?:-/)?(?:blob|tree|raw|src/branch)/[^/]+/(?P<path>.+)")
NAMED_PAGE = regex(r"[\w./-]+\.(?:md|rst)", re.I)
"""A page that the text names by its path instead of linking to it."""

FOLDERS_README = regex(
    r"\b(?:each|every|respective|corresponding|individual)\b[^.]{0,40}\breadmes?\b"
    r"|\breadmes?\b[^.]{0,40}\b(?:each|every|respective|corresponding|individual)\b",
    re.I,
)
"""A sentence that sends the reader to the README of each folder."""

MOST_PAGES = 30
LONGEST_WEB_PAGE = 100_000


def linked(repo: Repo, start: Prose) -> Iterator[Prose]:
    """Pages of the repository that `start` links to, and the pages that those link to."""
    seen, queue = {start.path}, [(start, 0)]
    while queue and len(seen) <= MOST_PAGES:
        page, steps = queue.pop(0)
        named = (c.text for c in page.code if not c.block and NAMED_PAGE.fullmatch(c.text.strip()))
        below = _readmes_below(repo) if page is start and FOLDERS_README.search(page.text) else ()
        for target in [*(target for _, target in page.links()), *named, *below]:
            path = _resolved(repo, page.path, target)
            further = prose(repo, path) if path and path not in seen else None
            if further is None:
                continue
            seen.add(path)
            yield further
            if steps < 1:
                queue.append((further, steps + 1))


def leads_to(repo: Repo, page: Prose, target: str) -> bool:
    """Whether a link means a page of the repository."""
    return bool(_resolved(repo, page.path, target))


def _readmes_below(repo: Repo) -> Iterator[str]:
    """The READMEs of the folders at the root, as links to them would say it."""
    for path in repo.files:
        if path.count("/") == 1 and path.partition("/")[2].lower().startswith("readme"):
            yield f"/{path}"


def _resolved(repo: Repo, source: str, target: str) -> str:
    """The document of the repository that a link means; empty where it is none."""
    if forge := FORGE.match(target):
        target = "/" + forge["path"]
    target = unquote(regex(r"[#?]").split(target)[0])
    if not target or regex(r"[a-z][a-z+.-]*:", re.I).match(target):
        return ""
    path = normpath(join(folder(source), target) if target[0] != "/" else target[1:] or ".")
    guesses = [path, *(f"{path}{suffix}" for suffix in (".md", ".rst"))]
    inside = "" if path == "." else f"{path}/"
    guesses += [
        f"{inside}{name}" for name in ("README.md", "readme.md", "README.rst", "index.md", "index.rst")
    ]
    return next((g for g in guesses if g in repo.files and _is_page(repo, g)), "")


def _is_page(repo: Repo, path: str) -> bool:
    """Whether a file is a document: a web page of more than a person writes is the report of a run."""
    name = path.lower()
    report = name.endswith((".html", ".htm")) and repo.files[path].size > LONGEST_WEB_PAGE
    return name.endswith(SUFFIXES[1:]) and not report and not vendored(path)
