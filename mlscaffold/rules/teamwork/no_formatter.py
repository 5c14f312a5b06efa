"""TEAM104: one tool must decide how code is laid out."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.quality import used
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.languages import FORMATTERS, choice, no_sources
from mlscaffold.rules.quality_tool import PYPROJECT, quality_tool
from mlscaffold.standard import Standard

BLACK = "[tool.black]\nline-length = LENGTH\n"


def _sources(repo: Repo) -> str | None:
    """Sources in a language with formatters that most know."""
    return no_sources(repo, FORMATTERS)


@rule("TEAM104", level="collaboration", since="1.0", when=_sources)
def no_formatter(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Settings, a hook, a CI job or a target that runs one satisfies; a dependency alone does not."""
    ruff = any(use.slug == "ruff" and use.path == PYPROJECT for use in used(repo, "linter"))
    settings = "[tool.ruff.format]\ndocstring-code-format = true\n" if ruff else BLACK
    message = "no formatter is set up: choose one, and let a hook run it"
    yield from quality_tool(repo, "formatter", message, settings, choice(repo, FORMATTERS))
