"""VCS119: a model is registered or sent away, and nothing leads from it to the commit and the run."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.shipping import names_commit, shipped
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


def nothing_shipped(repo: Repo) -> str | None:
    """Code that registers a model or sends it to a hub."""
    return own_experiments(repo) or (
        None if shipped(repo) else "no code registers a model or sends it to a hub"
    )


@rule("VCS119", level=1, since="1.0", when=nothing_shipped)
def model_without_origin(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Registering out of a tracked run leads back; anything else needs the commit with it."""
    bare = [one for one in shipped(repo) if not one.of_a_run]
    if not bare:
        first = shipped(repo)[0]
        yield Satisfied(first.spot.path, by=f"the run or tags that {first.call} records")
    elif commit := names_commit(repo):
        yield Satisfied(commit[0], by=f"the commit that line {commit[1]} takes")
    else:
        first, *others = bare
        yield Finding(
            first.spot.path,
            f"{first.call} ships a model that leads back to no commit: send the commit's hash "
            "and the run's id with it",
            *first.spot[1:],
            also=tuple(dict.fromkeys(Place(*other.spot) for other in others)),
            key="no origin",
        )
