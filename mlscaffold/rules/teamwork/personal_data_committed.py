"""TEAM119: tracked tables or saved outputs that name people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.committed.personal_data import data_paths, has_shown, made_up, personal_data
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Unknown, rule
from mlscaffold.standard import Standard


def holds_data(repo: Repo) -> str | None:
    """Tables or saved outputs in git."""
    if any(data_paths(repo)) or has_shown(repo):
        return None
    return "git tracks no table and no notebook with outputs"


@rule("TEAM119", level="collaboration", since="1.0", when=(not_in_git, holds_data))
def personal_data_committed(repo: Repo, _standard: Standard) -> Iterator[Finding | Unknown]:
    """One finding for each kind of personal data; no message, key or place holds a value."""
    found = sorted(personal_data(repo), key=lambda one: (one.kind, one.path))
    if found and (says := made_up(repo)):
        reason = f"cannot tell whether these {found[0].kind} are real: {says} makes some up"
        yield Unknown(reason, found[0].path)
        return
    for kind, group in groupby(found, key=lambda one: one.kind):
        first, *others = group
        yield Finding(
            first.path,
            f"shows {first.seen} {kind} {first.where}: remove or pseudonymise them, here and in the history, "
            "or say in the README that they are invented",
            first.line,
            first.cell,
            also=tuple(Place(one.path, one.line, one.cell) for one in others),
            key=kind,
        )
