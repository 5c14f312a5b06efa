"""VCS106: git tracks what a tracker or a training run wrote."""

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.edits import Command
from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.committed.run_output import committed_run_output
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.standard import Standard


@rule("VCS106", level="collaboration", since="1.0", when=not_in_git)
def run_output_committed(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each kind of store, with a command that untracks and deletes nothing."""
    for name, group in groupby(committed_run_output(repo), key=lambda o: o.name):
        outputs = tuple(group)
        roots = tuple(output.root for output in outputs)
        files = sum(output.files for output in outputs)
        many = f"{files} file{'s' * (files != 1)}"
        yield Finding(
            roots[0],
            f"{name} in git ({many}): untrack and ignore what runs write; it stays on your disk",
            fix=Command(
                ("git", "rm", "-r", "--cached", "--", *roots), "takes them out of git, not off the disk"
            ),
            also=tuple(Place(root) for root in roots[1:]),
            key=name,
        )
