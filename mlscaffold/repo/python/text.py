"""The text of the repository's own Python, for what no call shows: attributes set, functions passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.repo.notebooks.cells import Cell, Notebook, notebooks
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import TEST_FOLDER, TEST_NAME
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

MOST = 300
"""As many matches of one text are looked at: who writes a name more often has said it."""


def written(
    repo: Repo, pattern: re.Pattern[bytes], needles: tuple[bytes, ...] = (b"",)
) -> Iterator[tuple[Spot, re.Match[bytes]]]:
    """Each match before which no `#` stands on its line, in scripts and notebooks but tests.

    Only texts that hold one of `needles` are searched.
    """
    for path in _scripts(repo):
        raw = repo.raw(path) or b""
        for hit in uncommented(raw, pattern) if _holds(raw, needles) else ():
            yield Spot(path, raw.count(b"\n", 0, hit.start()) + 1), hit
    for book, cells in _notebooks(repo):
        asked = needles == (b"",) or _holds(repo.raw(book.path) or b"", needles)
        for cell, raw in cells if asked else ():
            for hit in uncommented(raw, pattern):
                inside = raw.count(b"\n", 0, hit.start()) + 1
                yield Spot(book.path, book.line(cell.number, inside), cell.number, inside), hit


@fact
def _scripts(repo: Repo) -> tuple[str, ...]:
    return tuple(path for path in repo.named("*.py") if is_own(path) and not _test(path))


@fact
def _notebooks(repo: Repo) -> tuple[tuple[Notebook, list[tuple[Cell, bytes]]], ...]:
    """The repository's own notebooks, with their cells and the bytes of those."""
    books = (book for book in notebooks(repo) if is_own(book.path))
    return tuple(
        (book, [(cell, cell.source.encode("utf-8", "replace")) for cell in book.cells]) for book in books
    )


def uncommented(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches in one text before which no `#` stands on their line."""
    for hit in islice(pattern.finditer(raw), MOST):
        if raw.find(b"#", raw.rfind(b"\n", 0, hit.start()) + 1, hit.start()) < 0:
            yield hit


def _holds(raw: bytes, needles: tuple[bytes, ...]) -> bool:
    return any(needle in raw for needle in needles)


def _test(path: str) -> bool:
    return TEST_NAME.match(path.rpartition("/")[2]) is not None or TEST_FOLDER.search(path) is not None
