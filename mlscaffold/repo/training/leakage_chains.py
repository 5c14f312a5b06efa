"""Fits whose rows are written to a file, by one source, and split by another that reads that very file."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Parted, Source, Spot, Written
from mlscaffold.repo.python.table_files import hands_rows_on
from mlscaffold.repo.python.trees import followed_through
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.file_places import places

Followed = tuple[Source, list[Written], list[Parted]]
NUMBER = regex(r"\d{1,9}")


class Chain(NamedTuple):
    """A fit, the split of its rows in another place, and the file that is read there."""

    spot: Spot
    step: str
    split: Spot
    through: str


class _Write(NamedTuple):
    """A write as `Written` says it, with paths in the repository."""

    source: Source
    line: int
    fit: tuple[int, str] | None
    rows: frozenset[str]
    fitted_on: frozenset[str]


def chains(repo: Repo, followed: list[Followed]) -> Iterator[Chain]:
    """Every fit before the split that another source, or a later part of the same, makes of the rows.

    `followed` are all sources, with what was followed in those that fit a step themselves.
    """
    followed = [_hands(repo, *one) for one in followed]
    writers = _writers(repo, followed)
    for source, _, parted in followed:
        for one in parted:
            read = _places(repo, source, one.rows)
            search = _Search(writers, read)
            fits: dict[tuple[Spot, str], str] = {}
            for path in sorted(read, key=lambda path: (len(path), path)):
                if found := search.fit_of(path, source, one.line):
                    fits.setdefault(found, path)  # the root's file rather than one of the script's folder
            for fit, path in fits.items():
                yield Chain(*fit, source.spot(one.line), path)


def _hands(repo: Repo, source: Source, written: list[Written], parted: list[Parted]) -> Followed:
    """The same with what a source that fits nothing itself reads, writes and splits."""
    if not written and not parted and hands_rows_on(repo.raw(source.path) or b""):
        _, written, parted = followed_through(repo, source, {})
    return source, written, parted


def _writers(repo: Repo, followed: list[Followed]) -> dict[str, list[_Write]]:
    """Who writes each path; a write that another of the same source replaces is left out."""
    writers: dict[str, list[_Write]] = {}
    for source, written, _ in followed:
        last: dict[str, _Write] = {}
        for one in sorted(written, key=lambda w: w.line):
            rows, fitted_on = _places(repo, source, one.rows), _places(repo, source, one.fitted_on)
            for path in places(repo, source, one.path):
                last[path] = _Write(source, one.line, one.fit, rows, fitted_on)
        for path, write in last.items():
            writers.setdefault(path, []).append(write)
    return writers


def _places(repo: Repo, source: Source, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(places(repo, source, name) for name in names))


class _Search:
    """The way back from the files that are read where rows are split."""

    def __init__(self, writers: dict[str, list[_Write]], split: frozenset[str]) -> None:
        self.writers, self.split = writers, split
        self.asked: dict[tuple[str, str], tuple[Spot, str] | None] = {}

    def fit_of(self, path: str, reader: Source, line: int) -> tuple[Spot, str] | None:
        """The fit that every writer of `path` makes or hands on; none where one writes rows without any."""
        key = path, reader.path
        if key not in self.asked:
            self.asked[key] = None  # a file that is made of itself tells nothing
            found = [self._of(path, write, reader, line) for write in self.writers.get(path, ())]
            self.asked[key] = found[0] if found and all(found) else None
        return self.asked[key]

    def _of(self, path: str, write: _Write, reader: Source, line: int) -> tuple[Spot, str] | None:
        if path in write.rows or _later(write, reader, line):
            return None
        if write.fit is None:
            handed = (self.fit_of(row, write.source, write.line) for row in sorted(write.rows))
            return next(filter(None, handed), None)
        if write.fitted_on and not write.fitted_on & self.split:
            return None
        return write.source.spot(write.fit[0]), write.fit[1]


def _later(write: _Write, reader: Source, line: int) -> bool:
    """Whether a write comes after the read: further down, or in a script of a higher number beside it."""
    if write.source.path == reader.path:
        return write.line >= line
    (folder, _, name), (beside, _, other) = (p.rpartition("/") for p in (write.source.path, reader.path))
    first, then = NUMBER.match(name), NUMBER.match(other)
    return folder == beside and first is not None and then is not None and int(first[0]) > int(then[0])
