"""The text of the repository's own Python, for what no call shows: attributes set, functions passed on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.repo.notebooks import notebooks
from mlscaffold.repo.python_facts import Spot
from mlscaffold.repo.python_source import TEST_FOLDER, TEST_NAME
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own

MOST = 300
"""As many matches of one text are looked at: who writes a name more often has said it."""


def written(
    repo: Repo, pattern: re.Pattern[bytes], needles: tuple[bytes, ...] = (b"",)
) -> Iterator[tuple[Spot, re.Match[bytes]]]:
    """Each match before which no `#` stands on its line, in scripts and notebooks but tests.

    Only texts that hold one of `needles` are searched.
    """
    for path in repo.named("*.py"):
        if is_own(path) and not _test(path) and (raw := repo.raw(path)) and _holds(raw, needles):
            for hit in uncommented(raw, pattern):
                yield Spot(path, raw.count(b"\n", 0, hit.start()) + 1), hit
    for book in notebooks(repo):
        asked = is_own(book.path) and _holds(repo.raw(book.path) or b"", needles)
        for cell in book.cells if asked else ():
            raw = cell.source.encode("utf-8", "replace")
            for hit in uncommented(raw, pattern):
                inside = raw.count(b"\n", 0, hit.start()) + 1
                yield Spot(book.path, book.line(cell.number, inside), cell.number, inside), hit


def uncommented(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches in one text before which no `#` stands on their line."""
    for hit in islice(pattern.finditer(raw), MOST):
        if raw.find(b"#", raw.rfind(b"\n", 0, hit.start()) + 1, hit.start()) < 0:
            yield hit


def _holds(raw: bytes, needles: tuple[bytes, ...]) -> bool:
    return any(needle in raw for needle in needles)


def _test(path: str) -> bool:
    return TEST_NAME.match(path.rpartition("/")[2]) is not None or TEST_FOLDER.search(path) is not None
