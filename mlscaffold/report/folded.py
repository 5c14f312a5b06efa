"""Much in little room: places of one file together, findings by a line each, rules of one answer together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlscaffold.audit import Result
from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import place
from mlscaffold.rule import Finding, Place

PLACES = 3
"""Places that are named where the width does not say how many there is room for."""

CUT = "…"
LEAST = 24
"""Columns that are left to a message beside its place."""


def folded(finding: Finding, width: int) -> str:
    """The further places of a finding in `width` columns, at least one, and how many there are beyond.

    A file is named once for its lines, or not at all where it is the finding's own. A `width` of no columns,
    or fewer, stands for none that is known.
    """
    text = ""
    for number, part in enumerate(_parts(finding), 1):
        longer = f"{text}, {part}" if text else part
        left = _left(finding.also[number:])
        if text and (number > PLACES if width <= 0 else len(longer + left) > width):
            return text + _left(finding.also[number - 1 :])
        text = longer
    return text


def _left(places: tuple[Place, ...]) -> str:
    """How many places are not named, and in how many files they are, where that tells more."""
    files = len({at.path for at in places})
    return (
        f" and {len(places)} more" + (f" in {files} files" if 1 < files < len(places) else "")
        if places
        else ""
    )


def _parts(finding: Finding) -> Iterator[str]:
    before: Finding | Place = finding
    for number, at in enumerate(finding.also):
        if at.path != before.path or not at.line:
            yield place(at)
        elif at.cell:
            yield f"cell {at.cell}"
        elif number and not before.cell:
            yield str(at.line)
        else:
            following = finding.also[number + 1 : number + 2]
            yield f"lines {at.line}" if following and following[0].path == at.path else f"line {at.line}"
        before = at


def brief(finding: Finding, terminal: Terminal) -> Iterator[str]:
    """A finding in one line: its place, how many more there are, and as much of the message as fits."""
    more = f" and {len(finding.also)} more" if finding.also else ""
    where, message = place(finding) + more, shown(finding.message)
    room = terminal.width - 8
    if terminal.width and len(where) + len(message) > room:
        if finding.cell:
            where = f"{shown(finding.path)} (cell {finding.cell}){more}"
        where = _middle(where, max(room - LEAST, LEAST))
        message = message[: max(room - len(where) - 1, 0)].rstrip() + CUT
    yield f"      {terminal.paint(where, 'cyan')}  {message}"


def _middle(text: str, width: int) -> str:
    """The text without its middle where it is too long: the ends of a path tell most."""
    if len(text) <= width:
        return text
    tail = width * 2 // 3
    return text[: width - tail - 1] + CUT + text[-tail:]


def alike(results: Iterable[Result]) -> Iterable[list[Result]]:
    """The results one by one, but together those that do not apply for the same reason."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        told = result.answers or result.suppressed or result.baselined or result.new
        same = result.outcome == "not applicable" and not told
        groups.setdefault(("", result.reason) if same else (result.rule.code, ""), []).append(result)
    return groups.values()
