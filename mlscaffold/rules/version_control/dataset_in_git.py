"""VCS103: a data set is tracked by git instead of by data versioning."""

from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.data_files import is_data
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Unknown, rule
from mlscaffold.rules.version_control._kept_in_git import kept_in_git, left_to_large_file
from mlscaffold.standard import Standard


@rule(
    "VCS103",
    level="collaboration",
    since="1.0",
    when=(not_in_git, left_to_large_file(is_data, "data sets")),
)
def dataset_in_git(repo: Repo, standard: Standard) -> Iterator[Finding | Unknown]:
    """One finding for each folder that holds data sets above the limit."""
    yield from kept_in_git(
        repo,
        is_data,
        int(standard.dataset_bytes),
        what="a data set",
        advice="track it with DVC, Git LFS or another data version control, and keep a small sample here",
    )
