"""EXP109: a stated result of a training that draws random numbers, without a word about its spread."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.headlines import headline, variation
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.randomness import drawn
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard


def is_random(repo: Repo) -> str | None:
    """Training that gives another model with another seed."""
    return None if drawn(repo) else "its training draws no random numbers"


def states_results(repo: Repo) -> str | None:
    """A result in a table of the README, or in the metrics of a pipeline."""
    return None if headline(repo) else "no table of the README and no metrics of a pipeline state a result"


@rule(
    "EXP109",
    level=3,
    since="1.0",
    when=(trains, own_experiments, for_results, is_random, states_results),
    after=("EXP106",),
)
def result_of_one_run(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Ask for repeats, folds, a bootstrap or an interval: anywhere in text, code or metrics."""
    if found := variation(repo):
        yield Satisfied(found.spot.path, by=found.metric.strip())
        return
    stated = headline(repo)
    assert stated is not None  # noqa: S101 (the rule applies only where there is one)
    yield Finding(
        stated.spot.path,
        f"{stated.metric} stands without its spread, and nothing repeats the training: "
        "give mean and spread over several seeds, or an interval",
        *stated.spot[1:],
        key="spread",
    )
