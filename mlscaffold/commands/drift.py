"""`mlscaffold drift`: say which governed files differ from what the template wrote, and how."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from mlscaffold.commands.versions import origin
from mlscaffold.errors import FAILED, OK
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.report.drift import render
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep.diff import between
from mlscaffold.upkeep.drift import Drift
from mlscaffold.upkeep.drift import drift as measured
from mlscaffold.upkeep.history import carried
from mlscaffold.upkeep.lock import Lock, lock_of
from mlscaffold.upkeep.offers import renders
from mlscaffold.upkeep.past import Past
from mlscaffold.upkeep.saved import dumped

WRONG = ("drifted", "missing", "unknown")


def drift(path: str, *, diffs: bool = False, output: str = "text", colour: str = "auto") -> int:
    """Compare every governed path with its own base; 1 where one drifted or is missing."""
    standing = Standing(Path(path))
    lock = lock_of(standing)
    found = drifted(standing, lock)
    if output == "json":
        sys.stdout.write(
            dumped({"schema": 1, "version": lock.current, "paths": [_row(one) for one in found]})
        )
    else:
        sys.stdout.write(render(found, lock.current, terminal_of(sys.stdout, colour), diffs=diffs))
    return FAILED if any(one.state in WRONG for one in found) else OK


def drifted(standing: Standing, lock: Lock) -> list[Drift]:
    """Every governed path of the repository, measured."""
    how = renders(standing, lock)
    return measured(Past(standing, lock, origin, how), carried(), datetime.date.today(), how)


def _row(one: Drift) -> dict[str, Any]:
    row: dict[str, Any] = {"path": one.path, "state": one.state, "class": one.kind, "why": one.why}
    return row | ({"diff": between(one.path, one.path, one.healed, one.ours)} if one.healed else {})
