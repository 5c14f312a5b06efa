"""What an adoption wrote and added, for a person and as the message of a commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlscaffold.baseline import Entry
from mlscaffold.printable import shown
from mlscaffold.report.outcome import rows, what_it_gives
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.fixing import Outcome


def render(
    additions: Sequence[tuple[str, Outcome]],
    first: Sequence[str],
    add: Sequence[str],
    terminal: Terminal,
    shows: Sequence[Entry] = (),
) -> str:
    """The first files, each added practice with its files, and what could not be added and why."""
    out = [f"  {terminal.paint('start ', 'green')} {shown(path)}" for path in first]
    out += rows([outcome for _, outcome in additions], terminal, verb="added")
    out += [
        f"  listed {one.code} {shown(one.path)}: it only shows now, so the baseline takes it in"
        for one in shows
    ]
    named = [pair for pair in additions if pair[0] in add]
    out += [row for code, outcome in named for row in _nothing(code, outcome)]
    if add and not additions:
        out.append("  none   nothing that mlscaffold can add is missing")
    if first and not add:
        out += ["", "Today's findings are the baseline. One practice more: mlscaffold adopt --add next"]
    return "\n".join(out) + "\n"


def _nothing(code: str, outcome: Outcome) -> Iterator[str]:
    if not (outcome.fixed or outcome.left or outcome.commands):
        yield f"  none   {code}: the practice is met, or nothing can be added for it"


def message(code: str, outcome: Outcome) -> str:
    """The message of the commit that adds one practice."""
    return "\n".join([f"add {code}", "", *_rows(outcome)]) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    for fixed in outcome.fixed:
        yield f"{', '.join(map(shown, fixed.paths))}: {shown(what_it_gives(fixed))}"
    for left in outcome.left:
        yield f"left: {shown(left.path)}: {shown(left.why)}"
