"""REP107: the order of files differs between machines, and a seeded split follows that order."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.ordering import sorted_text, unsorted_inputs
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.rules.applies import trains
from mlscaffold.standard import Standard


@rule("REP107", level=1, since="1.0", when=trains)
def order_dependent_input(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding, with every place; the edit serves the first file and is asked again for the next."""
    found = unsorted_inputs(repo)
    if not found:
        return
    first = found[0]
    here = [place for place in found if place.path == first.path]
    yield Finding(
        first.path,
        f"{first.call} gives another order on another machine: wrap it in sorted(…)",
        first.line,
        fix=Edit(first.path, sorted_text(repo.text(first.path) or "", here), safe=False),
        also=tuple(Place(place.path, place.line) for place in found[1:]),
        key="unsorted",
    )
