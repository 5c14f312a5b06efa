"""Much in little room: places of one file together, findings by a line each, rules of one answer together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlscaffold.audit import Result
from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import place
from mlscaffold.rule import Finding, Place, Unknown

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
    places = _by_file(finding)
    text = ""
    told = 0
    for number, (part, until) in enumerate(_parts(finding, places), 1):
        longer = f"{text}, {part}" if text else part
        if text and (number > PLACES if width <= 0 else len(longer + _left(places[until:])) > width):
            return text + _left(places[told:])
        text, told = longer, until
    return text


def _by_file(finding: Finding) -> tuple[Place, ...]:
    """The further places by line with those of one file together, those of the finding's own first."""
    files = dict.fromkeys((finding.path, *(at.path for at in finding.also)))
    order = {path: number for number, path in enumerate(files)}
    return tuple(sorted(finding.also, key=lambda at: (order[at.path], at.line or 0)))


def _left(places: tuple[Place, ...]) -> str:
    """How many places are not named, and in how many files they are, where that tells more."""
    files = len({at.path for at in places})
    return (
        f" and {len(places)} more" + (f" in {files} files" if 1 < files < len(places) else "")
        if places
        else ""
    )


def _parts(finding: Finding, places: tuple[Place, ...]) -> Iterator[tuple[str, int]]:
    """The words for each place, and how many places are told by then: a cell is named once for its lines."""
    before: Finding | Place = finding
    counting = False  # the word for what is counted stands there already
    for number, at in enumerate(places, 1):
        if at.path != before.path or not at.line:
            yield place(at), number
            counting = bool(at.line) and not at.cell
        elif not at.cell or at.cell != before.cell:
            yield ("" if counting else _word(at, places[number:])) + str(at.cell or at.line), number
            counting = True
        before = at


def _word(at: Place, following: tuple[Place, ...]) -> str:
    """What is counted, in the plural where more of the same file follow."""
    more = any(p.path == at.path and (not at.cell or p.cell != at.cell) for p in following)
    return ("cell" if at.cell else "line") + ("s " if more else " ")


def brief(answer: Finding | Unknown, terminal: Terminal) -> Iterator[str]:
    """An answer in one line: its place, how many more there are, and as much of the message as fits."""
    if isinstance(answer, Unknown):
        more, where, message = "", shown(answer.path), shown(answer.reason)
    else:
        more = f" and {len(answer.also)} more" if answer.also else ""
        where, message = place(answer) + more, shown(answer.message)
    room = terminal.width - 6
    if terminal.width and len(where) + len(message) > room:
        if isinstance(answer, Finding) and answer.cell:
            where = f"{shown(answer.path)} (cell {answer.cell}){more}"
        where = _middle(where, max(room - LEAST, LEAST))
        message = message[: max(room - len(where) - 1, 0)].rstrip() + CUT
    yield f"    {terminal.paint(where, 'cyan')}  {message}"


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
