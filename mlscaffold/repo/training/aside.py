"""Draws beside training: for pictures, for traffic, for users, and to try a module out."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import MAIN, Call, Source
from mlscaffold.repo.python.source import called_names
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.reach import imported
from mlscaffold.repo.training.training import training

PREPARES = regex(r"(?:^|/)[^/]*(?:split|prepar|preprocess|augment|sampl)[^/]*$", re.I)
"""Scripts that split or draw rows, whatever they import."""

SHOWS = regex(
    r"(?:^|/)(?:[^/]*_)?(?:plot\w*|visuali[sz]\w*|viz|fig(?:ure)?s?\d*|locust\w*|load_?test\w*|profil\w*"
    r"|\w*payloads?|traffic|mock\w*|fake\w*|dummy\w*)(?:_[^/]*)?\.py$",
    re.I,
)
"""Scripts that draw numbers for a picture, for traffic or to measure time."""

SERVES = regex(
    r"(?:^|/)(?:apis?|apps?|frontend|backend|monitoring|dashboards?|charts?)/|(?:^|/)(?:api|app|server|benchmark)\.py$",
    re.I,
)
"""What runs beside the training, unless it trains itself."""


STARTS = regex(r"(?:^|/)[^/]*(?:train|main|run|exp|fit|learn)[^/]*$", re.I)
"""Scripts that are started for what they do, though others may take a function from them."""


def seeds_alone(repo: Repo, source: Source, call: Call) -> bool:
    """Whether a call seeds only what a module of other scripts does where it is started itself."""
    return call.inside.startswith(MAIN) and not STARTS.search(source.path) and tries_out(repo, source, call)


KEEPS = regex(
    r"(?:^|\.)(?:to_(?:csv|parquet|pickle|json|feather|hdf)|(?!savefig)save\w*|push_to_hub|dump|write\w*"
    r"|\w*[sS]plit\w*|\w*Fold|copy\w*|move)$"
)
"""Calls that leave rows for others, or part them."""


def looks_on(repo: Repo, source: Source) -> bool:
    """Whether a notebook looks at what the scripts train: it leaves no rows and parts none."""
    if not source.notebook or PREPARES.search(source.path):
        return False
    scripts = any(not run.source.notebook for run in training(repo))
    return scripts and not any(KEEPS.search(call.name) for call in source.calls)


def tries_out(repo: Repo, source: Source, call: Call) -> bool:
    """Whether a call only tries out what its module has: in a test beside it, or where it is started itself.

    A script that nobody imports is started for what it does, and so is one that draws or splits rows.
    """
    first = call.inside.partition(".")[0]
    if first == MAIN:
        return source.path in imported(repo) and not PREPARES.search(source.path)
    return first.startswith("test_") and first not in called_names(repo) and not source.notebook
