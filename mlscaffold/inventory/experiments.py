"""Published facts: how experiments are set up and recorded."""

from __future__ import annotations

from mlscaffold.inventory import NOT_APPLICABLE, UNKNOWN, Evidence, Known, inventoried, names, places
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.configured_training import configured
from mlscaffold.repo.training.hyperparameters import externalised
from mlscaffold.repo.training.leakage import Leak, leaks
from mlscaffold.repo.training.splits import held_out
from mlscaffold.repo.training.trackers import trackers as in_use
from mlscaffold.repo.training.training import simulated, training


@inventoried("hparams_externalised", "flag", may_not_apply=True)
def hparams_externalised(repo: Repo) -> Known:
    """Whether the main hyper-parameters of training can be changed without editing code."""
    described = [Evidence(c.spot.path, c.spot.line, "its configuration") for c in configured(repo)]
    if not (training(repo) or elsewhere.runs(repo)):
        return Known(True, tuple(described)) if described else Known(NOT_APPLICABLE)
    found = (externalised(repo) if training(repo) else None) or elsewhere.externalised(repo)
    if found is None and described:
        return Known(True, tuple(described))
    if found is None:
        return Known(False, _trains(repo))
    return Known(True, (Evidence(found.spot.path, found.spot.line, found.by),))


@inventoried("data_split", "choice", words=("yes", "no"), may_not_apply=True)
def data_split(repo: Repo) -> Known:
    """Whether training and evaluation use different data."""
    if held := next((c.held for c in configured(repo) if c.held), None):
        return Known("yes", (Evidence(held.path, held.line, "held back"),))
    if not (training(repo) or elsewhere.runs(repo)):
        return Known("no") if configured(repo) else Known(NOT_APPLICABLE)
    if spot := simulated(repo):
        return Known(NOT_APPLICABLE, (Evidence(spot.path, spot.line, "learns in an environment"),))
    first, second = (held_out, elsewhere.held_out) if training(repo) else (elsewhere.held_out, held_out)
    if found := first(repo) or second(repo):
        return Known("yes", (Evidence(found.spot.path, found.spot.line, found.by),))
    if not training(repo) and elsewhere.predicting(repo) and not elsewhere.learning_from_data(repo):
        spot = elsewhere.predicting(repo)[0].spot
        return Known(
            UNKNOWN, (Evidence(spot.path, spot.line, "may learn from data or from what it makes up"),)
        )
    return Known("no", _trains(repo))


def _trains(repo: Repo) -> tuple[Evidence, ...]:
    """The first place that trains."""
    spots = [run.spot for run in training(repo)[:1]] or [run.spot for run in elsewhere.runs(repo)[:1]]
    return tuple(Evidence(spot.path, spot.line, "trains") for spot in spots)


@inventoried("trackers", "names")
def trackers(repo: Repo) -> Known:
    """Experiment trackers that training or evaluation calls, or that a configuration switches on."""
    return names((t.slug, Evidence(t.spot.path, t.spot.line, t.by)) for t in in_use(repo))


def _line(leak: Leak) -> str:
    there = f" of {leak.split.path}, which reads {leak.through}" if leak.through else ""
    return f"line {leak.split.line}{there}"


@inventoried("leakage_fit_before_split", "places")
def leakage_fit_before_split(repo: Repo) -> Known:
    """Lines where a scaler, encoder or selector is fitted on rows that are later held back for evaluation."""
    found = leaks(repo)
    notes = (f"{leak.step} is fitted before the split in {_line(leak)}" for leak in found)
    return places(Evidence(leak.spot.path, leak.spot.line, n) for leak, n in zip(found, notes, strict=True))
