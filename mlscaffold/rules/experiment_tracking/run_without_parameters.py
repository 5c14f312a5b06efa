"""EXP102: a tracker that gets metrics without the parameters that gave them, or neither."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.reach import near_training
from mlscaffold.repo.training.recording import metrics_recorded, parameters_recorded
from mlscaffold.repo.training.trackers import Tracked, trackers
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import own_experiments, tracks
from mlscaffold.standard import Standard


@rule("EXP102", level="collaboration", since="1.0", when=(trains, own_experiments, tracks), after=("EXP101",))
def run_without_parameters(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask that each run keeps what was chosen for it beside what came out of it."""
    parameters, metrics = parameters_recorded(repo), metrics_recorded(repo)
    if parameters and metrics:
        yield Satisfied(parameters.spot.path, by=f"parameters by {parameters.by}")
        yield Satisfied(metrics.spot.path, by=f"metrics by {metrics.by}")
        return
    if missed := unparsed(repo):
        spot, reason, _ = missed[0]
        yield Unknown(f"the part of {spot.path} from line {spot.line} {reason} and may record the rest")
        return
    first, *others = trackers(repo)
    if not any(near_training(repo, tracked.spot.path) for tracked in (first, *others)):
        yield Unknown(f"{first.name} is called in {first.spot.path}, which the training here does not use")
        return
    yield Finding(
        first.spot.path,
        _message(first, standard, had_parameters=bool(parameters), had_metrics=bool(metrics)),
        *first.spot[1:],
        also=tuple(Place(*other.spot) for other in others),
        key="unrecorded",
    )


def _message(tracked: Tracked, standard: Standard, *, had_parameters: bool, had_metrics: bool) -> str:
    how = standard.tools[tracked.slug].facts.get("say", "")
    if had_parameters:
        return f"{tracked.name} gets no metrics: log what each run reached, beside its parameters"
    with_what = f" (with {how})" if how else ""
    if had_metrics:
        return (
            f"{tracked.name} gets metrics without the parameters that gave them: "
            f"log the hyper-parameters of each run too{with_what}"
        )
    return f"{tracked.name} gets neither parameters nor metrics: log both for each run{with_what}"
