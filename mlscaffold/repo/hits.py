"""What was found in each file, kept by the file's bytes: one that did not change is not searched again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from mlscaffold.repo.repo import Repo, fact, reader

if TYPE_CHECKING:
    from mlscaffold.repo.kept_hits import Hits

MANY = 500
"""Files from which looking up what is kept is sooner done than all searches."""

HOLDS_CREDENTIAL = ("credential", "credential-settings")
"""The names under which it is known whether a file holds a credential: nothing is kept of one that may."""


def hits(
    repo: Repo, name: str, paths: Iterable[str], find: Callable[[str, bytes], Any]
) -> Iterator[tuple[str, Any]]:
    """Each path in which `find` finds something, with that: lists, strings and numbers, as JSON has them.

    What `find` answers must follow from the bytes, the ending of the path, and what all `paths` that are
    asked under one `name` have in common.
    """
    known = _known(repo)
    if known is not None:
        yield from known.found(repo, name, list(paths), find)
        return
    for path in paths:
        if found := find(path, repo.raw(path) or b""):
            yield path, found


def know(repo: Repo, paths: Iterable[str]) -> None:
    """Look up at once what is kept of these files, where that pays."""
    known = _known(repo)
    if known is not None:
        known.load(repo, paths)


def hits_of(repo: Repo) -> Hits | None:
    """What this run knows already; `None` where nothing was asked for, or nothing is to be kept."""
    return cast("Hits | None", repo.known.get(reader(_known)))


@fact
def _known(repo: Repo) -> Hits | None:
    if repo.cache is None or len(repo.files) < MANY:
        return None
    from mlscaffold.repo.kept_hits import Hits

    return Hits(repo.files, repo.cache)
