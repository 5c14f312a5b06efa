"""What the stages of a DVC pipeline say that they write."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join, normpath

from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder


@fact
def pipeline_outputs(repo: Repo) -> tuple[str, ...]:
    """Paths of the `outs` of every stage, in their order, whether the files are there or not."""
    return tuple(dict.fromkeys(_outputs(repo)))


def _outputs(repo: Repo) -> Iterator[str]:
    for path in repo.named("dvc.yaml"):
        match yaml_document(repo, path):
            case {"stages": dict() as stages}:
                for stage in stages.values():
                    outputs = stage.get("outs") if isinstance(stage, dict) else None
                    yield from _paths(folder(path), outputs if isinstance(outputs, list) else [])


def _paths(home: str, outputs: list[object]) -> Iterator[str]:
    for entry in outputs:
        name = next(iter(entry), "") if isinstance(entry, dict) else entry
        if isinstance(name, str) and name:
            yield normpath(join(home, name))
