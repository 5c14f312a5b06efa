"""The language of a repository that has no Python."""

from __future__ import annotations

from collections import Counter

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own

OF_PYTHON = (".py", ".ipynb")
OTHERS = {".jl": "Julia", ".r": "R", ".rmd": "R", ".qmd": "R"}


def other_language(repo: Repo) -> str:
    """R or Julia, where most of the code is in it and none is in Python; else empty."""
    own = [path.lower() for path in repo.files if is_own(path)]
    if any(path.endswith(OF_PYTHON) for path in own):
        return ""
    found = Counter(name for path in own for end, name in OTHERS.items() if path.endswith(end))
    return found.most_common(1)[0][0] if found else ""
