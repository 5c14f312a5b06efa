"""How an answer reads in one line; every format and every rule page shares these words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlscaffold.edits import Command, Edit, FromTemplate
from mlscaffold.printable import shown
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, Unknown


def place(at: Finding | Open | Place) -> str:
    """`path:line`, and in a notebook the cell and the line in that cell."""
    text = f"{shown(at.path)}:{at.line}" if at.line else shown(at.path)
    cell = getattr(at, "cell", None)
    if cell is None:
        return text
    inside = getattr(at, "cell_line", None)
    return f"{text} (cell {cell}, line {inside})" if inside else f"{text} (cell {cell})"


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its word."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def fix_line(fix: Edit | FromTemplate | Command, created: Collection[str] = ()) -> str:
    """What the fix is, in one line; `created` are files that are not there yet."""
    match fix:
        case Edit(path=path, safe=safe):
            return f"{'write' if path in created else 'edit'} {shown(path)}" + (
                "" if safe else " (can change results: see `mlscaffold fix --unsafe --diff`)"
            )
        case FromTemplate(path=path, by=by):
            return f"write {shown(path)} (`mlscaffold {by}` writes one that fits)"
        case Command(argv=argv):
            return f"run {shown(_typed(argv))}"


def mended_by(fix: Edit | FromTemplate | Command, created: Collection[str] = ()) -> str:
    """What to type, and what that does; `created` are files that are not there yet."""
    match fix:
        case Edit(path=path, safe=safe):
            what = f"{'writes' if path in created else 'edits'} {shown(path)}"
            return f"`mlscaffold fix{'' if safe else ' --unsafe'}` {what}"
        case FromTemplate(path=path, by=by):
            return f"`mlscaffold {by}` writes {shown(path)}"
        case Command(argv=argv):
            return f"fix: run {shown(_typed(argv))}"


def _typed(argv: tuple[str, ...]) -> str:
    import shlex

    return shlex.join(argv)


def lines(answer: Answer) -> Iterator[str]:
    """The answer, its further places and its fix, as the rule pages write them."""
    match answer:
        case Finding(message=message, also=also, fix=fix):
            yield f"failed {place(answer)} {shown(message)}"
            for further in also:
                yield f"  also {place(further)}"
            if fix is not None:
                yield f"  fix: {fix_line(fix)}"
        case Satisfied(path=path, by=by):
            yield f"passed {shown(path)} by {shown(by)}"
        case Open(message=message):
            yield f"open {place(answer)} {shown(message)}"
        case Unknown(reason=reason, path=path):
            yield f"unknown {shown(path)} {shown(reason)}" if path else f"unknown {shown(reason)}"
