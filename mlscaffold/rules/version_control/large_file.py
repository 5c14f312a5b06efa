"""VCS101: a file too large for git is tracked by git."""

from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.data_files import Absent, absent, human, in_git, tracked
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Unknown, rule
from mlscaffold.standard import Standard


@rule("VCS101", level="collaboration", since="1.0", when=not_in_git)
def large_file(repo: Repo, standard: Standard) -> Iterator[Finding | Unknown]:
    """One finding for each tracked file above the limit that is no pointer."""
    limit = int(standard.large_file_bytes)
    for entry in tracked(repo):
        if entry.size <= limit:
            continue
        try:
            large = in_git(repo, entry)
        except Absent:
            yield Unknown("its content is not in this clone, so it may be a pointer", entry.path)
            continue
        if large:
            yield Finding(
                entry.path,
                f"is {human(entry.size)} in git (limit {human(limit)}): keep it with DVC or Git LFS, "
                "or fetch it by a pinned address",
                key="large",
            )
    if missing := absent(repo):
        which = f"this file and {len(missing) - 1} more are" if missing[1:] else "the file is"
        yield Unknown(f"{which} not in this clone, so nobody can tell the size here", missing[0])
