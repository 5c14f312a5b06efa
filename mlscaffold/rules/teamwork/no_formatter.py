"""TEAM104: one tool must decide how code is laid out."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_python_files
from mlscaffold.rules.quality_tool import quality_tool
from mlscaffold.standard import Standard


@rule("TEAM104", level="collaboration", since="1.0", when=has_python_files)
def no_formatter(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Settings, a hook, a CI job or a target that runs one satisfies; a dependency alone does not."""
    message = "no formatter is set up: choose one, and let a hook run it"
    yield from quality_tool(
        repo, "formatter", message, f"[tool.black]\nline-length = {standard.line_length}\n"
    )
