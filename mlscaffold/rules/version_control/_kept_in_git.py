"""What the rules about models and about data sets in git share: which files, told folder by folder."""

from collections.abc import Callable, Iterator
from itertools import groupby

from mlscaffold.repo.data_files import Absent, human, in_git, tracked
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.tree import Entry
from mlscaffold.rule import Finding, Place, Unknown


def kept_in_git(
    repo: Repo, concerns: Callable[[str], bool], limit: int, *, what: str, advice: str
) -> Iterator[Finding | Unknown]:
    """A finding for each folder, at its largest file; what is not in this clone is unknown."""
    found: list[Entry] = []
    for entry in tracked(repo):
        if 0 <= entry.size <= limit or not concerns(entry.path):
            continue
        if entry.size < 0:
            yield Unknown(f"looks like {what}, and its size is not known in this clone", entry.path)
            continue
        try:
            found += [entry] if in_git(repo, entry) else []
        except Absent:
            yield Unknown(f"looks like {what}, and its content is not in this clone", entry.path)
    for folder, group in groupby(sorted(found, key=_folder), key=_folder):
        first, *others = sorted(group, key=lambda e: (-e.size, e.path))
        beside = f", with {len(others)} more beside it" if others else ""
        yield Finding(
            first.path,
            f"is {what} ({human(first.size)}) in git{beside}: {advice}",
            also=tuple(Place(e.path) for e in sorted(others)),
            key=f"{what} in {folder}",
        )


def _folder(entry: Entry) -> str:
    return entry.path.rpartition("/")[0]
