"""EXP108: a model that can be evaluated only by training it again."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.elsewhere import models, trained
from mlscaffold.repo.training.saved_models import evaluation, model_loaded, model_registered, model_saved
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard


def evaluates(repo: Repo) -> str | None:
    """Code that measures how a model does."""
    return None if evaluation(repo) or models(repo).measured else "no code evaluates a model"


@rule(
    "EXP108",
    level="collaboration",
    since="1.0",
    when=(trains_a_model, own_experiments, for_results, evaluates),
    after=("EXP106",),
)
def evaluation_needs_training(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask for any place that loads a saved model: an evaluation of its own, a flag, a service."""
    if loaded := model_loaded(repo) or models(repo).loaded:
        yield Satisfied(loaded.spot.path, by=loaded.by)
        return
    if missed := unparsed(repo):
        spot, reason, _ = missed[0]
        yield Unknown(f"the part of {spot.path} from line {spot.line} {reason} and may load a model")
        return
    if registered := model_registered(repo) or models(repo).registered:
        yield Unknown(
            f"a tracker gets the model ({registered.spot.path}), and others may evaluate it from there"
        )
        return
    first, *others = trained(repo)
    saved = model_saved(repo) or models(repo).saved
    what = (
        f"the model is saved ({saved.by} in {saved.spot.path}), but nothing loads it"
        if saved
        else "no model is saved"
    )
    yield Finding(
        first.spot.path,
        f"{what}, so that evaluating means training again: "
        f"{'' if saved else 'save the model, '}load it in an evaluation that runs by itself",
        *first.spot[1:],
        also=tuple(Place(*other.spot) for other in others),
        key="never loaded",
    )
