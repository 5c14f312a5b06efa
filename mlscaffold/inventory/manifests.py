"""Published facts: what declares the dependencies, and the Python, of this repository."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, flag, inventoried, paths
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import manifests as declared_in
from mlscaffold.repo.environments.python_version import declared
from mlscaffold.repo.repo import Repo


@inventoried("manifests", "paths")
def manifests(repo: Repo) -> Known:
    """The files that declare dependencies, empty ones too; a lock with a source is none."""
    written = {lock.path for lock in locks(repo) if set(lock.serves) - {lock.path}}
    return paths(Evidence(m.path, note=m.tool) for m in declared_in(repo) if m.path not in written)


@inventoried("python_version_declared", "flag")
def python_version_declared(repo: Repo) -> Known:
    """Whether a file that sets up the environment names the Python version; prose and CI alone do not."""
    return flag(Evidence(s.path, s.line, s.said.strip()) for s in declared(repo))
