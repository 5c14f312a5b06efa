"""Hyper-parameters that the definitions of pipelines and projects declare: tools hand them to the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.hyper_names import NOT_TRAINING, External, is_hyper
from mlscaffold.repo.training.pipeline_parameters import taken
from mlscaffold.repo.training.training import training

STAGE_NUMBER = regex(rb"^[ \t]*(?P<name>\w+)[ \t]*:[ \t]*[-+]?[\d.]+(?:e-?\d+)?[ \t]*(?:#.*)?$", re.M)
NO_STAGE_NUMBER = regex(rb"seed|state|split|size|ratio|port|path|version|year|verbose|workers", re.I)
FLAGS = regex(r"flags(?:-import)?:")
PARAMETERS = regex(r"parameters:")
KEY = regex(r"([\w-]+)[ \t]*(?::|$)")


def by_stages(repo: Repo) -> Iterator[External]:
    """The parameters of DVC stages: any number that is no seed, share or path counts."""
    for path in repo.by_name.get("dvc.yaml", ()):
        if b"params:" not in (repo.raw(path) or b""):
            continue
        for file in repo.by_name.get("params.yaml", ()):
            for hit in STAGE_NUMBER.finditer(repo.raw(file) or b""):
                if not NO_STAGE_NUMBER.search(hit["name"]):
                    line = (repo.raw(file) or b"").count(b"\n", 0, hit.start("name")) + 1
                    yield External(Spot(file, line), hit["name"].decode())


def by_pipelines(repo: Repo) -> Iterator[External]:
    """Parameters of the functions that are pipelines."""
    trains = {run.source.path for run in training(repo)}
    for source, line, name in taken(repo):
        if is_hyper(name) and (source.path in trains or not NOT_TRAINING.search(source.path)):
            yield External(source.spot(line), name)


def by_flags(repo: Repo) -> Iterator[External]:
    """Flags of Guild AI: it sets what a script assigns under these names, of Python and of R alike."""
    for path in repo.named("guild.yml", "guild.yaml"):
        yield from _keys_below(repo, path, FLAGS)


def by_entry_points(repo: Repo) -> Iterator[External]:
    """Parameters of a project of MLflow, which hands them to the commands of its entry points."""
    for path in repo.named("mlproject"):
        yield from _keys_below(repo, path, PARAMETERS)


def _keys_below(repo: Repo, path: str, head: re.Pattern[str]) -> Iterator[External]:
    """The keys below such a line of YAML that are called as hyper-parameters are."""
    inside = -1
    for number, line in enumerate((repo.text(path) or "").split("\n"), 1):
        bare = line.lstrip(" -")
        indent = len(line) - len(bare)
        if bare and indent <= inside:
            inside = -1
        if head.match(bare):
            inside = indent
        elif inside >= 0 and (hit := KEY.match(bare)) and is_hyper(hit[1]):
            yield External(Spot(path, number), hit[1])
