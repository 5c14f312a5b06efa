"""What a run of `fix` came to, for a person and as the message of a commit."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.fixing import Outcome


def render(outcome: Outcome, terminal: Terminal) -> str:
    """What was fixed, what only a command can do, and what is left for a person."""
    out = []
    for fixed in outcome.fixed:
        head = terminal.paint("fixed", "green")
        out.append(f"  {head} {fixed.code} {', '.join(map(shown, fixed.paths))}: {shown(fixed.message)}")
    for code, command in outcome.commands:
        out.append(
            f"  {terminal.paint('run', 'yellow')}   {code} {shlex.join(command.argv)} ({shown(command.why)})"
        )
    out += [f"  left  {one.code} {shown(one.path)}: {shown(one.why)}" for one in outcome.left]
    files = len(outcome.files)
    told = [f"{len(outcome.fixed)} fixed in {files} files" if files else "nothing to fix by itself"]
    told += [f"{len(outcome.commands)} to run (--unsafe runs them)"] if outcome.commands else []
    told += [f"{len(outcome.left)} left for a person"] if outcome.left else []
    return "\n".join([*out, *([""] if out else []), ", ".join(told)]) + "\n"


def message(outcome: Outcome) -> str:
    """The message of one commit that holds the run."""
    codes = ", ".join(dict.fromkeys(fixed.code for fixed in outcome.fixed))
    return "\n".join([f"fix {codes}", "", *_rows(outcome)]) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    for fixed in outcome.fixed:
        yield f"- {fixed.code}: {', '.join(map(shown, fixed.paths))}: {shown(fixed.message)}"
