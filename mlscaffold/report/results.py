"""One result in the text report: what is wrong, where, and what to do, in as few lines as that takes."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.audit import Report, Result
from mlscaffold.named import NamedTuple
from mlscaffold.printable import shown
from mlscaffold.report.folded import brief, folded
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import mended_by, place
from mlscaffold.rule import Answer, Finding, Open, Satisfied, Unknown
from mlscaffold.titles import title_of

MARKS = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "open": ("…", "cyan"),
    "unknown": ("?", "yellow"),
    "blocked": ("‖", "dim"),
    "suppressed": ("–", "dim"),
    "baselined": ("–", "dim"),
    "not applicable": ("·", "dim"),
}
ADVISED = ("!", "yellow")
BODY = "    "
PLACES = 3
MOST_LINES, COLUMNS = 4, 80
"""Lines of one message in the short report at so many columns: what is longer lists files."""

SEPARATOR = " · "
UNBROKEN = "\u00a0"
"""A space at which no line ends: a rule's code stays with its name."""


class View(NamedTuple):
    """What is shown of a report, and on what."""

    report: Report
    terminal: Terminal
    everything: bool = False
    places: int = PLACES
    """Findings of one rule."""
    names: bool = True
    """Whether what is advised stands there with its name."""

    whole: bool = True
    """Whether what cannot be told, and what a person must write, takes more than a line."""


def of(view: View, result: Result) -> Iterator[str]:
    """The result's head and its answers; what is advised has one line in the short report."""
    mark = MARKS[result.outcome]
    advised = result.outcome == "failed" and result.strength == "advised"
    short = advised and not view.everything
    tail = f" · {_first_place(result)}" if short else _weight(view, result)
    new = " · new" if result.new else ""
    style = ("bold",) if result.fails else ()
    beside = f" {result.reason}" if result.outcome == "blocked" else ""
    yield from row(
        view.terminal,
        ADVISED if advised else mark,
        f"{result.rule.code} {_heading(result)}{beside}{new}{tail}",
        style,
    )
    if result.reason and not beside:
        yield from view.terminal.wrap(result.reason, BODY)
    if not short:
        yield from _answers(view, result)


def row(terminal: Terminal, mark: tuple[str, str], text: str, style: tuple[str, ...] = ()) -> Iterator[str]:
    """The text behind its mark."""
    head, *rest = (line.replace(UNBROKEN, " ") for line in terminal.wrap(text, BODY, "  "))
    yield f"  {terminal.paint(*mark)} " + terminal.paint(head.lstrip(), *style)
    yield from rest


def _heading(result: Result) -> str:
    """What is wrong; of a rule that found nothing wrong its name, which reads well beside the outcome."""
    if result.outcome in ("failed", "unknown"):
        return title_of(result.rule)
    return f"{result.rule.name}: {result.outcome}"


def _weight(view: View, result: Result) -> str:
    """That it is required, where that is not said above, and how much waits for it."""
    required = [result.strength] if view.everything and result.fails else []
    waiting = blocked_by(view.report, result.rule.code)
    return "".join(f" · {word}" for word in (*required, *([f"blocks {waiting}"] if waiting else [])))


def blocked_by(report: Report, code: str) -> int:
    """How many rules wait for this one, or for one that waits for it."""
    direct = [r.rule.code for r in report.results if r.outcome == "blocked" and r.reason == f"by {code}"]
    return len(direct) + sum(blocked_by(report, waiting) for waiting in direct)


def _first_place(result: Result) -> str:
    """The first place of an advised rule and the count of the others; `--all` shows them."""
    others = sum(1 + len(f.also) for f in result.findings) - 1
    return place(result.findings[0]) + (f" and {others} more" if others else "")


def _answers(view: View, result: Result) -> Iterator[str]:
    """The first answer in full, further ones by a line each: a screen is for every cause."""
    terminal, everything = view.terminal, view.everything
    said = [a for a in result.answers if everything or isinstance(a, (Finding, Unknown))]
    shown_now = said if everything else said[: view.places]
    for number, answer in enumerate(shown_now):
        if isinstance(answer, Satisfied) and result.outcome != "passed":
            yield from where(f"✓ {shown(answer.path)}", shown(answer.by), terminal)
        elif number and not everything and isinstance(answer, (Finding, Unknown)):
            yield from brief(answer, terminal)
        else:
            yield from _answer(view, answer)
    for known in result.baselined if everything else ():
        yield from terminal.wrap(f"{place(known)} baselined: {shown(known.message)}", BODY)
    for suppressed in result.suppressed if everything else ():
        yield from terminal.wrap(f"{place(suppressed.finding)} ignored: {suppressed.by.reason}", BODY)
    if hidden := len(said) - len(shown_now):
        yield terminal.paint(
            f"{BODY}… and {hidden} more (--all shows {'it' if hidden == 1 else 'them'})", "dim"
        )


def _answer(view: View, answer: Answer) -> Iterator[str]:
    terminal = view.terminal
    match answer:
        case Finding(message=message):
            most = 0 if view.everything else MOST_LINES * max(COLUMNS // (terminal.width or COLUMNS), 1)
            lines = list(where(place(answer), shown(message), terminal, most=most))
            yield from _with(lines, _further(view, answer), terminal)
        case Open(message=message):
            yield from where(place(answer), shown(message), terminal)
        case Satisfied(path=path, by=by):
            yield from where(shown(path), shown(by), terminal)
        case Unknown(path=path, reason=reason):
            yield from where(shown(path), shown(reason), terminal)


def where(place: str, message: str, terminal: Terminal, most: int = 0) -> Iterator[str]:
    """The place, then the message, which goes to its own lines where beside the place it takes more of them.

    With `most`, no more lines than that are the message's.
    """
    beside = terminal.wrap(f"{place}  {message}".strip(), BODY, "  ")
    below = terminal.wrap(message, BODY + "  ")
    start = len(BODY) + len(place)
    if place and (len(beside) > len(below) + 1 or (terminal.width and start > terminal.width)):
        yield BODY + terminal.paint(place, "cyan")
        lines = below
    else:
        lines = [BODY + terminal.paint(place, "cyan") * bool(place) + beside[0][start:], *beside[1:]]
    yield from lines[: most or len(lines)]
    if most and len(lines) > most:
        yield terminal.paint(f"{BODY}  … (--all shows the rest)", "dim")


def _further(view: View, finding: Finding) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What comes after the message, each with its colour: further places, and the fix."""
    if finding.also and view.everything:
        yield "also " + ", ".join(place(p) for p in finding.also), ()
    elif finding.also:
        yield f"also {folded(finding, view.terminal.width - len(BODY) - 7)}", ()
    if finding.fix is not None:
        yield mended_by(finding.fix, view.report.created), ("green",)


def _with(
    lines: list[str], further: Iterator[tuple[str, tuple[str, ...]]], terminal: Terminal
) -> Iterator[str]:
    """The lines and what comes after them, behind the last line where there is room."""
    for text, style in further:
        if len(text) + len(SEPARATOR) <= terminal.room(lines[-1]):
            lines[-1] += SEPARATOR + terminal.paint(text, *style)
        else:
            lines += (terminal.paint(line, *style) for line in terminal.wrap(text, BODY + "  ", "  "))
    yield from lines
