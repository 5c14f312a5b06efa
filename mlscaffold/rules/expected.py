"""What rules about one expected file share: it is there, or the template's own is offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.community import Kept
from mlscaffold.rule import Finding, Satisfied


def expected(
    found: Sequence[Kept], path: str, message: str, by: str = "fix"
) -> Iterator[Finding | Satisfied]:
    """`Satisfied` by the first file found, or a finding whose fix is the template's `path`."""
    if found:
        yield Satisfied(found[0].path, by=found[0].by)
    else:
        yield Finding(path, message, fix=FromTemplate(path, by), key="missing")
