"""Tables and files of records by their columns, as far as their first bytes go."""

from __future__ import annotations

import json
from typing import Any

from mlscaffold.repo.committed.personal_data import MOST_RECORDS, RECORDS
from mlscaffold.repo.data.tabular import TableFile, table_file
from mlscaffold.repo.repo import Repo

MOST_COLUMNS = 200


def table_of(repo: Repo, path: str, head: bytes, *, whole: bool) -> TableFile | None:
    """The table, or the records with a column for each key, whose file is `head` or begins with it."""
    if path.lower().endswith(RECORDS):
        return _records(path, head, whole=whole)
    return table_file(repo, path) or _single(path, head)


def _single(path: str, head: bytes) -> TableFile | None:
    """A table of one column, which no delimiter tells."""
    lines = head.decode("utf-8", "replace").splitlines()
    rows = tuple((number, (line,)) for number, line in enumerate(lines[1:], 2) if line)
    return TableFile(path, (lines[0],), rows) if rows and b"\0" not in head else None


def _records(path: str, head: bytes, *, whole: bool) -> TableFile | None:
    """The first objects of a file of records as a table, a column for each key."""
    lines = head.decode("utf-8", "replace").split("\n")
    one = path.lower().endswith(".json")
    found = _list(head) if one and whole else [] if one else [_object(line) for line in lines]
    records = [record for record in found if isinstance(record, dict)][:MOST_RECORDS]
    header = tuple(dict.fromkeys(str(key) for record in records for key in record))[:MOST_COLUMNS]
    rows = tuple(
        (number, tuple(v if isinstance(v := record.get(key), str) else "" for key in header))
        for number, record in enumerate(records, 1)
    )
    return TableFile(path, header, rows) if rows else None


def _object(line: str) -> Any:
    try:
        return json.loads(line) if line.startswith("{") else None
    except (ValueError, RecursionError):
        return None


def _list(head: bytes) -> list[Any]:
    """The records of a JSON list."""
    try:
        data = json.loads(head) if head.lstrip().startswith(b"[") else []
    except (ValueError, RecursionError):
        return []
    return data if isinstance(data, list) else []
