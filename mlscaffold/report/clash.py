"""One place where both sides changed: what each made of what stood there, for a person at a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.steps import Clash

MOST = 12
"""Lines of one side that are shown; `--format json` and the pull request's text have more."""
INDENT = " " * 6
STYLES = {"+": "green", "-": "red"}


def lines(clash: Clash, terminal: Terminal) -> Iterator[str]:
    """The key, and below it how each side differs from what stood there, or what it says without that."""
    if clash.key:
        yield f"{INDENT}{terminal.paint(shown(clash.key), 'bold')}"
    for name, side in (("yours", clash.ours), ("template", clash.theirs)):
        first, *rest = list(_side(clash.base, side))
        yield from terminal.wrap(f"{name:>8}: {first}", INDENT, " " * 10) if not rest else []
        if rest:
            yield f"{INDENT}{name:>8}:"
            yield from (f"{INDENT}  {_painted(line, terminal)}" for line in [first, *rest])


def _side(base: str | None, side: str | None) -> Iterator[str]:
    if side is None or (base and not side):
        yield "removed" if base else "not there"
    elif base is None or base == side:
        yield from _cut([shown(line) for line in side.splitlines()] or ["(empty)"])
    elif len(base.splitlines()) == len(side.splitlines()) == 1:
        yield f"{shown(base)} → {shown(side)}"
    else:
        compared = difflib.ndiff(base.splitlines(), side.splitlines())
        changed = [shown(line) for line in compared if line[:1] in STYLES]
        yield from _cut(changed or ["other line ends"])


def _cut(found: list[str]) -> list[str]:
    more = len(found) - MOST
    return [*found[:MOST], f"… {more} more {'line' if more == 1 else 'lines'}"] if more > 0 else found


def _painted(line: str, terminal: Terminal) -> str:
    style = STYLES.get(line[:1])
    return terminal.paint(line, style) if style else line
