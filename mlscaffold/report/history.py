"""A repository's history as a table: for each revision what failed, and what became wrong or right."""

from __future__ import annotations

import json
from typing import Any

from mlscaffold.audit import OUTCOMES, Report
from mlscaffold.named import NamedTuple
from mlscaffold.printable import shown
from mlscaffold.repo.trees.history import Revision
from mlscaffold.report.terminal import Terminal

MOST_CODES = 6
HEADS = ("revision", "date", "required", "advised", "unknown", "passed")


class Told(NamedTuple):
    """One revision with its report, or why it has none."""

    revision: Revision
    report: Report | None
    reason: str = ""

    @property
    def failed(self) -> list[str]:
        """The codes of all rules that found something, required or not."""
        return [r.rule.code for r in self.report.of("failed")] if self.report else []


def as_text(told: tuple[Told, ...], left_out: int, terminal: Terminal) -> str:
    """The table, oldest revision first, with what changed since the one before."""
    rows = [_cells(one) for one in told]
    widths = [max(len(row[i]) for row in (HEADS, *rows)) for i in range(len(HEADS))]
    lines = [f"{left_out} older revisions are left out."] if left_out else []
    lines.append(terminal.paint(_laid_out(HEADS, widths), "bold"))
    before: Told | None = None
    for one, row in zip(told, rows, strict=True):
        lines.append(f"{_laid_out(row, widths)}  {shown(one.reason) or _change(before, one)}".rstrip())
        before = one if one.report else before
    tail = "required and advised count the rules that failed; + became wrong, − became right."
    return "\n".join([*lines, "", *terminal.wrap(tail, "")]) + "\n"


def as_json(told: tuple[Told, ...], left_out: int, tool: str) -> str:
    """One JSON document with every revision's counts and the codes that failed."""
    document = {
        "schema": 1,
        "tool": {"name": "mlscaffold-toolkit", "version": tool},
        "left_out": left_out,
        "revisions": [_entry(one) for one in told],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _entry(one: Told) -> dict[str, Any]:
    name, commit, date = one.revision
    entry: dict[str, Any] = {"name": shown(name), "commit": commit, "date": date}
    if one.report is None:
        return entry | {"reason": shown(one.reason)}
    return entry | {
        "profile": one.report.config.profile,
        "files": one.report.files,
        "required": [r.rule.code for r in one.report.failed],
        "advised": [r.rule.code for r in one.report.of("failed") if not r.fails],
        "counts": {outcome: len(one.report.of(outcome)) for outcome in OUTCOMES},
    }


def _cells(one: Told) -> tuple[str, ...]:
    head = (shown(one.revision.name), one.revision.date)
    if one.report is None:
        return (*head, "?", "?", "?", "?")
    failed, required = len(one.failed), len(one.report.failed)
    others = (len(one.report.of("unknown")), len(one.report.of("passed")))
    return (*head, *map(str, (required, failed - required, *others)))


def _laid_out(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
    return "  ".join(padded)


def _change(before: Told | None, now: Told) -> str:
    if before is None:
        return ""
    worse = [f"+{code}" for code in now.failed if code not in before.failed]
    better = [f"−{code}" for code in before.failed if code not in now.failed]
    codes = worse + better
    more = [f"and {len(codes) - MOST_CODES} more"] if len(codes) > MOST_CODES else []
    return " ".join(codes[:MOST_CODES] + more)
