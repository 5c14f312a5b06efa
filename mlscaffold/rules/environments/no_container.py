"""ENV107: the system below the packages must be written down, too."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.environments.containers import containers
from mlscaffold.repo.environments.locks import deps_pinned, freezes, locks, other_locks
from mlscaffold.repo.environments.manifests import manifests
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import has_code, is_used
from mlscaffold.standard import Standard


@rule("ENV107", level=2, since="1.0", when=(has_code, is_used))
def no_container(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Docker, Podman, compose, dev containers and Apptainer satisfy; so does a Nix environment."""
    for kind in sorted({c.kind for c in containers(repo)}):
        yield Satisfied(next(c.path for c in containers(repo) if c.kind == kind), by=kind)
    if containers(repo):
        return
    nix = [lock for lock in manifests(repo) if lock.tool == "nix" and lock.path == "flake.nix"]
    if nix and "flake.lock" in repo.files:
        yield Satisfied(nix[0].path, by="nix")
    else:
        held = locks(repo) or freezes(repo) or deps_pinned(repo) == "exact"
        first = "" if held or other_locks(repo) else "once a lock holds the versions, "
        yield Finding(
            "Dockerfile",
            f"no container definition: {first}write down the system that this runs on",
            fix=FromTemplate("Dockerfile") if held else None,
            key="missing",
        )
