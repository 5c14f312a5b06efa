"""EXP113: a search for hyper-parameters that nobody can repeat, because its seed or its end is left open."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.searches import Search, searches
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard


def searching(repo: Repo) -> str | None:
    """Some search for hyper-parameters."""
    return None if searches(repo) else "no code searches for hyper-parameters"


@rule("EXP113", level=3, since="1.0", when=(own_experiments, for_results, searching))
def search_not_repeatable(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """One finding for seeds, one for budgets; the space stands where the search is set up."""
    found = searches(repo)
    unseeded = [search for search in found if not search.seeded]
    endless = [search for search in found if not search.ends]
    if unseeded:
        first = unseeded[0]
        message = f"{first.name} draws other candidates each time: seed the search ({first.say})"
        yield _finding(unseeded, message, "seed")
    if endless:
        first = endless[0]
        message = f"{first.name} searches until somebody stops it: give it a number of trials or a time limit"
        yield _finding(endless, message, "budget")
    if not unseeded and not endless:
        first = found[0]
        yield Satisfied(first.spot.path, by=f"{first.name} ({first.by})")


def _finding(places: list[Search], message: str, key: str) -> Finding:
    spot = places[0].spot
    also = tuple(dict.fromkeys(Place(*other.spot) for other in places[1:] if other.spot != spot))
    return Finding(spot.path, message, *spot[1:], also=also, key=key)
