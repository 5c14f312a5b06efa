"""TEAM111: no issue templates."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.community import issue_templates
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("TEAM111", level="collaboration", since="1.0")
def no_issue_templates(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A template or form for issues where the forge reads it."""
    yield from expected(
        issue_templates(repo),
        ".github/ISSUE_TEMPLATE/bug.yml",
        "there are no issue templates: ask for what is needed to act on a report",
    )
