"""The packages of a monorepo in the text report: what each lacks beyond what the whole lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlscaffold.audit import Member, Report, Result
from mlscaffold.printable import shown
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import counted

Rule = Callable[[Result], Iterator[str]]
NAMED = 4
"""Packages that are named where they were not audited."""


def members(report: Report, terminal: Terminal, rule: Rule, *, everything: bool) -> Iterator[str]:
    """The part of each package, or the news that there are some; `rule` writes one result."""
    if report.packages and not report.members:
        what = "projects that share nothing else" if report.collected else "packages"
        named = ", ".join(shown(path) for path in report.packages[:NAMED])
        more = f" and {rest} more" if (rest := len(report.packages) - NAMED) > 0 else ""
        yield from terminal.wrap(
            f"{len(report.packages)} {what}: {named}{more}. --packages audits each as well.", ""
        )
    for member in report.members:
        yield from _member(member, terminal, rule, report.collected, everything=everything)


def _member(
    member: Member, terminal: Terminal, rule: Rule, collected: bool, *, everything: bool
) -> Iterator[str]:
    report = member.report
    failing = [r for r in report.results if r.fails]
    advised = [r for r in report.of("failed") if not r.fails]
    yield terminal.paint(
        f"{'Project' if collected else 'Package'} {shown(member.path)}", "bold"
    ) + f" · {counted(report.files, 'file')}"
    for result in report.of("failed") if everything else failing:
        yield from rule(result)
    if not failing:
        yield f"  {terminal.paint('✓', 'green')} nothing required is wrong beyond the whole"
    if advised and not everything:
        names = ", ".join(f"{r.rule.code} {r.rule.name}" for r in advised)
        head, *rest = terminal.wrap(f"advised: {names}", "    ", "  ")
        yield f"  {terminal.paint('!', 'yellow')} {head.lstrip()}"
        yield from rest
