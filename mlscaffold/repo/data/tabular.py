"""Tables of data that lie in the repository as text (CSV, TSV): their header and the head of their rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.pipeline_outputs import pipeline_outputs
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

HEAD_BYTES = 2_000_000
MOST_CELLS = 200_000
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "missing"})
SUFFIXES = (".csv", ".tsv")
DELIMITERS = ",;\t|"
NOT_DATA = regex(r"(?:^|/)(?:tests?|fixtures?|mlruns|reports?|results?|plots?|metrics|logs?)/", re.IGNORECASE)


class TableFile(NamedTuple):
    """Header and first rows of a table, at most 200,000 cells; `rows` holds the file's line with each."""

    path: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def values(self, name: str) -> Iterator[tuple[int, str]]:
        """Line and value of each row that has the column, without the missing ones."""
        index = self.header.index(name)
        for line, row in self.rows:
            if index < len(row) and row[index].strip().lower() not in MISSING:
                yield line, row[index].strip()


@fact
def table_paths(repo: Repo) -> tuple[str, ...]:
    """The table files that may be data: those of the repository, and what its DVC pipeline writes."""
    named = [path for path, entry in repo.files.items() if entry.size]
    paths = dict.fromkeys([*named, *pipeline_outputs(repo)])
    return tuple(
        p for p in paths if p.lower().endswith(SUFFIXES) and not vendored(p) and not NOT_DATA.search(p)
    )


def table_file(repo: Repo, path: str) -> TableFile | None:
    """The table at `path`; `None` where it is not at hand, an LFS pointer, or no table."""
    try:
        raw = (repo.tree.read if path in repo.files else repo.tree.ignored)(path, HEAD_BYTES)
    except OSError:
        return None
    pointer = raw.startswith(b"version https://git-lfs")
    binary = b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if pointer or binary:
        return None
    lines = decoded(raw).split("\n")
    if len(raw) >= HEAD_BYTES:
        lines.pop()
    delimiter = max(DELIMITERS, key=lines[0].count)
    return _parsed(path, lines, delimiter) if lines[0].count(delimiter) else None


def _parsed(path: str, lines: list[str], delimiter: str) -> TableFile | None:
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        header = tuple(name.strip() for name in next(reader))
        for row in reader:
            if len(rows) * len(header) > MOST_CELLS:
                break
            if row:
                rows.append((reader.line_num, tuple(row)))
    except (csv.Error, StopIteration):
        return None
    return None if all(_number(name) for name in header) else TableFile(path, header, tuple(rows))


def _number(text: str) -> bool:
    return regex(r"[-+]?[\d.]+(?:e[-+]?\d+)?", re.IGNORECASE).fullmatch(text) is not None
