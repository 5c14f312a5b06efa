"""ENV106: one manager owns the environment; where two do, they ask for the same."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.managers import Shared, shared_environments
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

SHOWN = 4


def _two_managers(repo: Repo) -> str | None:
    return None if shared_environments(repo) else "no two managers share a folder"


@rule("ENV106", level=1, since="1.0", when=_two_managers)
def two_managers(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """One finding for all: the first pair that disagrees in words, the others as places."""
    pairs = shared_environments(repo)
    wrong = [pair for pair in pairs if pair.differ]
    if wrong:
        yield _finding(*wrong)
    else:
        yield from (Satisfied(pair.one, by=f"agreement with {pair.other}") for pair in pairs)


def _finding(pair: Shared, *further: Shared) -> Finding:
    said = [f"{name} {mine} here, {theirs} there" for name, mine, theirs, _, _ in pair.differ[:SHOWN]]
    more = f" and {len(pair.differ) - SHOWN} more" if len(pair.differ) > SHOWN else ""
    message = f"disagrees with {pair.other}: {'; '.join(said)}{more}; let one of them own the environment"
    lines = [(a, b) for _, _, _, a, b in pair.differ[:SHOWN]]
    also = [Place(pair.other, b) for _, b in lines if b]
    also += [Place(other.one, other.differ[0][3]) for other in further]
    return Finding(pair.one, message, lines[0][0], also=tuple(also), key=pair.other)
