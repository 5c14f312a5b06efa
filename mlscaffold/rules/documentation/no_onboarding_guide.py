"""DOC134: no onboarding guide."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.guides import onboarding_guides
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.guide import built, guide
from mlscaffold.standard import Standard


@rule("DOC134", level="collaboration", since="1.0", when=built("course"))
def no_onboarding_guide(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A page, or a section of the README or of the contributing guide, for those who will change the code."""
    yield from guide(
        repo,
        onboarding_guides(repo),
        "docs/onboarding.md",
        "nothing leads a newcomer in: say how to get access, set up, and make a first change",
    )
