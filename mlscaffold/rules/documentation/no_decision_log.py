"""DOC133: no decision log."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.decisions import decision_logs
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.guide import built, guide
from mlscaffold.standard import Standard


@rule("DOC133", level="collaboration", since="1.0", when=built("course", "notebooks"))
def no_decision_log(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Decision records in a folder, a dated log, or a dated section of the README."""
    yield from guide(
        repo,
        decision_logs(repo),
        "docs/decisions/index.md",
        "nothing records decisions: keep a dated page for each that would be costly to undo",
    )
