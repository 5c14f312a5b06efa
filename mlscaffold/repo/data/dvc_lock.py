"""What each `dvc.lock` says of the pipeline beside it: the stages that ran."""

from __future__ import annotations

from typing import Any

from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.repo import Repo, fact


class Lock(NamedTuple):
    """One `dvc.lock`, by its pipeline: the stages that ran, or `None` where it cannot be read."""

    path: str
    pipeline: str
    ran: dict[str, Any] | None


def lock_path(pipeline: str) -> str:
    """Where the lock of a pipeline file lies."""
    return f"{pipeline.removesuffix('.yaml')}.lock"


@fact
def locks(repo: Repo) -> tuple[Lock, ...]:
    """The lock of each pipeline that has one."""
    found = []
    for pipeline in dict.fromkeys(stage.file for stage in stages(repo)):
        path = lock_path(pipeline)
        if path in repo.files:
            document = yaml_document(repo, path)
            inner = document.get("stages", document) if isinstance(document, dict) else {}
            broken = path in repo.unreadable or (document is None and bool((repo.raw(path) or b"").strip()))
            found.append(Lock(path, pipeline, None if broken or not isinstance(inner, dict) else inner))
    return tuple(found)


@fact
def ignored_locks(repo: Repo) -> tuple[str, ...]:
    """Locks that are not here because `.gitignore` keeps them out."""
    pipelines = dict.fromkeys(stage.file for stage in stages(repo))
    return tuple(p for p in map(lock_path, pipelines) if p not in repo.files and ignored(repo)(p))
