"""ENV119: where several platforms are used, the lock must serve each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.repo.definitions import NOT_USED
from mlscaffold.repo.environments.locks import Lock, freezes, locks
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.environments.platforms import Served


def several_platforms(repo: Repo) -> str | None:
    """A complete lock, and files that show more platforms than one: the lock's own counts."""
    if not _locks(repo):
        return "there is no complete lock"
    from mlscaffold.repo.environments.platforms import served, used

    names = set(used(repo)).union(*(served(repo, lock).names for lock in _locks(repo)))
    return None if len(names) > 1 else "nothing shows that more than one platform is used"


def _locks(repo: Repo) -> tuple[Lock, ...]:
    return tuple(lock for lock in (*locks(repo), *freezes(repo)) if not NOT_USED.search(lock.path))


@rule("ENV119", level=2, since="1.0", when=several_platforms)
def lock_of_one_platform(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Of the locks in one folder some must serve each platform on which the repository is run."""
    from mlscaffold.repo.environments.platforms import served, used

    groups: dict[str, list[tuple[Lock, Served]]] = {}
    for lock in _locks(repo):
        groups.setdefault(folder(lock.path), []).append((lock, served(repo, lock)))
    for rows in groups.values():
        lock, first = rows[0]
        anywhere = next(((lock, found) for lock, found in rows if not found.names), None)
        names = frozenset().union(*(found.names for _, found in rows))
        lacking = sorted(set(used(repo)) - names)
        if anywhere or not lacking:
            lock, first = anywhere or rows[0]
            by = first.by if anywhere else f"locks of {' and '.join(sorted(names))}"
            yield Satisfied(lock.path, by=by)
        else:
            where = ", ".join(f"{name} ({used(repo)[name]})" for name in lacking)
            message = f"serves {' and '.join(sorted(names))} alone, by {first.by}: lock for {where} too"
            yield Finding(lock.path, message, first.line, key="platforms")
