"""VCS107: notebooks whose saved outputs are in git."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Command
from mlscaffold.repo.notebooks.cells import committed_with_outputs, notebooks
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, rule
from mlscaffold.standard import Standard


def has_committed_notebooks(repo: Repo) -> str | None:
    """A notebook that git tracks."""
    if not repo.tree.in_git:
        return "it is no git repository"
    tracked = any(repo.files[book.path].tracked for book in notebooks(repo))
    return None if tracked else "git tracks no notebook"


@rule("VCS107", level="collaboration", since="1.0", when=has_committed_notebooks)
def committed_notebook_outputs(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each notebook that holds outputs as git has it."""
    for book in committed_with_outputs(repo):
        cells = book.with_outputs
        first = cells[0].number
        yield Finding(
            book.path,
            f"{len(cells)} of {len(book.cells)} code cells are committed with their outputs: strip them, "
            "or publish the run notebook as a report",
            book.line(first, part="outputs"),
            first,
            fix=Command(
                ("nbstripout", "--keep-id", book.path), "outputs are removed from the file, code stays"
            ),
            key="outputs",
        )
