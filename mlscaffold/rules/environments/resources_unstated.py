"""ENV112: what is scheduled must say which resources it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.repo.environments.workloads import Worker, sets_resources, workers
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import is_used
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.environments.job_scripts import JobScript


def schedules(repo: Repo) -> str | None:
    """Scripts of a batch system, or manifests that run containers."""
    from mlscaffold.repo.environments.job_scripts import job_scripts

    if job_scripts(repo) or workers(repo):
        return None
    return "nothing is scheduled: there is no manifest of containers and no script of a batch system"


@rule("ENV112", level=2, since="1.0", when=(is_used, schedules))
def resources_unstated(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Each container, and each script of a batch system, names some amount of CPU, memory or GPUs."""
    from mlscaffold.repo.environments.job_scripts import is_given_resources, job_scripts

    yield from _containers(repo)
    scripts = job_scripts(repo)
    silent = [s for s in scripts if not s.asks and not is_given_resources(repo, s)]
    for system in dict.fromkeys(s.system.name for s in silent):
        yield _script([s for s in silent if s.system.name == system])
    if scripts and not silent:
        yield Satisfied(scripts[0].path, by=f"what its header asks {scripts[0].system.name} for")


def _containers(repo: Repo) -> Iterator[Finding | Satisfied | Unknown]:
    found = [worker for worker in workers(repo) if not worker.init]
    silent = [worker for worker in found if not worker.states]
    given = sets_resources(repo)
    if not silent:
        if found:
            yield Satisfied(found[0].path, by=f"resources of {found[0].shown}")
    elif given.startswith("?"):
        yield Unknown(f"patches of {given[1:]} give resources, to containers that are not told here")
    elif given:
        yield Satisfied(given, by="LimitRange")
    else:
        yield _container(silent)


def _container(rows: list[Worker]) -> Finding:
    first, *others = rows
    message = (
        f"{first.shown} does not say what it needs: add resources.requests and limits, of CPU and memory"
    )
    also = tuple(Place(row.path, row.line) for row in others)
    return Finding(first.path, message, first.line, also=also, key="containers")


def _script(rows: list[JobScript]) -> Finding:
    first, *others = rows
    also = tuple(Place(row.path, row.line) for row in others)
    name, advice = first.system.name, first.system.advice
    message = f"the job gets what {name} gives to those that ask for nothing: add {advice}"
    return Finding(first.path, message, first.line, also=also, key=name)
