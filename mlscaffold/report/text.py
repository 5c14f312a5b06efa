"""The report for people: what is wrong first, worst and cheapest on top, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from mlscaffold.audit import OUTCOMES, Report, Result
from mlscaffold.printable import shown
from mlscaffold.report.folded import alike
from mlscaffold.report.levels import levels
from mlscaffold.report.members import members
from mlscaffold.report.order import urgency
from mlscaffold.report.results import ADVISED, BODY, MARKS, PLACES, UNBROKEN, View, of, row, where
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import counted, mended_by
from mlscaffold.rule import Open, Unknown
from mlscaffold.titles import title_of

PILLARS = {
    "VCS": "Version control",
    "EXP": "Experiments",
    "ENV": "Environments",
    "REP": "Reproducibility",
    "DOC": "Documentation",
    "TEAM": "Working together",
}
SCREEN = 50
"""Lines that the short report keeps to where it can."""

TIGHTER = ((True, PLACES, True), (False, PLACES, True), (False, 2, True), (False, 1, True), (False, 1, False))
"""Step by step less of a report that is longer: names of what is advised, findings of one rule, and more
than a line of what cannot be told or a person must write."""

NEXT = 3


def render(report: Report, terminal: Terminal, *, everything: bool = False) -> str:
    """The whole report, in which what is advised is only named.

    `everything` shows that in full too, with what passed and why the rest did not apply.
    """
    if everything:
        return _rendered(View(report, terminal, everything))
    said = ""
    for names, places, whole in TIGHTER:
        said = _rendered(View(report, terminal, names=names, places=places, whole=whole))
        if report.members or said.count("\n") <= SCREEN:  # who asks for packages asks for more
            break
    return said


def _rendered(view: View) -> str:
    blocks = [
        _head(view),
        *(_pillar(name, found, view) for name, found in _by_pillar(view)),
        *(() if view.everything else (_required(view), _untold(view), _advised(view))),
        members(view, partial(of, view)),
        _open_items(view),
        levels(view),
        _notes(view),
        _next(view),
        _tail(view),
    ]
    return "\n\n".join("\n".join(lines) for block in blocks if (lines := list(block))) + "\n"


def _head(view: View) -> Iterator[str]:
    report, terminal = view.report, view.terminal
    where = f"{shown(report.label)} @ {report.commit[:10]}" if report.commit else shown(report.label)
    yield terminal.paint(where, "bold")
    yield from terminal.wrap(
        f"mlscaffold {report.tool} · standard {report.standard} · profile {report.config.profile},"
        f" {report.config.profile_source} · {counted(report.files, 'file')}"
        + ("" if report.in_git else " · not in git"),
        "",
    )


def _required(view: View) -> Iterator[str]:
    """What is required and fails, the most urgent first."""
    failing = sorted((r for r in view.report.results if r.fails), key=urgency)
    if failing:
        yield view.terminal.paint("Required", "bold") + f": {len(failing)}"
    for result in failing:
        yield from of(view, result)


def _untold(view: View) -> Iterator[str]:
    """What is required and cannot be told, with the first reason; of a selection all of it."""
    results = [r for r in view.report.of("unknown") if r.strength == "required" or view.report.config.select]
    if results:
        yield view.terminal.paint("Cannot tell", "bold") + f": {len(results)}"
    for result in results:
        if view.report.config.select:
            yield from of(view, result)
            continue
        first = next((a for a in result.answers if isinstance(a, Unknown)), Unknown(result.reason))
        why = ": ".join(filter(None, (shown(first.path), shown(first.reason))))
        yield from _cut(view, row(view.terminal, MARKS["unknown"], f"{_named(result)} · {why}"))


def _advised(view: View) -> Iterator[str]:
    """What the profile advises and is missing, by name; of a selection with its first place."""
    results = [r for r in view.report.of("failed") if not r.fails]
    if not results:
        return
    if view.report.config.select:
        yield view.terminal.paint("Advised", "bold") + f": {len(results)}"
        for result in sorted(results, key=urgency):
            yield from of(view, result)
        return
    yield view.terminal.paint("Advised", "bold") + f": {len(results)} (--all shows each place)"
    if not view.names:
        codes = " ".join(r.rule.code + (f"{UNBROKEN}(new)" if r.new else "") for r in results)
        yield from row(view.terminal, ADVISED, codes)
        return
    for pillar, title in PILLARS.items():
        names = [_named(r) for r in results if r.rule.code[:-3] == pillar]
        if names:
            yield from row(view.terminal, ADVISED, f"{title}: {', '.join(names)}")


def _named(result: Result) -> str:
    return f"{result.rule.code}{UNBROKEN}{result.rule.name}" + (" (new)" if result.new else "")


def _by_pillar(view: View) -> Iterable[tuple[str, list[Result]]]:
    """Every result, where every one is asked for: the pillar with the most to mend first."""
    groups: dict[str, list[Result]] = {}
    for result in view.report.results if view.everything else ():
        groups.setdefault(result.rule.code[:-3], []).append(result)
    for results in groups.values():
        results.sort(key=urgency)
    return sorted(groups.items(), key=lambda g: (-sum(r.fails for r in g[1]), list(PILLARS).index(g[0])))


def _pillar(name: str, results: Iterable[Result], view: View) -> Iterator[str]:
    yield view.terminal.paint(PILLARS[name], "bold")
    for group in alike(results):
        if len(group) == 1:
            yield from of(view, group[0])
            continue
        names = ", ".join(f"{result.rule.code} {result.rule.name}" for result in group)
        yield from row(view.terminal, MARKS["not applicable"], f"{names}: not applicable")
        yield from view.terminal.wrap(group[0].reason, BODY)


def _open_items(view: View) -> Iterator[str]:
    items = [(r, a) for r in view.report.of("open") for a in r.answers if isinstance(a, Open)]
    if not items:
        return
    yield view.terminal.paint("To be written by a person", "bold")
    for result, answer in items:
        at = f"{shown(answer.path)}:{answer.line}" if answer.line else shown(answer.path)
        lines = where(at, f"{result.rule.code} {shown(answer.message)}", view.terminal)
        yield from _cut(view, lines)


def _cut(view: View, lines: Iterator[str]) -> Iterator[str]:
    """The lines, or where there is no room for all of them the first."""
    first, *rest = lines
    if view.whole or not rest:
        yield from (first, *rest)
    else:
        yield first + " …" if view.terminal.room(first) >= len(" …") else first[:-1] + "…"


def _notes(view: View) -> Iterator[str]:
    report, terminal = view.report, view.terminal
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


def _next(view: View) -> Iterator[str]:
    """What to begin with: by code alone where what is required stands above."""
    report, terminal = view.report, view.terminal
    found = sorted(report.of("failed"), key=urgency)[:NEXT]
    if not found:
        return
    first = found[0].rule.code
    if found[0].fails:
        codes = ", ".join(result.rule.code for result in found)
        head, *rest = terminal.wrap(f"Next: {codes} (mlscaffold explain {first} says why and how)", "", "  ")
        yield terminal.paint("Next", "bold") + head.removeprefix("Next")
        yield from rest
        return
    yield terminal.paint("Next", "bold")
    for number, result in enumerate(found, 1):
        fix = next((f.fix for f in result.findings if f.fix is not None), None)
        what = title_of(result.rule) + (f": {mended_by(fix, report.created)}" if fix else "")
        yield from terminal.wrap(f"{number}. {result.rule.code} {what}", "  ", "   ")
    yield from terminal.wrap(f"mlscaffold explain {first} says why and how", "  ")


def _beyond(report: Report) -> str:
    """The verdict's end where something is wrong that the baseline lists."""
    every = (report, *(member.report for member in report.members))
    known = any(result.baselined for one in every for result in one.results)
    return f" beyond {report.baseline.source}" if known else ""


def _tail(view: View) -> Iterator[str]:
    report, terminal = view.report, view.terminal
    counts = [f"{n} {outcome}" for outcome in OUTCOMES if (n := len(report.of(outcome)))]
    off = [f"{len(report.off)} off"] if report.off else []
    verdict = (
        terminal.paint(f"✗ {len(report.failed)} required to mend", "red", "bold")
        if report.failed
        else terminal.paint("✓ nothing required is wrong" + _beyond(report), "green", "bold")
    )
    yield verdict
    more = "" if view.everything else " --all shows each with its places."
    yield from terminal.wrap(
        f"{counted(len(report.results), 'practice')}: {', '.join(counts + off)}.{more}", ""
    )
