"""A plan for a person: what changes by itself, what is to be decided, and what was left alone."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.report.clash import lines
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.diff import diff
from mlscaffold.upkeep.plan import Questions
from mlscaffold.upkeep.steps import Fate, Plan, Step

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


COUNTED: dict[Fate, tuple[str, str]] = {
    "conflict": ("conflict", "conflicts"),
    "declined?": ("file that you deleted", "files that you deleted"),
    "declined": ("declined", "declined"),
    "kept": ("kept", "kept"),
    "blocked": ("blocked", "blocked"),
    **{fate: (f"to {fate}",) * 2 for fate in ("add", "update", "merge", "move", "delete", "regenerate")},
}
"""How one and how several paths of a fate are counted."""

HINTS: dict[Fate, str] = {
    "conflict": "To decide a conflict: the same command with --mine PATH (yours stays), --template PATH "
    "(the template's) or --markers PATH (both in the text, to edit).",
    "declined?": "What you deleted stays away. For good: --decline PATH=REASON. "
    "To have it back: --template PATH.",
    "blocked": "To unblock: commit, stash or move what is in the way, then run it again.",
}
"""What a person may do about a fate."""


def render(plan: Plan, terminal: Terminal, *, diffs: bool = False) -> str:
    """Every path's fate, the answers that change, both sides of each conflict, and with `diffs` each diff."""
    if not plan.steps and not plan.changes:
        return f"Nothing to do: this repository follows {plan.after}.\n"
    same = plan.before == plan.after
    head = f"{plan.after}: what was open" if same else f"{plan.before} → {plan.after}"
    out = [terminal.paint(head, "bold"), ""]
    out += [line for change in plan.changes for line in _answer(terminal, *change)]
    out += [""] if plan.changes else []
    wide = max((len(shown(step.path)) for step in plan.steps), default=0)
    for step in sorted(plan.steps, key=lambda s: (list(MARKS).index(s.fate), s.path)):
        out += _lines(step, terminal, wide, diffs=diffs)
    return "\n".join([*out, "", _summary(plan), *_hints(plan, terminal), ""])


def _answer(terminal: Terminal, question: str, before: object, after: object, why: str) -> list[str]:
    words = " → ".join("(no answer)" if v is None else shown(str(v)) or "(empty)" for v in (before, after))
    first, *rest = terminal.wrap(f"answer {question}: {words} ({why})", "  ", "  ")
    return [first.replace("answer", terminal.paint("answer", "bold"), 1), *rest]


def _lines(step: Step, terminal: Terminal, wide: int, *, diffs: bool) -> Iterator[str]:
    sign, style = MARKS[step.fate]
    where = f", from {shown(step.moved_from)}" if step.moved_from else ""
    where += f", which was {shown(step.followed)}" if step.followed else ""
    path, why = shown(step.path), f"{shown(step.why)}{where}"
    plain = f"{path.ljust(wide)}  {why}".rstrip()
    fits = not terminal.width or len(plain) + 15 <= terminal.width
    yield f"  {terminal.paint(f'{sign} {step.fate:<10}', style)} {plain if fits else path}"
    if not fits:
        yield from terminal.wrap(why, " " * 15)
    for clash in step.clashes:
        yield from lines(clash, terminal)
    if diffs and step.writes and step.fate != "delete":
        yield from (f"      {_painted(terminal, shown(line))}" for line in diff(step).splitlines())


def _painted(terminal: Terminal, line: str) -> str:
    style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return terminal.paint(line, style) if style else line


def _summary(plan: Plan) -> str:
    numbers = [(fate, sum(1 for _ in plan.of(fate))) for fate in MARKS]
    words = (f"{number} {COUNTED[fate][number > 1]}" for fate, number in numbers if number)
    return ", ".join(words) or "no file changes"


def _hints(plan: Plan, terminal: Terminal) -> Iterator[str]:
    """What a person does next about what no update decides."""
    fates = {step.fate for step in plan.steps}
    commands = dict.fromkeys(shlex.join(step.command) for step in plan.of("regenerate") if step.command)
    for fate, hint in HINTS.items():
        if fate in fates:
            yield from terminal.wrap(hint, "", "  ")
    if commands:
        yield from terminal.wrap(f"To regenerate: {'; '.join(commands)}", "", "  ")


def questions(found: Questions) -> str:
    """What must be answered first, a line each."""
    return "".join(f"mlscaffold: {shown(one.message)}\n" for one in found.refused)
