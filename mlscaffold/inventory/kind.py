"""Published fact: what kind of repository this is."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried
from mlscaffold.repo import kind as kinds
from mlscaffold.repo.repo import Repo


@inventoried(
    "kind",
    "choice",
    words=("application", "library", "paper", "notebooks", "course", "infrastructure", "data"),
)
def kind(repo: Repo) -> Known:
    """What the repository is for, as far as its files tell; rules ask less of some kinds."""
    found = kinds.kind(repo)
    return Known(found.name, (Evidence("", note=found.reason),))
