"""The data sets that belong to a repository: files of it, and what DVC keeps for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.data.data_files import DATA_FOLDER, is_data, looks_like_data
from mlscaffold.repo.data.pipeline_outputs import pipeline_outputs
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

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
    for path in pipeline_outputs(repo):
        if DATA_FOLDER.search(f"{path}/") or looks_like_data(path):
            yield path
