"""EXP101: training code whose runs nobody records."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.elsewhere import trained
from mlscaffold.repo.training.trackers import dvc_metrics, trackers
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


@rule("EXP101", level="collaboration", since="1.0", when=(trains_a_model, own_experiments))
def no_experiment_tracker(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Ask for a call of any tracker, or for parameters and metrics that DVC compares."""
    if found := trackers(repo):
        for tracked in found:
            yield Satisfied(tracked.spot.path, by=f"{tracked.name} ({tracked.by})")
    elif spot := dvc_metrics(repo):
        yield Satisfied(
            spot.path, by="DVC, which compares the pipeline's parameters and metrics between commits"
        )
    else:
        first, *others = trained(repo)
        yield Finding(
            first.spot.path,
            f"the runs of this training ({first.call}) are not recorded: "
            "log parameters, metrics and artifacts with an experiment tracker",
            *first.spot[1:],
            also=tuple(Place(*other.spot) for other in others),
            key="none",
        )
