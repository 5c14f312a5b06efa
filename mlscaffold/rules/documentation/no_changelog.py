"""DOC105: no changelog."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.community import changelogs
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("DOC105", level="collaboration", since="1.0")
def no_changelog(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A changelog as a file, a folder of fragments, or a section of the README."""
    yield from expected(
        changelogs(repo), "CHANGELOG.md", "there is no changelog: list for users what each version changes"
    )
