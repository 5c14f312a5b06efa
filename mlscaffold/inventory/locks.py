"""Published facts: what holds the versions of an environment."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, paths
from mlscaffold.repo.environments import locks
from mlscaffold.repo.environments.manifests import declaring
from mlscaffold.repo.repo import Repo


@inventoried("lock", "paths")
def lock(repo: Repo) -> Known:
    """Lock files of Python environments that fix every version, and complete freezes."""
    found = (*locks.locks(repo), *locks.freezes(repo))
    return paths(Evidence(lock.path, note=lock.tool) for lock in found)


@inventoried("other_locks", "paths")
def other_locks(repo: Repo) -> Known:
    """Lock files of other languages and tools."""
    return paths(Evidence(lock.path, note=lock.tool) for lock in locks.other_locks(repo))


@inventoried("deps_pinned", "choice", words=("exact", "partial", "none"))
def deps_pinned(repo: Repo) -> Known:
    """Whether one version fits all declared dependencies, some of them, or none."""
    return Known(locks.deps_pinned(repo), tuple(Evidence(m.path) for m in declaring(repo)))
