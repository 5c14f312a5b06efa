"""The data sets that belong to a repository: files of it, and what DVC keeps for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from mlscaffold.lazy import regex
from mlscaffold.repo.data_files import DATA_FOLDER, is_data, looks_like_data
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, vendored

RESULT = regex(
    r"(?:^|/)(?:reports?|results?|outputs?|plots?|metrics|logs?|predictions?|submissions?|mlruns|wandb)[^/]*(?:/|\.\w+$)",
    re.I,
)


@fact
def data_sets(repo: Repo) -> tuple[str, ...]:
    """Data in a data folder, large data anywhere, and what DVC keeps, raw data first; results are none."""
    found = [*_files(repo), *_kept_by_dvc(repo)]
    own = {path for path in found if not RESULT.search(path) and not vendored(path)}
    return tuple(sorted(own, key=lambda path: ("raw" not in path, path)))


def _files(repo: Repo) -> Iterator[str]:
    least = int(repo.standard.dataset_bytes)
    for path, entry in repo.files.items():
        if entry.size and is_data(repo, entry) and (DATA_FOLDER.search(path) or entry.size >= least):
            yield path


def _kept_by_dvc(repo: Repo) -> Iterator[str]:
    for path in repo.files:
        if path.endswith(".dvc") and (DATA_FOLDER.search(path) or looks_like_data(path[:-4])):
            yield path
    for path in repo.named("dvc.yaml"):
        match yaml_document(repo, path):
            case {"stages": dict() as stages}:
                for stage in stages.values():
                    outputs = stage.get("outs") if isinstance(stage, dict) else ()
                    yield from _outputs(folder(path), outputs if isinstance(outputs, list) else ())


def _outputs(home: str, outputs: list[object] | tuple[()]) -> Iterator[str]:
    for entry in outputs:
        name = next(iter(entry), "") if isinstance(entry, dict) else entry
        if isinstance(name, str) and (DATA_FOLDER.search(f"{name}/") or looks_like_data(name)):
            yield normpath(join(home, name))
