"""Settings that make deep learning choose deterministic algorithms, beyond seeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlscaffold.lazy import regex
from mlscaffold.repo.python_facts import Spot
from mlscaffold.repo.python_text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training import Training, training

SET = regex(
    rb"\bcudnn\.deterministic\s*=(?!=)(?!\s*(?:False|0)\b)"
    rb"|\buse_deterministic_algorithms\(\s*(?!False|0\b|mode\s*=\s*False)"
    rb"|\bset_deterministic\(\s*True"
    rb"|setattr\([^\n]*[\"']deterministic[\"']\s*,\s*True"
    rb"|\benable_op_determinism\(\s*\)"
    rb"|TF_(?:DETERMINISTIC_OPS|CUDNN_DETERMINISTIC)[\"']?\]?\s*(?:=|,)\s*[\"']?(?:1|[Tt]rue)"
    rb"|xla_gpu_deterministic_ops(?:=true)?"
    rb"|xla_gpu_exclude_nondeterministic_ops"
    rb"|\bTrainer\((?:[^()]|\([^()]*\))*\bdeterministic\s*=\s*(?!False|None)"
    rb"|\bfull_determinism\s*=\s*True"
    rb"|\benable_full_determinism\("
    rb"|\bset_determinism\((?!\s*None)"
    rb"|\bset_random_seed\([^()\n]*deterministic\s*=\s*True"
    rb"|\bno_random\(|\bset_seed\([^()\n]*,\s*(?:reproducible\s*=\s*)?True\s*\)"
    rb"|\bconfigure_deterministic_mode\("
)
NEEDLES = (b"determinis", b"DETERMINISTIC", b"no_random(", b"set_seed(", b"nondeterministic")


class Deterministic(NamedTuple):
    """One setting, and what it is."""

    spot: Spot
    by: str


@fact
def deep_learning(repo: Repo) -> tuple[Training, ...]:
    """The sources that train with a framework of deep learning."""
    deep = {tool.slug for tool in repo.standard.of_kind("dl-framework")}
    return tuple(run for run in training(repo) if run.framework in deep)


@fact
def deterministic(repo: Repo) -> tuple[Deterministic, ...]:
    """Every setting in code that is not commented out, by place."""
    return tuple(_settings(repo))


def _settings(repo: Repo) -> Iterator[Deterministic]:
    for spot, hit in written(repo, SET, NEEDLES):
        yield Deterministic(spot, " ".join(hit[0].decode("utf-8", "replace").split())[:60])
