"""Published facts: what git holds that it should not."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, lines
from mlscaffold.repo.committed.heavy import heavy
from mlscaffold.repo.repo import Repo


@inventoried("large_or_binary_in_git", "lines")
def large_or_binary_in_git(repo: Repo) -> Known:
    """Tracked files that are large, or models and data in binary formats, and no pointers."""
    return lines(Evidence(h.path, note=h.why) for h in heavy(repo))
