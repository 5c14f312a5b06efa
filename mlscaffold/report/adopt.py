"""What an adoption wrote and added, for a person and as the message of a commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlscaffold.printable import shown
from mlscaffold.upkeep.fixing import Outcome


def render(additions: Sequence[tuple[str, Outcome]], first: Sequence[str], add: Sequence[str]) -> str:
    """The first files, each added practice with its files, and what could not be added and why."""
    out = [f"  start  {shown(path)}" for path in first]
    out += [line for code, outcome in additions for line in _practice(code, outcome)]
    if add and not additions:
        out.append("  none   nothing that mlscaffold can add is missing")
    if first and not add:
        out += ["", "Today's findings are the baseline. One practice more: mlscaffold adopt --add next"]
    return "\n".join(out) + "\n"


def _practice(code: str, outcome: Outcome) -> Iterator[str]:
    for fixed in outcome.fixed:
        yield f"  added  {code} {', '.join(map(shown, fixed.paths))}: {shown(fixed.why or fixed.message)}"
    for left in outcome.left:
        yield f"  left   {code} {shown(left.path)}: {shown(left.why)}"
    for _, command in outcome.commands:
        yield f"  run    {code} {shown(' '.join(command.argv))} ({shown(command.why)})"
    if not (outcome.fixed or outcome.left or outcome.commands):
        yield f"  none   {code}: the practice is met, or nothing can be added for it"


def message(code: str, outcome: Outcome) -> str:
    """The message of the commit that adds one practice."""
    return "\n".join([f"add {code}", "", *_rows(outcome)]) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    for fixed in outcome.fixed:
        yield f"{', '.join(map(shown, fixed.paths))}: {shown(fixed.why or fixed.message)}"
    for left in outcome.left:
        yield f"left: {shown(left.path)}: {shown(left.why)}"
