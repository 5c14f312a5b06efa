"""REP108: a notebook that runs only where it was written."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.notebooks.ties import notebook_ties
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

SAYS = {
    "drive": "reads {}, somebody's own drive: say in the README what must lie there, or fetch it "
    "from a public place",
    "mount": "reads {}, a mount of one workspace: mount it in code, or say in the README what "
    "must be mounted",
    "platform": "calls {}, which exists on Databricks alone: say so in the README, with how to run it there",
    "input": "reads {}: name the Kaggle data set or competition to add, with its address",
    "file": "reads {}, which the repository neither has nor makes: fetch it in code, or say where "
    "it comes from",
    "package": "installs {} in any version: name one with ==, or declare it with the other dependencies",
}


def has_notebooks(repo: Repo) -> str | None:
    """Notebooks of its own."""
    if not any(is_own(book.path) for book in notebooks(repo)):
        return "there are no notebooks"
    return own_experiments(repo)


@rule("REP108", level=2, since="1.0", when=has_notebooks)
def tied_notebook(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding, with the first tie of every notebook."""
    ties = notebook_ties(repo)
    if not ties:
        return
    first, *others = ties
    more = f"; so with {len(others)} more" if others else ""
    yield Finding(
        first.spot.path,
        f"runs only where it was written: it {SAYS[first.what].format(first.name)}{more}",
        *first.spot[1:],
        also=tuple(Place(*tie.spot) for tie in others),
        key="tied",
    )
