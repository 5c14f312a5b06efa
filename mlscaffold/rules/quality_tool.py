"""What the rules about a formatter and a linter share: a tool is in use, or settings for one are offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.quality import used
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, Unknown

PYPROJECT = "pyproject.toml"
LENGTHS = {
    "pyproject.toml": r"^line[-_]length *= *(\d{2,3})\b",
    "ruff.toml": r"^line-length *= *(\d{2,3})\b",
    ".flake8": r"^max[-_]line[-_]length *= *(\d{2,3})\b",
    "setup.cfg": r"^max[-_]line[-_]length *= *(\d{2,3})\b",
}


def quality_tool(
    repo: Repo, kind: str, message: str, settings: str
) -> Iterator[Finding | Satisfied | Unknown]:
    """`Satisfied` by each tool of the kind in use, or a finding whose edit adds `settings`.

    `LENGTH` in the settings becomes the line length that the repository's other tools have.
    """
    found = used(repo, kind)
    for use in found:
        yield Satisfied(use.path, by=repo.standard.tools[use.slug].name)
    if found:
        return
    if PYPROJECT in repo.unreadable:
        yield Unknown("cannot be read, and may configure one", PYPROJECT)
        return
    settings = settings.replace("LENGTH", str(_length(repo)))
    before = repo.text(PYPROJECT) if PYPROJECT in repo.files else ""
    fix = None if before is None else Edit(PYPROJECT, f"{before.rstrip()}\n\n{settings}".lstrip("\n"))
    yield Finding(PYPROJECT, message, fix=fix, key="none")


def _length(repo: Repo) -> int:
    """The line length that a tool in use is set to, else the standard's."""
    for path, pattern in LENGTHS.items():
        if path in repo.files and (found := re.search(pattern, repo.text(path) or "", re.M)):
            return int(found[1])
    return int(repo.standard.line_length)
