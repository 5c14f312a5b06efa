"""DOC105: no changelog."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.kind import kind
from mlscaffold.repo.pages.community import changelogs
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard

NOT_RELEASED = {
    "course": "a course has no releases",
    "notebooks": "a collection of notebooks has no releases",
    "paper": "the code of a paper has no releases",
}


def is_released(repo: Repo) -> str | None:
    """The kind of the repository decides."""
    return NOT_RELEASED.get(kind(repo).name)


@rule("DOC105", level="collaboration", since="1.0", when=is_released)
def no_changelog(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A changelog as a file, a folder of fragments, or a section of the README."""
    yield from expected(
        changelogs(repo), "CHANGELOG.md", "there is no changelog: list for users what each version changes"
    )
