"""The text of the repository's own Python, for what no call shows: attributes set, functions passed on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from mlscaffold.digests import blake2b
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.cells import Notebook, notebooks
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import TEST_FOLDER, TEST_NAME
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

MOST = 300
"""As many matches of one text are looked at: who writes a name more often has said it."""


class Hit(NamedTuple):
    """One match: its text, its groups from the first on, and those that have a name."""

    text: bytes
    groups: tuple[bytes | None, ...] = ()
    named: dict[str, bytes | None] = {}  # noqa: RUF012 (nobody changes it)

    @property
    def said(self) -> str:
        """The text as people read it."""
        return self.text.decode("utf-8", "replace")


def written(
    repo: Repo, pattern: re.Pattern[bytes], needles: tuple[bytes, ...] = (b"",)
) -> Iterator[tuple[Spot, Hit]]:
    """Each match before which no `#` stands on its line, in scripts and notebooks but tests.

    Only texts that hold one of `needles` are searched.
    """

    def in_script(_path: str, raw: bytes) -> list[Any]:
        return list(_rows(raw, pattern, 0)) if _holds(raw, needles) else []

    def in_notebook(path: str, raw: bytes) -> list[Any]:
        asked = needles == (b"",) or _holds(raw, needles)
        cells = ((cell.source.encode("utf-8", "replace"), cell.number) for cell in books[path].cells)
        return [row for text, cell in cells for row in _rows(text, pattern, cell)] if asked else []

    for path, rows in _each(repo, pattern, needles, _scripts(repo), in_script):
        yield from ((Spot(path, line), _hit(*rest)) for _, line, *rest in rows)
    books = _notebooks(repo)
    for path, rows in _each(repo, pattern, needles, tuple(books), in_notebook):
        for cell, inside, *rest in rows:
            yield Spot(path, books[path].line(cell, inside), cell, inside), _hit(*rest)


def _each(
    repo: Repo,
    pattern: re.Pattern[bytes],
    needles: tuple[bytes, ...],
    paths: Sequence[str],
    find: Callable[[str, bytes], Any],
) -> Iterator[tuple[str, Any]]:
    """As `hits`; what a pattern finds that is made of what a repository says is nothing to keep."""
    if isinstance(pattern, re.Pattern):
        return ((path, found) for path in paths if (found := find(path, repo.raw(path) or b"")))
    return hits(repo, _name(pattern, needles), paths, find)


@lru_cache(maxsize=1000)
def _name(pattern: re.Pattern[bytes], needles: tuple[bytes, ...]) -> str:
    text = f"{pattern.pattern!r} {pattern.flags} {needles!r}"
    return blake2b(text.encode(), digest_size=6).hexdigest()


def _rows(raw: bytes, pattern: re.Pattern[bytes], cell: int) -> Iterator[list[Any]]:
    """The matches as JSON has them: the cell, the line, the text, and the groups where there are some."""
    for hit in uncommented(raw, pattern):
        row: list[Any] = [cell, raw.count(b"\n", 0, hit.start()) + 1, _plain(hit[0])]
        if hit.re.groups:
            named = {name: _plain(value) for name, value in hit.groupdict().items()}
            row += [[_plain(value) for value in hit.groups()], named]
        yield row


def _plain(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("latin-1")


def _hit(text: str, groups: Sequence[str | None] = (), named: dict[str, str | None] | None = None) -> Hit:
    by_name = {name: _bytes(value) for name, value in (named or {}).items()}
    return Hit(text.encode("latin-1"), tuple(map(_bytes, groups)), by_name)


@fact
def _scripts(repo: Repo) -> tuple[str, ...]:
    return tuple(path for path in repo.named("*.py") if is_own(path) and not _test(path))


@fact
def _notebooks(repo: Repo) -> dict[str, Notebook]:
    """The repository's own notebooks, by path."""
    return {book.path: book for book in notebooks(repo) if is_own(book.path)}


def uncommented(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches in one text before which no `#` stands on their line."""
    for hit in islice(pattern.finditer(raw), MOST):
        if raw.find(b"#", raw.rfind(b"\n", 0, hit.start()) + 1, hit.start()) < 0:
            yield hit


def _holds(raw: bytes, needles: tuple[bytes, ...]) -> bool:
    return any(needle in raw for needle in needles)


def _test(path: str) -> bool:
    return TEST_NAME.match(path.rpartition("/")[2]) is not None or TEST_FOLDER.search(path) is not None
