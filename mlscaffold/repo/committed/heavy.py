"""Tracked files that weigh on every clone: large ones that nobody reads as text, and no pointers."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import Absent, human, in_git, tracked
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.tree import Entry

LARGE = 1_000_000
READ = regex(
    r"\.(?:ipynb|py|r|rmd|jl|md|rst|html?|js|css|svg|map|c|cpp|cc|h|hpp|cu|java|go|ts|lock)$|(?:^|/)[\w.-]*lock[\w.-]*$",
    re.IGNORECASE,
)
"""Files that people read as text, whatever their size."""


class Heavy(NamedTuple):
    """One file and how large it is, as far as this clone knows."""

    path: str
    why: str


@fact
def heavy(repo: Repo) -> tuple[Heavy, ...]:
    """Every such file, by path."""
    entries = tuple(tracked(repo))
    missing = sum(entry.size < 0 for entry in entries)
    by_size = missing * 5 <= len(entries)
    return tuple(h for entry in entries if (h := _heavy(repo, entry, by_size=by_size)))


def _heavy(repo: Repo, entry: Entry, *, by_size: bool) -> Heavy | None:
    if READ.search(entry.path):
        return None
    if entry.size < 0:
        why = "left out of this clone, which took the smaller files"
        return Heavy(entry.path, why) if by_size else None
    if entry.size <= LARGE:
        return None
    try:
        return Heavy(entry.path, human(entry.size)) if in_git(repo, entry) else None
    except Absent:
        return None
