"""A plan for a person: what changes by itself, what is to be decided, and what was left alone."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.diff import diff
from mlscaffold.upkeep.plan import Questions
from mlscaffold.upkeep.steps import Clash, Fate, Plan, Step

MARKS: dict[Fate, tuple[str, str]] = {
    "add": ("+", "green"),
    "update": ("~", "cyan"),
    "merge": ("~", "cyan"),
    "move": (">", "cyan"),
    "delete": ("-", "red"),
    "conflict": ("!", "red"),
    "declined?": ("?", "yellow"),
    "blocked": ("x", "red"),
    "regenerate": ("*", "yellow"),
    "declined": (" ", "dim"),
    "kept": (" ", "dim"),
}
"""The sign and the colour of each fate, in the order in which they are shown."""


def render(plan: Plan, terminal: Terminal, *, diffs: bool = False) -> str:
    """Every path's fate, the answers that change, both sides of each conflict, and with `diffs` each diff."""
    if not plan.steps and not plan.changes:
        return f"Nothing to do: this repository follows {plan.after}.\n"
    out = [terminal.paint(f"{plan.before} → {plan.after}", "bold"), ""]
    out += [_answer(terminal, *change) for change in plan.changes]
    out += [""] if plan.changes else []
    wide = max((len(shown(step.path)) for step in plan.steps), default=0)
    for step in sorted(plan.steps, key=lambda s: (list(MARKS).index(s.fate), s.path)):
        out += _lines(step, terminal, wide, diffs=diffs)
    return "\n".join([*out, "", _summary(plan), ""])


def _answer(terminal: Terminal, question: str, before: object, after: object, why: str) -> str:
    words = " → ".join(shown(str(v)) if v is not None else "none" for v in (before, after))
    return f"  {terminal.paint('answer', 'bold')} {question}: {words} ({why})"


def _lines(step: Step, terminal: Terminal, wide: int, *, diffs: bool) -> Iterator[str]:
    sign, style = MARKS[step.fate]
    path = shown(step.path).ljust(wide)
    where = f", from {shown(step.moved_from)}" if step.moved_from else ""
    where += f", which was {shown(step.followed)}" if step.followed else ""
    yield f"  {terminal.paint(f'{sign} {step.fate:<10}', style)} {path}  {shown(step.why)}{where}".rstrip()
    if step.command:
        yield f"      run: {shlex.join(step.command)}"
    for clash in step.clashes:
        yield from _clash(clash)
    if diffs and step.writes:
        yield from (f"      {_painted(terminal, shown(line))}" for line in diff(step).splitlines())


def _clash(clash: Clash) -> Iterator[str]:
    if clash.key:
        yield f"      {shown(clash.key)}"
    for name, side in (("before", clash.base), ("yours", clash.ours), ("template", clash.theirs)):
        if side is not None:
            first, *rest = shown_lines(side)
            yield f"      {name:>9}: {first}"
            yield from (f"      {'':>9}  {line}" for line in rest)


def shown_lines(text: str) -> list[str]:
    """A side of a conflict as lines that may be printed; an empty one says so."""
    return [shown(line) for line in text.splitlines()] or ["(nothing)"]


def _painted(terminal: Terminal, line: str) -> str:
    style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return terminal.paint(line, style) if style else line


def _summary(plan: Plan) -> str:
    counted = [(fate, sum(1 for _ in plan.of(fate))) for fate in MARKS]
    return ", ".join(f"{count} {fate}" for fate, count in counted if count) or "no file changes"


def questions(found: Questions) -> str:
    """What must be answered first, a line each."""
    return "".join(f"mlscaffold: {shown(one.message)}\n" for one in found.refused)
