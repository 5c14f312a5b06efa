"""What a report says first: what cannot wait, what is required, and what costs the least."""

from __future__ import annotations

from mlscaffold.audit import Result
from mlscaffold.edits import Command, Edit, Fix, FromTemplate
from mlscaffold.rule import Level

WEIGHT: dict[Level, int] = {1: 0, "validity": 0, 2: 1, 3: 2, 4: 3, "collaboration": 4}
AT_ONCE = ("VCS110",)
"""Before all else: a credential that is out can be used while the rest is mended."""


def urgency(result: Result) -> tuple[bool, bool, bool, int, int, str]:
    """What cannot wait, then required, failed, the result before the team, and the least effort first."""
    failed = result.outcome == "failed"
    effort = min((_effort(f.fix) for f in result.findings), default=9)
    level = WEIGHT.get(result.rule.level, 0)
    waits = result.rule.code not in AT_ONCE
    return (not result.fails, not failed, waits, level, effort if failed else 0, result.rule.code)


def _effort(fix: Fix | None) -> int:
    match fix:
        case Edit(safe=True):
            return 0
        case FromTemplate():
            return 1
        case Command():
            return 2
        case Edit():
            return 3
        case None:
            return 4
