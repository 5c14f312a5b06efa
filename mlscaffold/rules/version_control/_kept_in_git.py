"""What the rules about models and about data sets in git share: which files, told folder by folder."""

from collections.abc import Callable, Iterator
from itertools import groupby

from mlscaffold.repo.data.data_files import Absent, human, in_git, tracked
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.tree import Entry
from mlscaffold.repo.vendored import folder
from mlscaffold.rule import Finding, Place, Unknown


def left_to_large_file(concerns: Callable[[Repo, Entry], bool], what: str) -> Callable[[Repo], str | None]:
    """A `when`: where all such files are large, or absent from this clone, VCS101 alone speaks of them."""

    def when(repo: Repo) -> str | None:
        sizes = [entry.size for entry in tracked(repo) if concerns(repo, entry)]
        large = int(repo.standard.large_file_bytes)
        theirs = sizes and all(size < 0 or size > large for size in sizes)
        return f"VCS101 reports the {what} here, by their size" if theirs else None

    return when


def kept_in_git(
    repo: Repo, concerns: Callable[[Repo, Entry], bool], limit: int, *, what: str, advice: str
) -> Iterator[Finding | Unknown]:
    """A finding for each folder, at its largest file; VCS101 reports what is large or not in this clone."""
    found: list[Entry] = []
    for entry in tracked(repo):
        if not limit < entry.size <= int(repo.standard.large_file_bytes) or not concerns(repo, entry):
            continue
        try:
            found += [entry] if in_git(repo, entry) else []
        except Absent:
            yield Unknown(f"looks like {what}, and its content is not in this clone", entry.path)
    for home, group in groupby(sorted(found, key=_folder), key=_folder):
        first, *others = sorted(group, key=lambda e: (-e.size, e.path))
        beside = f", with {len(others)} more beside it" if others else ""
        yield Finding(
            first.path,
            f"is {what} ({human(first.size)}) in git{beside}: {advice}",
            also=tuple(Place(e.path) for e in sorted(others)),
            key=f"{what} in {home}",
        )


def _folder(entry: Entry) -> str:
    return folder(entry.path)
