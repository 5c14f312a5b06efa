"""Drift for a person: the paths that differ, how, and what heals them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.diff import between
from mlscaffold.upkeep.drift import Drift, State

STYLES: dict[State, str] = {
    "drifted": "red",
    "missing": "red",
    "unknown": "yellow",
    "behind": "cyan",
    "declined": "dim",
    "conforming": "green",
}
"""The colour of each state, in the order in which they are shown."""


def render(found: Sequence[Drift], version: str, terminal: Terminal, *, diffs: bool = False) -> str:
    """The paths that are not conforming, with `diffs` each difference, and the count of each state."""
    order = list(STYLES)
    wrong = sorted(
        (d for d in found if d.state != "conforming"), key=lambda d: (order.index(d.state), d.path)
    )
    wide = max((len(shown(one.path)) for one in wrong), default=0)
    out = []
    for one in wrong:
        state = terminal.paint(f"{one.state:<10}", STYLES[one.state])
        out.append(f"  {state} {shown(one.path).ljust(wide)}  {shown(one.why)}".rstrip())
        if diffs and one.healed and one.state != "missing":
            out += [
                f"      {shown(line)}"
                for line in between(one.path, one.path, one.healed, one.ours).splitlines()
            ]
    counts = Counter(one.state for one in found)
    told = (
        ", ".join(f"{counts[state]} {state}" for state in order if counts[state])
        or "nothing is governed here"
    )
    healing = any(one.state in ("drifted", "missing") for one in wrong)
    hint = ["Take the template's word back: mlscaffold fix --path PATH"] if healing else []
    behind = ["Bring the newer version: mlscaffold update"] if counts["behind"] else []
    return "\n".join([*out, *([""] if out else []), f"{told} (version {version})", *hint, *behind]) + "\n"
