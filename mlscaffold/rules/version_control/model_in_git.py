"""VCS102: a trained model or serialised binary is tracked by git."""

from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.data_files import is_model
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Unknown, rule
from mlscaffold.rules.version_control._kept_in_git import kept_in_git, left_to_large_file
from mlscaffold.standard import Standard


@rule(
    "VCS102",
    level="collaboration",
    since="1.0",
    when=(not_in_git, left_to_large_file(is_model, "models")),
)
def model_in_git(repo: Repo, standard: Standard) -> Iterator[Finding | Unknown]:
    """One finding for each folder that holds models above the limit."""
    yield from kept_in_git(
        repo,
        is_model,
        int(standard.model_bytes),
        what="a model or serialised binary",
        advice="track it with DVC or Git LFS, or publish it to a registry",
    )
