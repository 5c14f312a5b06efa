"""What `.mlscaffold.lock` says of the repository's files: how each is kept, and what was written there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact

LOCK = ".mlscaffold.lock"


class Governed(NamedTuple):
    """One path of the lock, with its line there."""

    path: str
    line: int | None
    kind: str
    base: str
    blob: str


class Refusal(NamedTuple):
    """A path that the repository does not want, until when, and the line that says so."""

    path: str
    line: int | None
    until: datetime.date | None


def follows_no_standard(repo: Repo) -> str | None:
    """`when` of the rules about the lock: the reason why they do not apply."""
    return None if LOCK in repo.files else f"there is no {LOCK}: `mlscaffold adopt` makes one"


@fact
def governed(repo: Repo) -> tuple[Governed, ...]:
    """The paths that come from the template; empty where the lock cannot be read."""
    return tuple(
        Governed(
            path,
            _line(repo, "files", path),
            str(row["class"]),
            str(row.get("base", "")),
            str(row.get("blob", "")),
        )
        for path, row in _rows(repo, "files")
        if isinstance(row, dict) and "class" in row
    )


@fact
def refusals(repo: Repo) -> tuple[Refusal, ...]:
    """The declined paths, or patterns of them."""
    return tuple(
        Refusal(path, _line(repo, "declined", path), _date(row.get("until")))
        for path, row in _rows(repo, "declined")
        if isinstance(row, dict)
    )


def _date(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def _rows(repo: Repo, key: str) -> Iterator[tuple[str, Any]]:
    loaded = yaml_document(repo, LOCK)
    table = loaded.get(key) if isinstance(loaded, dict) else None
    if isinstance(table, Mapping):
        yield from ((str(path), row) for path, row in table.items())


def _line(repo: Repo, key: str, path: str) -> int | None:
    """The line of a path below the key of its table."""
    inside = False
    for number, line in enumerate((repo.text(LOCK) or "").splitlines(), 1):
        if not line.startswith(" "):
            inside = line.startswith(f"{key}:")
        elif inside and line.lstrip(" '\"?").startswith(path):
            return number
    return None
