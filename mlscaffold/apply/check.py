"""Whether a set of changes may be made: everything is asked before anything is written."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from mlscaffold.apply.found import Odd, emptied, found, listed, same, standing_folder
from mlscaffold.apply.home import Home
from mlscaffold.apply.names import clashes, unfit
from mlscaffold.edits import Change
from mlscaffold.errors import Stop
from mlscaffold.printable import shown
from mlscaffold.repo.trees.git import Git


def insist(home: Home, root: Path, changes: Sequence[Change]) -> None:
    """Raise Stop with every path that is not as the changes expect it."""
    named = [(c.path, why) for c in changes if (why := unfit(c.path))]
    named = named or list(clashes(changes, folds=home.folds_case))
    named = named or list(_objections(home, root, changes))
    if named:
        listed = "".join(f"\n  {shown(path)} {shown(why)}" for path, why in dict(named).items())
        raise Stop(
            f"nothing was changed, because of these paths:{listed}\nPut them right, then run it again."
        )


def _objections(home: Home, root: Path, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    gone = {change.path for change in changes if change.before and not change.after}
    for change in changes:
        if why := _objection(root, change, gone, modes=home.keeps_modes) or _shut(root, change):
            yield change.path, why
    yield from _within_submodules(home, root, changes)


def _objection(root: Path, change: Change, gone: Collection[str], *, modes: bool) -> str:
    now = found(root, change.path, gone)
    if isinstance(now, Odd):
        cleared = now.folder and change.before is None and emptied(root, change.path, gone)
        return "" if cleared else now.why
    if change.before is None or now is None:
        return "" if now == change.before else "is there already" if now else "is gone"
    if same(now, change.before, modes=modes):
        return ""
    if now.is_link != change.before.is_link:
        return "is a link now" if now.is_link else "is no link any more"
    return "was edited since" if now.oid != change.before.oid else "has another mode now"


def _shut(root: Path, change: Change) -> str:
    """Which folder does not let us write."""
    if change.before == (change.after and change.after.state):
        return ""
    folder = standing_folder(root, change.path)
    by_effective_user = os.access in os.supports_effective_ids
    if os.access(root / folder, os.W_OK | os.X_OK, effective_ids=by_effective_user):
        return ""
    return f"lies in {folder or 'the root'}, where nothing may be written"


def _within_submodules(home: Home, root: Path, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Paths in submodules that nobody has fetched: their folders are there, and empty."""
    folders = {change.path: standing_folder(root, change.path) for change in changes}
    empty = sorted({folder for folder in folders.values() if folder and not listed(root / folder)})
    if not empty or not home.where:
        return
    index = Git(home.where).run("--literal-pathspecs", "ls-files", "-z", "--stage", "--", *empty, cwd=root)
    rows = (row.partition(b"\t") for row in index.split(b"\0"))
    submodules = {os.fsdecode(path) for head, _, path in rows if head.startswith(b"160000")}
    for path, folder in folders.items():
        if folder in submodules:
            yield path, f"lies below {folder}, which is a submodule"
