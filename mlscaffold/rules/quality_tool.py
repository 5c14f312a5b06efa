"""What the rules about a formatter and a linter share: a tool is in use, or settings for one are offered."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.quality import used
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, Unknown

PYPROJECT = "pyproject.toml"


def quality_tool(
    repo: Repo, kind: str, message: str, settings: str
) -> Iterator[Finding | Satisfied | Unknown]:
    """`Satisfied` by each tool of the kind in use, or a finding whose edit adds `settings`."""
    found = used(repo, kind)
    for use in found:
        yield Satisfied(use.path, by=repo.standard.tools[use.slug].name)
    if found:
        return
    if PYPROJECT in repo.unreadable:
        yield Unknown("cannot be read, and may configure one", PYPROJECT)
        return
    before = repo.text(PYPROJECT) if PYPROJECT in repo.files else ""
    fix = None if before is None else Edit(PYPROJECT, f"{before.rstrip()}\n\n{settings}".lstrip("\n"))
    yield Finding(PYPROJECT, message, fix=fix, key="none")
