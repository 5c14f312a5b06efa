"""VCS121: prompts or evaluation sets that decide results have no version here."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.prompts import model_callers, outside_git
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


def calls_no_model(repo: Repo) -> str | None:
    """Code that calls language models, in a repository that runs it."""
    return own_experiments(repo) or (None if model_callers(repo) else "no code calls a language model")


@rule("VCS121", level=1, since="1.0", when=calls_no_model)
def prompts_outside_git(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """One finding with every place; prompts in code or in tracked files have the commit as version."""
    found = outside_git(repo)
    if not found:
        yield Satisfied(
            model_callers(repo)[0], by="prompts that nothing takes from elsewhere without a version"
        )
        return
    first, *others = found
    yield Finding(
        first.path,
        f"{first.name} comes from {first.home}, so results change without a commit: "
        "keep it in the repository, or name its version where it is read",
        first.line,
        also=tuple(dict.fromkeys(Place(other.path, other.line) for other in others)),
        key="outside",
    )
