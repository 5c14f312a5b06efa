"""The answers of a repository to the template's questions, with what proves them: as text and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlscaffold.printable import shown
from mlscaffold.repo.repo import Unreadable
from mlscaffold.report.terminal import Terminal
from mlscaffold.upkeep.answering.proven import Answer, Place

PLACES = 3
"""How many places of one answer the text shows."""


def as_text(
    answers: Sequence[Answer],
    terminal: Terminal,
    withheld: Mapping[str, Sequence[str]] | None = None,
    unread: Sequence[Unreadable] = (),
) -> str:
    """A row for each question, the places below it, and then what cannot be expressed or read."""
    width = max(len(answer.question) for answer in answers)
    rows = [line for answer in answers for line in _rows(answer, width, terminal)]
    for feature, questions in sorted((withheld or {}).items()):
        rows.append(f"not offered: {feature} (it needs {', '.join(questions)})")
    for broken in unread:
        where = shown(broken.path) + (f":{broken.line}" if broken.line else "")
        rows.append(terminal.paint(f"not read: {where} {shown(broken.reason)}", "yellow"))
    return "\n".join(rows) + "\n"


def _rows(answer: Answer, width: int, terminal: Terminal) -> Iterator[str]:
    if answer.value is None:
        value = terminal.paint(answer.state, "yellow")
        confidence = ""
    else:
        value, confidence = shown(answer.value) or "(empty)", f"  {answer.confidence}"
    yield f"{answer.question:{width}}  {value}{terminal.paint(confidence, 'dim')}"
    indent = " " * (width + 2)
    for place in answer.evidence[:PLACES]:
        yield terminal.paint(f"{indent}{_where(place)}", "dim")
    if (more := len(answer.evidence) - PLACES) > 0:
        yield terminal.paint(f"{indent}and {more} more", "dim")
    if answer.said:
        yield from terminal.wrap(shown(answer.said), indent)


def _where(place: Place) -> str:
    line = f":{place.line}" if place.line else ""
    return f"{shown(place.path)}{line}" + (f" {shown(place.note)}" if place.note else "")


def as_data(
    answers: Sequence[Answer],
    withheld: Mapping[str, Sequence[str]] | None = None,
    unread: Sequence[Unreadable] = (),
) -> dict[str, Any]:
    """The same as plain data, for a JSON document: `value` is null where there is no answer."""
    return {
        "answers": [
            {
                "question": answer.question,
                "state": answer.state,
                "value": answer.value if answer.value is None else shown(answer.value),
                "confidence": answer.confidence,
                "evidence": [
                    {"path": shown(p.path), "line": p.line, "note": shown(p.note)} for p in answer.evidence
                ],
                "said": shown(answer.said),
            }
            for answer in answers
        ],
        "withheld": {feature: list(questions) for feature, questions in sorted((withheld or {}).items())},
        "unread": [{"path": shown(b.path), "line": b.line, "reason": shown(b.reason)} for b in unread],
    }
