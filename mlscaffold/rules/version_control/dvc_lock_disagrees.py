"""VCS112: `dvc.lock` is not of the pipeline beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.data.dvc_lock import Lock, ignored_locks, lock_path, locks
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.data.dvc_differences import Difference

SHOWN = 3


def nothing_ran(repo: Repo) -> str | None:
    """A DVC pipeline that ran at least once, or whose lock is kept out of git."""
    if not stages(repo):
        return "there is no DVC pipeline"
    if locks(repo) or ignored_locks(repo):
        return None
    return f"the pipeline has not run yet (there is no {lock_path(stages(repo)[0].file)})"


@rule("VCS112", level=1, since="1.0", when=nothing_ran)
def dvc_lock_disagrees(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One finding for each lock, with what no longer fits; a lock that is ignored is one too."""
    for path in ignored_locks(repo):
        yield Finding(
            path, "is ignored by git: commit it, it says which data, code and parameters ran", key="ignored"
        )
    for lock in locks(repo):
        yield _answer(repo, lock)


def _answer(repo: Repo, lock: Lock) -> Finding | Satisfied | Unknown:
    if lock.ran is None:
        return Unknown("cannot be read", lock.path)
    from mlscaffold.repo.data.dvc_differences import differences

    found = list(differences(repo, lock))
    if not found:
        return Satisfied(lock.path, by=f"DVC's record of {_count(len(lock.ran), 'stage')}")
    return Finding(
        lock.path,
        f"is not of this pipeline: {_said(found)}; run `dvc repro` and commit {lock.path}",
        also=tuple(Place(lock.pipeline, line) for line in dict.fromkeys(d.stage.line for d in found)),
        key="disagrees",
    )


def _said(found: list[Difference]) -> str:
    shown = "; ".join(f"`{d.stage.name}` {d.said}" for d in found[:SHOWN])
    rest = len(found) - SHOWN
    return f"{shown}; {_count(rest, 'more stage')}" if rest > 0 else shown


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
