"""What came of fixes, for a person: what helped, what only a command can do, what is left and why."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from mlscaffold.edits import Command
from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.fixing import Fixed, Left, Outcome

INDENT = "  "
HANGING = " " * 7
SOME, MANY = 3, 5
"""As many lines of an edit are named, and as many commands that are run for the same reason."""

JOINED = "\u00a0"
"""Stands where a line must not break."""


def rows(outcomes: Sequence[Outcome], terminal: Terminal, *, verb: str) -> Iterator[str]:
    """A row for each fix and each command, and one for each reason for which findings are left."""
    for outcome in outcomes:
        for fixed in outcome.fixed:
            said = what_it_gives(fixed) if verb == "added" else fixed.why or fixed.message
            paths = ", ".join(map(shown, fixed.paths))
            yield from _row(terminal, f"{verb:<6}", "green", f"{fixed.code} {paths}: {shown(said)}")
    yield from _commands([pair for outcome in outcomes for pair in outcome.commands], terminal)
    yield from _left([left for outcome in outcomes for left in outcome.left], terminal)


def what_it_gives(fixed: Fixed) -> str:
    """Why the template has the file, or the lines that came; what was found wrong where there are neither."""
    if fixed.why or not fixed.lines:
        return fixed.why or fixed.message
    more = f" and {len(fixed.lines) - SOME} more" if len(fixed.lines) > SOME else ""
    return ("the line " if len(fixed.lines) == 1 else "the lines ") + ", ".join(fixed.lines[:SOME]) + more


def _commands(found: Sequence[tuple[str, Command]], terminal: Terminal) -> Iterator[str]:
    """The commands that are run for the same reason together, and of many the first."""
    alike: dict[tuple[str, str], list[str]] = {}
    for code, command in dict.fromkeys(found):
        alike.setdefault((code, command.why), []).append(shlex.join(command.argv))
    for (code, why), calls in alike.items():
        for call in calls[:MANY]:
            yield from _row(terminal, "run   ", "yellow", f"{code} {shown(call)}")
        if len(calls) > MANY:
            more = f"{len(calls) - MANY} more like these: mlscaffold audit --select {code} --all"
            yield from terminal.wrap(more, INDENT + HANGING)
        yield from terminal.wrap(shown(why), INDENT + HANGING)


def _left(left: Sequence[Left], terminal: Terminal) -> Iterator[str]:
    for why in dict.fromkeys(one.why for one in left):
        rows = dict.fromkeys(f"{one.code}{JOINED}{shown(one.path)}" for one in left if one.why == why)
        places = ", ".join(rows)
        yield from (row.replace(JOINED, " ") for row in _row(terminal, "left  ", "dim", places))
        yield from terminal.wrap(shown(why), INDENT + HANGING)


def _row(terminal: Terminal, head: str, style: str, text: str) -> Iterator[str]:
    first, *rest = terminal.wrap(f"{head} {text}", INDENT, HANGING)
    yield first.replace(head, terminal.paint(head, style), 1)
    yield from rest
