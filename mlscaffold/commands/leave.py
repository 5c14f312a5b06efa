"""`mlscaffold leave`: take the standard out of a repository; everything else still runs."""

from __future__ import annotations

import sys
from pathlib import Path

from mlscaffold.apply import apply
from mlscaffold.commands.unfinished import finish
from mlscaffold.errors import OK
from mlscaffold.printable import shown
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.report.applied import undo
from mlscaffold.upkeep.leaving import leaving
from mlscaffold.upkeep.lock import lock_of


def leave(path: str, *, plan: bool = False) -> int:
    """Remove what an adoption added, the configuration and the state; say what stays, and why."""
    standing = Standing(Path(path))
    finish(standing.root)
    found = leaving(standing, lock_of(standing))
    for change in found.changes:
        sys.stdout.write(f"  {'edit  ' if change.after else 'remove'} {shown(change.path)}\n")
    for stays, why in found.stays:
        sys.stdout.write(f"  stays  {shown(stays)}: {why}\n")
    if not plan and found.changes:
        sys.stdout.write("\nTake it back:\n" + undo(apply(standing.root, found.changes, "leave")))
    return OK
