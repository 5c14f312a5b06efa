"""Boosted trees that draw rows or columns: the library fixes its seed unless it is told another."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.hyperparameters import parameter_files
from mlscaffold.repo.training.training import training

BOOSTS = ("xgboost", "lightgbm")
SHARE = regex(
    rb"\b(?:subsample|colsample_by\w{1,9}|feature_fraction|bagging_fraction)[\"']?\s{0,9}[:=]\s{0,9}0?\.\d"
)


@fact
def subsampled(repo: Repo) -> tuple[tuple[str, Spot], ...]:
    """The libraries of boosted trees that train on a share of rows or columns, and where that is said."""
    return tuple(_found(repo)) if training(repo) else ()


GIVEN = ("random_state", "seed", "bagging_seed", "data_random_seed")
TOLD = regex(rb"[\"'](?:random_state|seed|bagging_seed|data_random_seed)[\"']\s{0,9}:\s{0,9}[\w\"']")


@fact
def boosting_seeded(repo: Repo) -> Spot | None:
    """The first place where a source gives boosted trees a seed of its own."""
    return next(_seeded(repo), None) if training(repo) else None


def _seeded(repo: Repo) -> Iterator[Spot]:
    for source in code(repo):
        if not source.imports_any(set(BOOSTS)):
            continue
        for call in source.calls:
            if call.name.startswith(BOOSTS) and any(call.keywords.get(name) is not None for name in GIVEN):
                yield source.spot(call.line)
        raw = b"" if source.notebook else repo.raw(source.path) or b""
        if hit := TOLD.search(raw):
            yield Spot(source.path, raw.count(b"\n", 0, hit.start()) + 1)


def _found(repo: Repo) -> Iterator[tuple[str, Spot]]:
    for library in BOOSTS:
        own = [source.path for source in code(repo) if source.imports_any({library})]
        files = [*own, *(spot.path for spot in parameter_files(repo) if own)]
        for path in files:
            raw = repo.raw(path) or b""
            if hit := SHARE.search(raw):
                yield library, Spot(path, raw.count(b"\n", 0, hit.start()) + 1)
                break
