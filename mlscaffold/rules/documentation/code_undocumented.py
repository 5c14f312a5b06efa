"""DOC130: functions and classes that others call, of which most say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.docstrings import docstrings
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.standard import Standard

FEWEST = 10
"""Public functions and classes below which a share says little."""


def has_public_code(repo: Repo) -> str | None:
    """Packages with enough to speak of a share."""
    public = docstrings(repo).public
    return None if public >= FEWEST else f"packages here define {public} public functions and classes"


@rule("DOC130", level="collaboration", since="1.0", when=has_public_code)
def code_undocumented(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied]:
    """The share of public functions and classes that begin with a docstring, over all packages."""
    found = docstrings(repo)
    share = 100 * (found.public - found.silent) // found.public
    first = found.first
    if share >= standard.docstring_percent:
        where = first.path if first else "the packages"
        yield Satisfied(where, by=f"docstrings of {share} % of {found.public} public functions and classes")
    elif first:
        yield Finding(
            first.path,
            f"{found.silent} of {found.public} public functions and classes have no docstring: say what each "
            "gives and expects, those that others call first",
            first.line,
            key="docstrings",
        )
