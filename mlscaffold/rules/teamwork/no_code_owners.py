"""TEAM108: no code owners."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.community import code_owners, strays
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Satisfied, rule
from mlscaffold.standard import Standard

PATH = ".github/CODEOWNERS"


@rule("TEAM108", level="collaboration", since="1.0")
def no_code_owners(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """An owners file that names somebody, where the forge reads it; of two, the first read decides."""
    kept = next(iter(code_owners(repo)), None)
    if kept is None:
        elsewhere = next(iter(strays(repo, "codeowners")), "")
        hint = f" ({elsewhere} lies where no forge reads it)" if elsewhere else ""
        message = f"there are no code owners{hint}: name who reviews which paths"
        yield Finding(PATH, message, fix=FromTemplate(PATH), key="missing")
    elif kept.line:
        yield Satisfied(kept.path, by=kept.by)
    elif "[to write:" in (repo.text(kept.path) or ""):
        yield Open(kept.path, "names no owner yet: write who reviews which paths")
    else:
        yield Finding(
            kept.path, "names no owner: give each path a @name, @team or e-mail address", key="empty"
        )
