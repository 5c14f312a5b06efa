"""TEAM106: checks that take a second must run before a commit."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit, FromTemplate
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.hooks import PRE_COMMIT, hook_configs, unread_hook_configs
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_code
from mlscaffold.standard import Standard


@rule("TEAM106", level="collaboration", since="1.0", when=has_code)
def no_hook_manager(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Any manager whose configuration lies where the manager looks, with at least one hook, satisfies."""
    found = hook_configs(repo)
    for config in found:
        count = len(config.hooks)
        yield Satisfied(config.path, by=f"{config.tool} ({count} hook{'s' if count > 1 else ''})")
    if found:
        return
    if PRE_COMMIT in repo.unreadable:
        yield Unknown("cannot be read", PRE_COMMIT)
    elif PRE_COMMIT in repo.files:
        yield Finding(PRE_COMMIT, "runs no hook: list some", key="empty")
    elif unread := unread_hook_configs(repo):
        message = f"pre-commit does not read this name: call it {PRE_COMMIT}"
        yield Finding(unread[0], message, fix=Edit(PRE_COMMIT, repo.text(unread[0]) or ""), key="name")
    else:
        message = "no hook manager: run formatter, linter and checks before each commit"
        yield Finding(PRE_COMMIT, message, fix=FromTemplate(PRE_COMMIT), key="none")
