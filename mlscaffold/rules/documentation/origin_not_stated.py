"""DOC113: no document says where a fetched model or data set comes from, or under which licence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.repo.data.fetched import Fetched, fetched
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.data.origins import Told

OF_OTHERS = ("model", "data set", "files", "code")


def fetches(repo: Repo) -> str | None:
    """A model or data set of somebody else that the code asks a hub for, in a repository that runs it."""
    if not _of_others(repo):
        return "no model or data set is fetched from a hub"
    return own_experiments(repo) or for_results(repo)


@rule("DOC113", level="collaboration", since="1.0", when=fetches)
def origin_not_stated(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """One finding for the repository, with the first place of each name."""
    from mlscaffold.repo.data.origins import told

    named: dict[str, Fetched] = {}
    for one in _of_others(repo):
        if one.name:
            named.setdefault(one.name, one)
    if not named:
        spot = _of_others(repo)[0].spot
        yield Unknown("cannot tell which model or data set a variable names", spot.path)
        return
    stated = {name: told(repo, name, one.spot.path) for name, one in named.items()}
    silent = [named[name] for name, place in stated.items() if place is None]
    if silent:
        yield _finding(silent)
    else:
        place = next(place for place in stated.values() if place)
        yield Satisfied(place.path, by=f"the origin of {next(iter(named))}{_where(place)}")


def _of_others(repo: Repo) -> list[Fetched]:
    return [one for one in fetched(repo) if one.what in OF_OTHERS]


def _where(place: Told) -> str:
    return f" (line {place.line})"


def _finding(silent: list[Fetched]) -> Finding:
    first, *others = silent
    more = f" ({len(others)} more such name{'s' * (len(others) > 1)})" if others else ""
    return Finding(
        first.spot.path,
        f"no document says where {first.name} comes from and what its licence allows: name it in the README, "
        f"with a link to it and its licence{more}",
        *first.spot[1:],
        also=tuple(Place(*one.spot) for one in others),
        key="origin",
    )
