"""Published facts: lines that run foreign code, bind to one machine, or give a credential away."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, lines, places
from mlscaffold.repo.committed.paths import machine_paths
from mlscaffold.repo.committed.secrets import secrets as credentials
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.deserialisation import unsafe_loads


@inventoried("unsafe_deserialisation", "lines")
def unsafe_deserialisation(repo: Repo) -> Known:
    """Python lines that load a file in a way that runs whatever code the file brings."""
    found = (u for u in unsafe_loads(repo) if not u.remote)
    return lines(Evidence(u.spot.path, u.spot.line, u.call) for u in found)


@inventoried("hardcoded_paths", "lines")
def hardcoded_paths(repo: Repo) -> Known:
    """Lines of code and configuration with a path of one person, machine or site."""
    return lines(Evidence(m.spot.path, m.spot.line, m.text) for m in machine_paths(repo))


@inventoried("secrets", "places")
def secrets(repo: Repo) -> Known:
    """Lines that hold a credential; its value is never shown."""
    return places(Evidence(s.path, s.line, s.name) for s in credentials(repo))
