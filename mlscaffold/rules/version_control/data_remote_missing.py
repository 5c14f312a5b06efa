"""VCS113: the data that DVC or Git LFS keeps has no place from which others can get it."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.dvc import pointers
from mlscaffold.repo.data.dvc_config import configs
from mlscaffold.repo.data.dvc_lock import locks
from mlscaffold.repo.data.remotes import (
    Place,
    credentials,
    default_places,
    lfs_places,
    needs_remote,
)
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Satisfied, Unknown, rule
from mlscaffold.standard import Standard

CONFIG = ".dvc/config"
ADD = "`dvc remote add --default NAME URL`"


def nothing_to_share(repo: Repo) -> str | None:
    """Content that DVC caches, or pointers of Git LFS."""
    if needs_remote(repo) or lfs_places(repo) or credentials(repo):
        return None
    return "neither DVC nor Git LFS keeps data here"


@rule("VCS113", level=2, since="1.0", when=nothing_to_share)
def data_remote_missing(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """The default remote is judged by its address alone; nothing is asked of any server."""
    for place in credentials(repo):
        yield Finding(
            place.path,
            f"holds {place.wrong}: move it to the environment or to `--local` settings, and change it",
            place.line,
            key=f"credential {place.name} {place.wrong}",
        )
    places = (*default_places(repo), *lfs_places(repo))
    yield from (_answer(place) for place in places)
    if needs_remote(repo) and not default_places(repo):
        yield _missing(repo)


def _answer(place: Place) -> Answer:
    if place.unsure:
        return Unknown(f"cannot tell whether every machine mounts the folder of {place.name}", place.path)
    if place.wrong:
        return Finding(
            place.path,
            f"{place.name} {place.wrong}: name a place that the others reach",
            place.line,
            key=f"local {place.name}",
        )
    return Satisfied(place.path, by=f"{place.name}")


def _missing(repo: Repo) -> Answer:
    config = next(iter(configs(repo)), None)
    path = config.path if config else CONFIG
    if not pointers(repo) and not any(lock.ran for lock in locks(repo)):
        return Open(
            path, f"names no place where the others get data and models: {ADD}, before the first `dvc push`"
        )
    if "[to write:" in (repo.text(path) or "" if path in repo.files else ""):
        return Open(path, f"names no place where the others get data and models: {ADD}, then `dvc push`")
    if config and config.remotes:
        names = ", ".join(sorted(config.remotes))
        return Finding(
            path, f"names no default remote (of {names}): `dvc remote default NAME`", key="no default"
        )
    return Finding(
        path, f"names no place where the others get data and models: {ADD}, then `dvc push`", key="missing"
    )
