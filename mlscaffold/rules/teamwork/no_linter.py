"""TEAM105: a tool must look for the mistakes that reading overlooks."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.languages import LINTERS, choice, no_sources
from mlscaffold.rules.quality_tool import quality_tool
from mlscaffold.standard import Standard

SETTINGS = '[tool.ruff]\nline-length = LENGTH\n\n[tool.ruff.lint]\nextend-select = ["B", "I"]\n'


def _sources(repo: Repo) -> str | None:
    """Sources in a language with linters that most know."""
    return no_sources(repo, LINTERS)


@rule("TEAM105", level="collaboration", since="1.0", when=_sources)
def no_linter(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Settings, a hook, a CI job or a target that runs one satisfies; a dependency alone does not."""
    message = "no linter is set up: choose one, and let a hook and CI run it"
    yield from quality_tool(repo, "linter", message, SETTINGS, choice(repo, LINTERS))
