"""What a run of `fix` came to, for a person and as the message of a commit."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.report.outcome import rows
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import counted
from mlscaffold.upkeep.fixing import Outcome


def render(outcome: Outcome, terminal: Terminal, *, unsafe: bool = False) -> str:
    """What was fixed, what only a command can do, and what is left for a person."""
    out = list(rows([outcome], terminal, verb="fixed"))
    files = counted(len(outcome.files), "file")
    told = [f"{len(outcome.fixed)} fixed in {files}" if outcome.files else "nothing to fix by itself"]
    if outcome.commands:
        told.append(f"{len(outcome.commands)} to run" + ("" if unsafe else " (--unsafe runs them)"))
    told += [f"{len(outcome.left)} left for a person"] if outcome.left else []
    return "\n".join([*out, *([""] if out else []), ", ".join(told)]) + "\n"


def message(outcome: Outcome) -> str:
    """The message of one commit that holds the run."""
    codes = ", ".join(dict.fromkeys(fixed.code for fixed in outcome.fixed))
    return "\n".join([f"fix {codes}", "", *_rows(outcome)]) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    for fixed in outcome.fixed:
        yield f"- {fixed.code}: {', '.join(map(shown, fixed.paths))}: {shown(fixed.message)}"
