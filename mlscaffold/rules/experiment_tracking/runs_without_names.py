"""EXP111: recorded runs that nothing tells apart."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.run_names import in_call, told_apart
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, own_experiments, tracked_here, tracks
from mlscaffold.standard import Standard


@rule(
    "EXP111",
    level="collaboration",
    since="1.0",
    when=(trains, own_experiments, for_results, tracks),
    after=("EXP101",),
)
def runs_without_names(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask for a name, a tag, a group, an experiment, or a folder of its own for each run."""
    if told := told_apart(repo):
        yield Satisfied(told.spot.path, by=told.by)
        return
    first = tracked_here(repo)
    if isinstance(first, Unknown):
        yield first
    elif not in_call(repo, first.spot) or "import" in first.by:
        yield Unknown(f"{first.spot.path} only names {first.name}'s class; what makes it may name the runs")
    elif missed := unparsed(repo):
        spot, reason, _ = missed[0]
        yield Unknown(f"the part of {spot.path} from line {spot.line} {reason} and may name the runs")
    else:
        yield Finding(
            first.spot.path,
            f"nothing tells the runs in {first.name} apart: give each a name, tags or a group "
            "that say what it tries",
            *first.spot[1:],
            key="nameless",
        )
