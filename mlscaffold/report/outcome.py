"""What came of fixes, for a person: what helped, what only a command can do, what is left and why."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.fixing import Fixed, Left, Outcome

INDENT = "  "
HANGING = " " * 7
JOINED = "\u00a0"
"""Stands where a line must not break."""


def rows(outcomes: Sequence[Outcome], terminal: Terminal, *, verb: str) -> Iterator[str]:
    """A row for each fix and each command, and one for each reason for which findings are left."""
    for outcome in outcomes:
        for fixed in outcome.fixed:
            yield from _row(terminal, f"{verb:<6}", "green", _fixed(fixed))
    for outcome in outcomes:
        for code, command in outcome.commands:
            yield from _row(terminal, "run   ", "yellow", f"{code} {shown(shlex.join(command.argv))}")
            yield from terminal.wrap(shown(command.why), INDENT + HANGING)
    yield from _left([left for outcome in outcomes for left in outcome.left], terminal)


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its word."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _fixed(fixed: Fixed) -> str:
    return f"{fixed.code} {', '.join(map(shown, fixed.paths))}: {shown(fixed.why or fixed.message)}"


def _left(left: Sequence[Left], terminal: Terminal) -> Iterator[str]:
    for why in dict.fromkeys(one.why for one in left):
        places = ", ".join(f"{one.code}{JOINED}{shown(one.path)}" for one in left if one.why == why)
        yield from (row.replace(JOINED, " ") for row in _row(terminal, "left  ", "dim", places))
        yield from terminal.wrap(shown(why), INDENT + HANGING)


def _row(terminal: Terminal, head: str, style: str, text: str) -> Iterator[str]:
    first, *rest = terminal.wrap(f"{head} {text}", INDENT, HANGING)
    yield first.replace(head, terminal.paint(head, style), 1)
    yield from rest
