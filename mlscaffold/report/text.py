"""The report for people: what is wrong first, worst and cheapest on top, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from mlscaffold.audit import OUTCOMES, Report, Result
from mlscaffold.page import title_of
from mlscaffold.printable import shown
from mlscaffold.report.folded import alike, brief, folded
from mlscaffold.report.members import members
from mlscaffold.report.order import urgency
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import counted, fix_line, place
from mlscaffold.rule import Answer, Finding, Open, Satisfied, Unknown

PILLARS = {
    "VCS": "Version control",
    "EXP": "Experiments",
    "ENV": "Environments",
    "REP": "Reproducibility",
    "DOC": "Documentation",
    "TEAM": "Working together",
}
LEVELS = {
    1: "same machine, same result",
    2: "other machines",
    3: "statistically the same",
    4: "an independent implementation",
}
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
PLACES = 3
NEXT = 3
UNBROKEN = "\u00a0"
"""A space at which no line ends: a rule's code stays with its name."""

MOST_LINES = 4
"""Lines of one message in the short report: what is longer lists files."""


def render(report: Report, terminal: Terminal, *, everything: bool = False) -> str:
    """The whole report, in which what is advised is only named.

    `everything` shows that in full too, with what passed and why the rest did not apply.
    """
    blocks = [
        list(_head(report, terminal)),
        *(
            list(_pillar(name, found, report, terminal, everything))
            for name, found in _grouped(report, everything)
        ),
        list(_advised(report, terminal, everything)),
        list(
            members(
                report,
                terminal,
                partial(_rule, report=report, terminal=terminal, everything=everything),
                everything=everything,
            )
        ),
        list(_open_items(report, terminal)),
        list(_levels(report, terminal)),
        list(_notes(report, terminal)),
        list(_next(report, terminal)),
        list(_tail(report, terminal, everything)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(report: Report, terminal: Terminal) -> Iterator[str]:
    where = f"{shown(report.label)} @ {report.commit[:10]}" if report.commit else shown(report.label)
    yield terminal.paint(where, "bold")
    yield from terminal.wrap(
        f"mlscaffold {report.tool} · standard {report.standard} · profile {report.config.profile},"
        f" {report.config.profile_source} · {counted(report.files, 'file')}"
        + ("" if report.in_git else " · not in git"),
        "",
    )


def _grouped(report: Report, everything: bool) -> list[tuple[str, list[Result]]]:
    groups: dict[str, list[Result]] = {}
    for result in report.results:
        if everything or (result.outcome in ("failed", "unknown") and not _only_named(report, result)):
            groups.setdefault(result.rule.code[:-3], []).append(result)
    for results in groups.values():
        results.sort(key=urgency)
    return sorted(groups.items(), key=lambda g: (-sum(r.fails for r in g[1]), list(PILLARS).index(g[0])))


def _only_named(report: Report, result: Result) -> bool:
    """Whether the short report leaves it at the name: a screen is for what must be mended."""
    return result.strength == "advised" and not report.config.select


def _advised(report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    """What the profile advises and is missing, by name, a line for each pillar."""
    names: dict[str, list[str]] = {}
    for result in report.of("failed"):
        if not everything and _only_named(report, result):
            new = " (new)" if result.new else ""
            names.setdefault(result.rule.code[:-3], []).append(
                f"{result.rule.code}{UNBROKEN}{result.rule.name}{new}"
            )
    if not names:
        return
    count = sum(map(len, names.values()))
    yield terminal.paint("Advised", "bold") + f": {count} (--all shows each place)"
    for pillar, title in PILLARS.items():
        if pillar in names:
            lines = terminal.wrap(f"{title}: {', '.join(names[pillar])}", "    ", "  ")
            head, *rest = (line.replace(UNBROKEN, " ") for line in lines)
            yield f"  {terminal.paint('!', 'yellow')} {head.lstrip()}"
            yield from rest


def _pillar(
    name: str, results: Iterable[Result], report: Report, terminal: Terminal, everything: bool
) -> Iterator[str]:
    yield terminal.paint(PILLARS[name], "bold")
    for group in alike(results):
        if len(group) > 1:
            yield from _not_applicable(group, terminal)
        else:
            yield from _rule(group[0], report, terminal, everything)


def _not_applicable(group: list[Result], terminal: Terminal) -> Iterator[str]:
    names = ", ".join(f"{result.rule.code} {result.rule.name}" for result in group)
    mark, colour = MARKS["not applicable"]
    head, *rest = terminal.wrap(f"{names}: not applicable", "    ", "  ")
    yield f"  {terminal.paint(mark, colour)} {head.lstrip()}"
    yield from rest
    yield from terminal.wrap(group[0].reason, "      ")


def _rule(result: Result, report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    mark, colour = MARKS[result.outcome]
    advised = result.outcome == "failed" and result.strength == "advised"
    if advised:
        mark, colour = "!", "yellow"
    brief = advised and not everything
    tail = f" · {_first_place(result)}" if brief else f" · {result.strength}" if result.fails else ""
    new = " · new" if result.new else ""
    head, *rest = terminal.wrap(f"{result.rule.code} {_heading(result)}{new}{tail}", "    ", "  ")
    yield f"  {terminal.paint(mark, colour)} " + terminal.paint(head.lstrip(), *_weight(result))
    yield from rest
    if result.reason:
        yield from terminal.wrap(result.reason, "      ")
    if not brief:
        yield from _answers(result, report, terminal, everything)


def _heading(result: Result) -> str:
    """What is wrong; of a rule that found nothing wrong its name, which reads well beside the outcome."""
    if result.outcome in ("failed", "unknown"):
        return title_of(result.rule)
    return f"{result.rule.name}: {result.outcome}"


def _weight(result: Result) -> tuple[str, ...]:
    return ("bold",) if result.fails else ()


def _first_place(result: Result) -> str:
    """The first place of an advised rule and the count of the others; `--all` shows them."""
    others = sum(1 + len(f.also) for f in result.findings) - 1
    return place(result.findings[0]) + (f" and {others} more" if others else "")


def _answers(result: Result, report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    """The first answer in full, further ones by a line each: a screen is for every cause."""
    said = [a for a in result.answers if everything or isinstance(a, (Finding, Unknown))]
    shown_now = said if everything else said[:PLACES]
    for number, answer in enumerate(shown_now):
        if isinstance(answer, Satisfied) and result.outcome != "passed":
            yield from _where(f"✓ {shown(answer.path)}", shown(answer.by), terminal)
        elif number and not everything and isinstance(answer, Finding):
            yield from brief(answer, terminal)
        else:
            yield from _answer(answer, report, terminal, everything)
    for known in result.baselined if everything else ():
        yield from terminal.wrap(f"{place(known)} baselined: {shown(known.message)}", "      ")
    for suppressed in result.suppressed if everything else ():
        yield from terminal.wrap(f"{place(suppressed.finding)} ignored: {suppressed.by.reason}", "      ")
    if hidden := len(said) - len(shown_now):
        yield terminal.paint(f"      … and {hidden} more (--all shows them)", "dim")


def _answer(answer: Answer, report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    match answer:
        case Finding(message=message):
            yield from _where(place(answer), shown(message), terminal, most=0 if everything else MOST_LINES)
            yield from _further(answer, report, terminal, everything)
        case Open(message=message):
            yield from _where(place(answer), shown(message), terminal)
        case Satisfied(path=path, by=by):
            yield from _where(shown(path), shown(by), terminal)
        case Unknown(path=path, reason=reason):
            yield from terminal.wrap(f"{shown(path)} {shown(reason)}".strip(), "      ")


def _where(where: str, message: str, terminal: Terminal, most: int = 0) -> Iterator[str]:
    """The place, then the message, which goes to its own lines where beside the place it would take as many.

    With `most`, no more lines than that are the message's.
    """
    room = terminal.width - 6
    if not terminal.width or len(where) + 2 + len(message) <= room:
        yield f"      {terminal.paint(where, 'cyan')}  {message}".rstrip()
        return
    beside, below = terminal.wrap(f"{where}  {message}", "      ", "  "), terminal.wrap(message, "        ")
    if len(where) * 2 <= room and len(beside) <= len(below):
        lines = ["      " + terminal.paint(where, "cyan") + beside[0][6 + len(where) :], *beside[1:]]
    else:
        yield "      " + terminal.paint(where, "cyan")
        lines = below
    yield from lines[: most or len(lines)]
    if most and len(lines) > most:
        yield terminal.paint("        … (--all shows the rest)", "dim")


def _further(finding: Finding, report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    if finding.also and everything:
        yield from terminal.wrap("also " + ", ".join(place(p) for p in finding.also), "        ", "  ")
    elif finding.also:
        yield from terminal.wrap(f"also {folded(finding, terminal.width - 13)}", "        ", "  ")
    if finding.fix is not None:
        for line in terminal.wrap(f"fix: {fix_line(finding.fix, report.created)}", "        ", "  "):
            yield terminal.paint(line, "green")


def _open_items(report: Report, terminal: Terminal) -> Iterator[str]:
    items = [(r, a) for r in report.of("open") for a in r.answers if isinstance(a, Open)]
    if not items:
        return
    yield terminal.paint("To be written by a person", "bold")
    for result, answer in items:
        yield from _where(place(answer), f"{shown(answer.message)} ({result.rule.code})", terminal)


def _levels(report: Report, terminal: Terminal) -> Iterator[str]:
    part = " among the selected rules" if report.config.select else ""
    yield terminal.paint(f"Obstacles to reproducibility{part}", "bold")
    for level, meaning in LEVELS.items():
        state = _level(report, level)
        yield from terminal.wrap(f"level {level}, {meaning}: {state}", "  ", "  ")
    for line in terminal.wrap("No obstacle is no proof: only a run shows that a level is reached.", "  "):
        yield terminal.paint(line, "dim")


def _level(report: Report, level: int) -> str:
    """The obstacles to one level, and what could not be told; a level that no rule looked at says so."""
    found: dict[str, list[str]] = {}
    for result in report.results:
        if result.rule.level == level:
            found.setdefault(result.outcome, []).append(result.rule.code)
    wrong = ("failed", "baselined")
    obstacles = [r.rule.code for r in report.results if r.rule.level == level and r.outcome in wrong]
    untold = [*found.get("unknown", []), *found.get("blocked", [])]
    looked = obstacles or found.keys() & {"passed", "open", "suppressed"}
    state = " ".join(obstacles) if obstacles else "none found" if looked else "not checked"
    return f"{state}; cannot tell {' '.join(untold)}" if untold else state


def _notes(report: Report, terminal: Terminal) -> Iterator[str]:
    source = report.config.source
    judged = any(r.rule.last for r in report.results)  # then a rule's result tells of the ignores
    for ignore in () if judged else report.expired:
        yield from terminal.wrap(
            f"{source}: the ignore of {ignore.code} ended on {ignore.until}. Renew it, or mend what it hid.",
            "",
        )
    for ignore in () if judged else report.stale:
        yield from terminal.wrap(f"{source}: the ignore of {ignore.code} matches nothing. Remove it.", "")
    if gone := sum(entry.places for entry in report.gone):
        yield from terminal.wrap(
            f"{report.baseline.source}: {gone} of its places {'is' if gone == 1 else 'are'} gone. "
            "`mlscaffold audit --update-baseline` takes them out.",
            "",
        )
    for result in report.crashed:
        yield from terminal.wrap(f"{result.rule.code} crashed: please report this to us.", "")


def _next(report: Report, terminal: Terminal) -> Iterator[str]:
    """What to begin with: by code alone where all of it stands above in full."""
    found = sorted(report.of("failed"), key=urgency)[:NEXT]
    if not found:
        return
    if not any(_only_named(report, result) for result in found):
        codes = [result.rule.code for result in found]
        first = f"{', '.join(codes)} (mlscaffold explain {codes[0]} says why and how)"
        head, *rest = terminal.wrap(f"Next: {first}", "", "  ")
        yield terminal.paint("Next", "bold") + head.removeprefix("Next")
        yield from rest
        return
    yield terminal.paint("Next", "bold")
    for number, result in enumerate(found, 1):
        fix = next((f.fix for f in result.findings if f.fix is not None), None)
        what = title_of(result.rule) + (f": {fix_line(fix, report.created)}" if fix else "")
        yield from terminal.wrap(f"{number}. {result.rule.code} {what}", "  ", "   ")
    yield from terminal.wrap(f"mlscaffold explain {found[0].rule.code} says why and how", "  ")


def _beyond(report: Report) -> str:
    """The verdict's end where something is wrong that the baseline lists."""
    every = (report, *(member.report for member in report.members))
    known = any(result.baselined for one in every for result in one.results)
    return f" beyond {report.baseline.source}" if known else ""


def _tail(report: Report, terminal: Terminal, everything: bool) -> Iterator[str]:
    counts = [f"{n} {outcome}" for outcome in OUTCOMES if (n := len(report.of(outcome)))]
    off = [f"{len(report.off)} off"] if report.off else []
    verdict = (
        terminal.paint(f"✗ {len(report.failed)} required to mend", "red", "bold")
        if report.failed
        else terminal.paint("✓ nothing required is wrong" + _beyond(report), "green", "bold")
    )
    yield verdict
    more = "" if everything else " --all shows each with its places."
    asked = f"{len(report.results)} practice" + ("" if len(report.results) == 1 else "s")
    yield from terminal.wrap(f"{asked}: {', '.join(counts + off)}.{more}", "")
