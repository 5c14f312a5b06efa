"""Published facts: containers, their images and their users."""

from __future__ import annotations

from mlscaffold.inventory import NOT_APPLICABLE, UNKNOWN, Evidence, Known, flag, inventoried, names
from mlscaffold.repo.environments.container_users import runs_as
from mlscaffold.repo.environments.containers import Base, base_images, containers, dockerfiles, service_images
from mlscaffold.repo.environments.gpu_access import gpu_access
from mlscaffold.repo.environments.launches import launches
from mlscaffold.repo.repo import Repo

FIRMNESS = ("latest/untagged", "tag", "digest")


@inventoried("container", "names")
def container(repo: Repo) -> Known:
    """The container systems with a non-empty definition, or with a script that launches one."""
    defined = [(c.kind, Evidence(c.path)) for c in containers(repo)]
    return names([*defined, *((f.kind, Evidence(f.path, f.line, "launched")) for f in launches(repo))])


@inventoried("container_gpu", "flag")
def container_gpu(repo: Repo) -> Known:
    """Whether a base image or the flags of a launch give a container access to GPUs."""
    return flag(Evidence(g.path, g.line, g.by) for g in gpu_access(repo))


@inventoried("container_nonroot", "flag", may_not_apply=True)
def container_nonroot(repo: Repo) -> Known:
    """Whether every Dockerfile ends as an ordinary user."""
    found = [(c, runs_as(repo, c)) for c in dockerfiles(repo)]
    if not found:
        return Known(NOT_APPLICABLE)
    proof = [Evidence(c.path, u.user.line if u.user else None, u.by or "no USER") for c, u in found]
    return Known(not any(user.root for _, user in found), tuple(proof))


@inventoried("base_image_pinned", "choice", words=FIRMNESS, may_not_apply=True)
def base_image_pinned(repo: Repo) -> Known:
    """How firmly the image of the worst FROM line holds still; without one, the worst image that is run."""
    built = [base for base in base_images(repo) if base.path in {c.path for c in dockerfiles(repo)}]
    found = built or base_images(repo) or service_images(repo)
    if not found:
        return Known(NOT_APPLICABLE)
    known = [base.pin for base in found if base.pin in FIRMNESS]
    worst = min(known, key=FIRMNESS.index) if known else UNKNOWN
    return Known(worst, tuple(_shown(base) for base in found if base.pin in (worst, "unknown")))


def _shown(base: Base) -> Evidence:
    return Evidence(base.path, base.line, base.image)
