"""DOC132: no page on architecture or data flow."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.guides import architecture_pages
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.guide import built, guide
from mlscaffold.standard import Standard


@rule("DOC132", level="collaboration", since="1.0", when=built("course", "notebooks", "data"))
def no_architecture_page(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A page, a section of the README, or a drawing."""
    yield from guide(
        repo,
        architecture_pages(repo),
        "docs/architecture.md",
        "nothing shows how the system is built: say which parts there are and how data flows between them",
    )
