"""TEAM109: no template for pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.community import pull_request_templates
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("TEAM109", level="collaboration", since="1.0")
def no_pull_request_template(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A pull- or merge-request template where the forge reads it."""
    yield from expected(
        pull_request_templates(repo),
        ".github/PULL_REQUEST_TEMPLATE.md",
        "there is no pull-request template: say what a change must tell its reviewer",
    )
