"""EXP106: training whose result is judged on the data that it learned from."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.splits import held_out
from mlscaffold.repo.training.training import training
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_anywhere
from mlscaffold.rules.own_experiments import from_data, own_experiments
from mlscaffold.standard import Standard

GROUPING = (
    "sklearn.cluster",
    "sklearn.mixture",
    "sklearn.manifold",
    "hdbscan",
    "umap",
    "yellowbrick.cluster",
)
PREDICTING = (
    "torch", "tensorflow", "keras", "jax", "xgboost", "lightgbm", "catboost", "statsmodels",
    "sklearn.linear_model", "sklearn.ensemble", "sklearn.svm", "sklearn.tree", "sklearn.neighbors",
    "sklearn.neural_network", "sklearn.naive_bayes", "sklearn.gaussian_process",
    "sklearn.discriminant_analysis", "sklearn.model_selection",
)  # fmt: skip


def predicts(repo: Repo) -> str | None:
    """What only groups rows, or only describes them, predicts nothing that rows held back could judge."""
    if not training(repo):
        return None if elsewhere.predicting(repo) else "its models describe or group the data at hand"
    names = {name for run in training(repo) for name in run.source.imports}
    groups = any(name.startswith(GROUPING) for name in names)
    return "its models group rows and predict nothing" if groups and not _any(names) else None


def _any(names: set[str]) -> bool:
    return any(name == of or name.startswith(f"{of}.") for name in names for of in PREDICTING)


@rule("EXP106", level="validity", since="1.0", when=(trains_anywhere, own_experiments, from_data, predicts))
def no_held_out_data(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask for any sign of data that is held back: a split, a loader, a name, a file, a setting."""
    if found := held_out(repo) or elsewhere.held_out(repo) or elsewhere.judged_out_of_bag(repo):
        yield Satisfied(found.spot.path, by=found.by)
        return
    if missed := unparsed(repo):
        spot, reason, _ = missed[0]
        yield Unknown(f"the part of {spot.path} from line {spot.line} {reason} and may split the data")
        return
    runs = [(run.spot, run.calls[0].last) for run in training(repo)]
    runs = runs or [(run.spot, run.call) for run in elsewhere.learning_from_data(repo)]
    if not runs:
        path = elsewhere.predicting(repo)[0].spot.path
        yield Unknown("cannot tell whether this training learns from data or from what it makes up", path)
        return
    (first, call), *others = runs
    yield Finding(
        first.path,
        f"nothing holds data back from this training ({call}): "
        "split off validation and test data before anything is fitted, and evaluate on them",
        *first[1:],
        also=tuple(Place(*spot) for spot, _ in others),
        key="none",
    )
