"""VCS108: notebooks whose outputs do not come from one run from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mlscaffold.repo.notebooks.cells import Notebook, notebooks
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.standard import Standard


def has_run_notebooks(repo: Repo) -> str | None:
    """A notebook that remembers having been run."""
    if not notebooks(repo):
        return "there are no notebooks"
    if any(book.counts for book in notebooks(repo)):
        return None
    return "no notebook keeps the counts that tell the order of its runs"


@rule("VCS108", level=1, since="1.0", when=has_run_notebooks)
def notebook_out_of_order(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Counts must rise from cell to cell, and no cell before the last one that ran may have been left out."""
    orderly: list[Notebook] = []
    for book in notebooks(repo):
        if not book.counts:
            continue
        problem = _backwards(book) or _left_out(book)
        if problem is None:
            orderly.append(book)
            continue
        cell, message = problem
        yield Finding(book.path, message, book.line(cell, part="count"), cell, key="order")
    if orderly:
        more = f", and so do those of {len(orderly) - 1} more" if orderly[1:] else ""
        yield Satisfied(orderly[0].path, by=f"execution counts that rise from cell to cell{more}")


def _backwards(book: Notebook) -> tuple[int, str] | None:
    for (before, _), (after, cell) in pairwise(book.counts):
        if after <= before:
            return cell.number, (
                f"the cell ran as [{after}] but stands after [{before}]: "
                "restart the kernel, run all cells in order, and save"
            )
    return None


def _left_out(book: Notebook) -> tuple[int, str] | None:
    last = book.counts[-1][1].number
    for cell in book.cells:
        if cell.number < last and cell.executed is None and _does_something(cell.source):
            return cell.number, (
                "the cell was not run although later ones were: restart the kernel, run all cells, and save"
            )
    return None


def _does_something(source: str) -> bool:
    lines = [line.strip() for line in source.splitlines()]
    return any(line and not line.startswith("#") for line in lines)
