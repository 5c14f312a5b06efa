"""VCS104: the history carries large files that the tree no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.data_files import human
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.past import past
from mlscaffold.rule import Finding, Place, Unknown, rule
from mlscaffold.standard import Standard

SHOWN = 20


def history_elsewhere(repo: Repo) -> str | None:
    """A shallow or partial clone, as CI makes: whoever has a full one can ask."""
    reason = past(repo).partial
    return reason if reason.startswith("this clone") else None


@rule("VCS104", level="collaboration", since="1.0", when=(not_in_git, history_elsewhere))
def large_history(repo: Repo, standard: Standard) -> Iterator[Finding | Unknown]:
    """Reported once, with what it costs each clone; what compresses to little is left in peace."""
    found = past(repo)
    if found.partial:
        yield Unknown(found.partial)
        return
    cost = sum(old.packed for old in found.old)
    if cost <= int(standard.large_file_bytes):
        return
    first, *others = found.old
    costs = f"{human(cost)} in each clone" + (f", the largest {human(first.size)}" if others else "")
    many = f"{len(found.old)} large files that are" if others else "a large file that is"
    yield Finding(
        first.path,
        f"the history carries {many} gone from the tree ({costs}): before others build "
        "on it, take them out with `git filter-repo`, which gives every commit a new name",
        also=tuple(dict.fromkeys(Place(old.path) for old in others[:SHOWN])),
        key="history",
    )
