"""`mlscaffold audit --write-baseline` and `--update-baseline`: keep the list of what does not fail."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from mlscaffold.apply import apply, found
from mlscaffold.audit import Report
from mlscaffold.baseline import NAME, Entry
from mlscaffold.baselined import entries_of
from mlscaffold.edits import Change, File, State
from mlscaffold.errors import CRASHED, OK, Stop
from mlscaffold.upkeep.baseline import without, written


def keep_baseline(path: str, report: Report, how: Literal["write", "update"]) -> int:
    """Write the baseline of the repository at `path`; 3, and nothing written, where a rule crashed."""
    if report.crashed:
        codes = ", ".join(r.rule.code for r in report.crashed)
        sys.stderr.write(f"mlscaffold: {codes} crashed: please report this to us. Nothing was written.\n")
        return CRASHED
    return _write(path, report) if how == "write" else _update(path, report)


def _write(path: str, report: Report) -> int:
    if report.baseline.source or found(Path(path), NAME):
        raise Stop(
            f"{NAME} is there already. `mlscaffold audit --update-baseline` takes out what is gone; "
            "to accept everything as it is today, remove the file and write it anew."
        )
    entries = entries_of(report)
    _replace(path, written(entries), None)
    codes = len({entry.code for entry in entries})
    sys.stdout.write(
        f"Wrote {NAME}: {_counted(entries)} of {codes} {_plural('practice', codes)}. Commit it.\n"
    )
    return OK


def _update(path: str, report: Report) -> int:
    if not report.baseline.source:
        raise Stop(f"there is no {NAME} to update. `mlscaffold audit --write-baseline` makes one.")
    left = without(report.baseline.entries, report.gone)
    before = found(Path(path), NAME)
    if report.gone and isinstance(before, State):
        _replace(path, written(left), before)
    sys.stdout.write(f"{NAME}: {_counted(report.gone)} gone, {_counted(left)} left.\n")
    return OK


def _counted(entries: Iterable[Entry]) -> str:
    count = sum(entry.places for entry in entries)
    return f"{count} {_plural('place', count)}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _replace(path: str, text: str, before: State | None) -> None:
    after = File(text.encode("utf-8"), before.mode if before else "100644")
    apply(Path(path), [Change(NAME, before, after)], "keep a baseline")
