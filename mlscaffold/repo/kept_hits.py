"""The hits in the files of one tree, with those of earlier runs: a row for each file that was searched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mlscaffold.repo.cache import Cache
from mlscaffold.repo.hits import HOLDS_CREDENTIAL
from mlscaffold.repo.repo import Repo

Row = dict[str, Any]
"""What is known of one file, by name; a name with nothing was asked, and nothing was found."""


class Column:
    """What this run itself found under one name: which files were asked, and what those with a hit hold."""

    def __init__(self, size: int) -> None:
        self.asked = bytearray(size)
        self.values: dict[int, Any] = {}
        self.fresh = False

    def add(self, other: Column) -> None:
        """Take over what another process found."""
        both = int.from_bytes(self.asked, "big") | int.from_bytes(other.asked, "big")
        self.asked = bytearray(both.to_bytes(len(self.asked), "big"))
        self.values |= other.values


class Hits:
    """The hits in the files of one tree; files are numbered in its order."""

    def __init__(self, files: Iterable[str], cache: Cache) -> None:
        self.cache = cache
        self.numbers = {path: number for number, path in enumerate(files)}
        self.keys: list[bytes | None] = [None] * len(self.numbers)
        self.rows: list[Row | None] = [None] * len(self.numbers)
        self.looked = bytearray(len(self.numbers))
        self.columns: dict[str, Column] = {}
        cache.before_saving(self._put)

    def found(
        self, repo: Repo, name: str, paths: list[str], find: Callable[[str, bytes], Any]
    ) -> Iterator[tuple[str, Any]]:
        """As `hits` says."""
        self.load(repo, paths)
        column = self.columns.setdefault(name, Column(len(self.keys)))
        for path in paths:
            number = self.numbers[path]
            row = self.rows[number]
            if row is not None and name in row:
                value = row[name]
            elif column.asked[number]:
                value = column.values.get(number)
            else:
                value = find(path, repo.raw(path) or b"")
                column.asked[number], column.fresh = 1, True
                if value:
                    column.values[number] = value
            if value:
                yield path, value

    def load(self, repo: Repo, paths: Iterable[str]) -> None:
        """Look up what is kept of files that were not looked up before."""
        numbers: dict[bytes, list[int]] = {}
        for path in paths:
            number = self.numbers[path]
            if not self.looked[number]:
                self.looked[number] = 1
                if raw := repo.raw(path):
                    key = self.keys[number] = self.cache.key("hits", raw, _ending(path))
                    numbers.setdefault(key, []).append(number)
        rows: dict[str, Row | None] = {}
        for key, text in self.cache.several(list(numbers)):
            if text not in rows:
                rows[text] = _row(text)
            for number in numbers[key]:
                self.rows[number] = rows[text]

    def news(self) -> dict[str, Column]:
        """What was found since this was asked last."""
        fresh = {name: column for name, column in self.columns.items() if column.fresh}
        for column in fresh.values():
            column.fresh = False
        return fresh

    def add(self, news: dict[str, Column]) -> None:
        """Take over what another process found."""
        for name, column in news.items():
            self.columns.setdefault(name, Column(len(self.keys))).add(column)

    def _put(self) -> None:
        """Keep what is new of files that are known to hold no credential."""
        names, values = list(self.columns), self._values()
        asked_of: dict[tuple[int, ...], list[str]] = {}
        for number, asked in enumerate(zip(*(column.asked for column in self.columns.values()), strict=True)):
            key = self.keys[number]
            if key is None or not any(asked):
                continue
            if asked not in asked_of:
                asked_of[asked] = [name for name, one in zip(names, asked, strict=True) if one]
            row = {**(self.rows[number] or {}), **dict.fromkeys(asked_of[asked]), **values.get(number, {})}
            if _harmless(row):
                self.cache.put(key, _text(row))
        self.columns = {}

    def _values(self) -> dict[int, Row]:
        found: dict[int, Row] = {}
        for name, column in self.columns.items():
            for number, value in column.values.items():
                found.setdefault(number, {})[name] = value
        return found


def _ending(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def _harmless(row: Row) -> bool:
    asked = [name for name in HOLDS_CREDENTIAL if name in row]
    return bool(asked) and not any(row[name] for name in asked)


def _text(row: Row) -> str:
    """The names with nothing in one string, then those with hits."""
    nothing = " ".join([name for name in row if not row[name]])
    found = {name: value for name, value in row.items() if value}
    return f'["{nothing}",{{}}]' if not found else json.dumps([nothing, found], separators=(",", ":"))


def _row(text: str) -> Row | None:
    """The row again; `None` where the text was made by nobody of us."""
    try:
        nothing, found = json.loads(text)
        return {**dict.fromkeys(nothing.split(" ")), **found}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
