"""The columns of a repository's own tables: names, kinds and ranges, as far as the files show them."""

from __future__ import annotations

from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.data.tabular import TableFile, table_file, table_paths
from mlscaffold.repo.repo import Repo

MOST_TABLES = 5
MOST_COLUMNS = 200
FEW = 8
"""As many different words are listed: more are free text."""


class DataColumn(NamedTuple):
    """One column; `limits` says between which values the file's own lie."""

    name: str
    kind: str
    limits: str


class DataTable(NamedTuple):
    """One table of data and its columns."""

    path: str
    columns: tuple[DataColumn, ...]


def columns(repo: Repo) -> tuple[DataTable, ...]:
    """The tables among the data sets, the first of them where there are many."""
    data = set(data_sets(repo))
    paths = [path for path in table_paths(repo) if path in data and path in repo.files]
    tables = (table_file(repo, path) for path in paths[:MOST_TABLES])
    return tuple(_table(one) for one in tables if one and 0 < len(one.header) <= MOST_COLUMNS)


def _table(table: TableFile) -> DataTable:
    named = [name for name in table.header if name.strip()]
    return DataTable(table.path, tuple(_column(table, name) for name in dict.fromkeys(named)))


def _column(table: TableFile, name: str) -> DataColumn:
    values = [value for _, value in table.values(name)]
    numbers = [number for value in values if (number := _number(value)) is not None]
    if values and len(numbers) == len(values):
        whole = all("." not in value and "e" not in value.lower() for value in values)
        return DataColumn(name, "integer" if whole else "float", f"{min(numbers):g} to {max(numbers):g}")
    words = sorted(set(values))
    if 0 < len(words) <= FEW and len(values) > len(words) and not any(set("`|\n") & set(w) for w in words):
        return DataColumn(name, "category", ", ".join(f"`{word}`" for word in words))
    return DataColumn(name, "text", "any")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
