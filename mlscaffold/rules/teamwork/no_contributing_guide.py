"""TEAM110: no contributing guide."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.community import contributing_guides
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("TEAM110", level="collaboration", since="1.0")
def no_contributing_guide(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A guide for contributors as a file, a page of the docs, or a section of the README."""
    yield from expected(
        contributing_guides(repo),
        "CONTRIBUTING.md",
        "there is no contributing guide: say how a change gets from a branch to the main line",
    )
