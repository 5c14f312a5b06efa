"""What the rules about a formatter and a linter share: a tool is in use, or settings for one are offered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.quality import used
from mlscaffold.rule import Finding, Satisfied, Unknown
from mlscaffold.rules.languages import Choice

PYPROJECT = "pyproject.toml"
RUFF = ("ruff.toml", ".ruff.toml")
LENGTHS = {
    "pyproject.toml": r"^line[-_]length *= *(\d{2,3})\b",
    "ruff.toml": r"^line-length *= *(\d{2,3})\b",
    ".flake8": r"^max[-_]line[-_]length *= *(\d{2,3})\b",
    "setup.cfg": r"^max[-_]line[-_]length *= *(\d{2,3})\b",
}


def quality_tool(
    repo: Repo, kind: str, message: str, settings: str, other: Choice | None
) -> Iterator[Finding | Satisfied | Unknown]:
    """`Satisfied` by each tool of the kind in use, or a finding whose edit adds `settings`.

    Tools whose facts say `aside` look after documents, configuration or a part of the code only, and do
    not count.
    `LENGTH` in the settings becomes the line length that the repository's other tools have. `other` is what
    is asked for where the sources are in another language than Python.
    """
    tools = repo.standard.tools
    found = [use for use in used(repo, kind) if "aside" not in tools[use.slug].facts]
    for use in found:
        yield Satisfied(use.path, by=tools[use.slug].name)
    if found:
        return
    if other:
        fix = Edit(other.path, other.settings) if other.settings else None
        yield Finding(other.path, f"{message}; for {other.language} {other.tools}", fix=fix, key="none")
        return
    if PYPROJECT in repo.unreadable:
        yield Unknown("cannot be read, and may configure one", PYPROJECT)
        return
    yield Finding(PYPROJECT, message, fix=_fix(repo, settings), key="none")


def _fix(repo: Repo, settings: str) -> Edit | None:
    """The settings at the end of pyproject.toml, or of ruff.toml where that is the place for them.

    A new pyproject.toml beside a setup.py would make pip build the project in isolation: it is never added.
    """
    ruff = next((name for name in RUFF if name in repo.files), "")
    beside = PYPROJECT not in repo.files and bool(ruff or "setup.py" in repo.files)
    path = (ruff or RUFF[0]) if beside else PYPROJECT
    before = repo.text(path) if path in repo.files else ""
    if before is None:
        return None
    if beside:
        settings = _of_ruff(settings, alone=not before)
    settings = settings.replace("LENGTH", str(_length(repo)))
    return Edit(path, f"{before.rstrip()}\n\n{settings}".lstrip("\n"))


def _of_ruff(settings: str, *, alone: bool) -> str:
    """The same settings as a file of ruff's own has them; of another formatter, those of ruff's."""
    length = "line-length = LENGTH\n\n" if alone else ""
    if "[tool.ruff.lint]" in settings:
        return length + "[lint]" + settings.partition("[tool.ruff.lint]")[2]
    return length + "[format]\ndocstring-code-format = true\n"


def _length(repo: Repo) -> int:
    """The line length that a tool in use is set to, else the standard's."""
    for path, pattern in LENGTHS.items():
        if path in repo.files and (found := re.search(pattern, repo.text(path) or "", re.M)):
            return int(found[1])
    return int(repo.standard.line_length)
