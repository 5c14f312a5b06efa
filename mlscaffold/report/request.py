"""The text of a pull request for a plan: what changes, why, what was declined, and what is left to decide."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.printable import shown
from mlscaffold.upkeep.steps import Clash, Fate, Plan, Step

HEADS: dict[Fate, str] = {
    "add": "Added",
    "update": "Updated: nobody had edited these",
    "merge": "Merged with your edits",
    "move": "Moved",
    "delete": "Removed",
}


def render(plan: Plan) -> str:
    """Markdown, in which nobody is mentioned, whatever a file says: a hundred requests stay quiet."""
    return "\n".join(_parts(plan)).rstrip() + "\n"


def message(plan: Plan) -> str:
    """The same as the message of a commit: its first line is the title."""
    return f"{plan.title}\n\n" + "\n".join(_body(plan)).strip() + "\n"


def _parts(plan: Plan) -> Iterator[str]:
    yield f"# {_quiet(plan.title)}\n"
    yield from _body(plan)


def _body(plan: Plan) -> Iterator[str]:
    for change in plan.changes:
        values = f"{_code(change.before)} → {_code(change.after)}"
        yield f"- answer `{change.question}`: {values} ({_quiet(change.why)})"
    for fate, head in HEADS.items():
        yield from _section(head, [_row(step) for step in plan.of(fate)])
    yield from _section("To be made anew", [_command(step) for step in plan.of("regenerate")])
    yield from _section("Declined here", [_row(step) for step in plan.of("declined")])
    yield from _section("Yours stays", [_row(step) for step in plan.of("kept")])
    yield from _section("Not touched: decide", [_row(step) for step in plan.of("declined?", "blocked")])
    for step in plan.of("conflict"):
        yield f"\n## Conflict in {_code(step.path)}\n\n{_quiet(step.why)}. Yours stays until you decide:\n"
        yield f"`mlscaffold update --mine {shown(step.path)}` or `--template {shown(step.path)}`\n"
        for clash in step.clashes:
            yield from _sides(clash)


def _section(head: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield f"\n## {head}\n"
        yield from rows


def _row(step: Step) -> str:
    moved = f" (from {_code(step.moved_from)})" if step.moved_from else ""
    return f"- {_code(step.path)}{moved}: {_quiet(step.why)}"


def _command(step: Step) -> str:
    run = f", by {_code(' '.join(step.command))}" if step.command else ""
    return f"- {_code(step.path)}{run}: {_quiet(step.why)}"


def _sides(clash: Clash) -> Iterator[str]:
    if clash.key:
        yield f"Key {_code(clash.key)}\n"
    for name, side in (("before", clash.base), ("yours", clash.ours), ("template", clash.theirs)):
        yield f"{name}:\n"
        yield _fenced("(it is not there)" if side is None else side)


def _fenced(text: str) -> str:
    fence = "`" * max(3, max((len(run) for run in _ticks(text)), default=0) + 1)
    body = "\n".join(shown(line) for line in text.splitlines())
    return f"{fence}text\n{body}\n{fence}\n"


def _ticks(text: str) -> list[str]:
    return [run for run in "".join(c if c == "`" else " " for c in text).split() if run]


def _code(value: object) -> str:
    text = "none" if value is None else shown(str(value))
    return f"`{text}`" if "`" not in text else f"`` {text} ``"


def _quiet(text: str) -> str:
    """Text in which no `@name` calls anybody and no `#1` links anything."""
    return shown(text).replace("@", "@\u200b").replace("#", "#\u200b").replace("<", "&lt;")
