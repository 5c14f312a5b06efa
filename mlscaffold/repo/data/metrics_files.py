"""Results that a run left as files: what `dvc.yaml` names as metrics, else files at the usual places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, vendored

USUAL = regex(
    r"(?:(?:reports?|results?|metrics|eval(?:uation)?|outputs?|dvclive|artifacts)/(?:[\w-]+/)?)?"
    r"(?:[\w-]*metrics[\w-]*|scores?|results?|evaluation|eval)\.(?:json|ya?ml)",
    re.IGNORECASE,
)
DEEPEST = 8


class Metric(NamedTuple):
    """One number of a metrics file; `key` holds the names that lead to it."""

    path: str
    key: tuple[str, ...]
    value: float


def declared(repo: Repo) -> Iterator[str]:
    """The metrics files that the DVC pipelines of the repository name."""
    for path in repo.named("dvc.yaml"):
        document = yaml_document(repo, path) if not vendored(path) else None
        match document:
            case dict():
                yield from _of_pipeline(document, folder(path))


def _of_pipeline(document: dict[str, Any], home: str) -> Iterator[str]:
    listed = [(home, document.get("metrics"))]
    stages = document.get("stages")
    for stage in stages.values() if isinstance(stages, dict) else ():
        match stage:
            case {"metrics": metrics}:
                listed.append((join(home, str(stage.get("wdir", ""))), metrics))
    for base, entries in listed:
        for entry in entries if isinstance(entries, list) else ():
            name = next(iter(entry), "") if isinstance(entry, dict) else entry
            if isinstance(name, str) and "${" not in name:
                yield normpath(join(base, name))


@fact
def metrics(repo: Repo) -> tuple[Metric, ...]:
    """Every number of the metrics files that are there."""
    named = sorted({path for path in declared(repo) if path in repo.files})
    usual = (path for path in sorted(repo.files) if USUAL.fullmatch(path) and repo.files[path].size < 200_000)
    found: list[Metric] = []
    for path in named or usual:
        read = {"json": json_document, "toml": toml_document}.get(
            path.rpartition(".")[2].lower(), yaml_document
        )
        found += _numbers(path, (), read(repo, path))
    return tuple(found)


def _numbers(path: str, key: tuple[str, ...], value: Any) -> Iterator[Metric]:
    match value:
        case bool():
            return
        case int() | float() if abs(value) < 1e300 and math.isfinite(value):
            yield Metric(path, key, float(value))
        case dict() if len(key) < DEEPEST:
            for name, inner in value.items():
                yield from _numbers(path, (*key, str(name)), inner)
