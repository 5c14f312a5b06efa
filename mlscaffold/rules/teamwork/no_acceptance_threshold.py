"""TEAM117: whether a model is good enough is decided before it is measured, not after."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.acceptance import awaited, missed, thresholds
from mlscaffold.repo.training.training import training
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, no_demonstration, own_experiments
from mlscaffold.standard import Standard

MESSAGE = (
    "nothing states which metric the model must reach before it is used: write metric and threshold "
    "into params.yaml or the model card, and let the evaluation or a test fail below it"
)


def is_for_use(repo: Repo) -> str | None:
    """The model of a paper is compared, nobody accepts it for use."""
    return "it is the code of a paper" if kind(repo).name == "paper" else None


@rule(
    "TEAM117",
    level="validity",
    since="1.0",
    when=(trains, own_experiments, for_results, no_demonstration, is_for_use),
)
def no_acceptance_threshold(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """A threshold in settings, pages, code, tests or CI; where it is a number, the metrics must reach it."""
    stated = thresholds(repo)
    failed = [(t, metric) for t in stated if (metric := missed(repo, t))]
    if failed:
        first, metric = failed[0]
        side = "below" if first.least else "above"
        yield Finding(
            first.spot.path,
            f"{'.'.join(metric.key)} of {metric.path} is {metric.value:g}, {side} the threshold "
            f"{first.value:g}: do not use this model, or decide on another threshold and say why",
            first.spot.line,
            also=tuple(Place(t.spot.path, t.spot.line) for t, _ in failed[1:]),
            key=f"missed {first.metric}",
        )
    elif stated:
        where = f" on line {stated[0].spot.line}" if stated[0].spot.line else ""
        yield Satisfied(stated[0].spot.path, by=f"{stated[0].by}{where}")
    elif waiting := awaited(repo):
        yield Open(waiting.path, "write metric and threshold for the acceptance of the model", waiting.line)
    else:
        yield Finding(training(repo)[0].source.path, MESSAGE, key="no threshold")
