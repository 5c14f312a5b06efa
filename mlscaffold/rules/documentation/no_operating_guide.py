"""DOC135: no operating, deployment or troubleshooting guide."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.guides import operating_guides
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.guide import built, guide
from mlscaffold.standard import Standard


@rule("DOC135", level="collaboration", since="1.0", when=built("course", "notebooks", "paper", "data"))
def no_operating_guide(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Procedures, a run book, deployment steps or troubleshooting, as a page or a section."""
    yield from guide(
        repo,
        operating_guides(repo),
        "docs/operations/index.md",
        "nothing says how this is deployed, operated or repaired: write down the procedures",
    )
