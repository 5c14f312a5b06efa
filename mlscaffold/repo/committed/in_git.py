"""Whether a repository's files stand in git, which rules about what is committed must know first."""

from mlscaffold.repo.repo import Repo


def not_in_git(repo: Repo) -> str | None:
    """`when` of the rules about what is in git: the reason why they do not apply."""
    return None if repo.tree.in_git else "the folder is in no git repository"
