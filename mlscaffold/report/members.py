"""The packages of a monorepo in the text report: what each lacks beyond what the whole lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlscaffold.audit import Member, Result
from mlscaffold.printable import shown
from mlscaffold.report.results import ADVISED, UNBROKEN, View, row
from mlscaffold.report.words import counted

Rule = Callable[[Result], Iterator[str]]
NAMED = 4
"""Packages that are named where they were not audited."""


def members(view: View, rule: Rule) -> Iterator[str]:
    """The part of each package, or the news that there are some; `rule` writes one result."""
    report, terminal = view.report, view.terminal
    if report.packages and not report.members:
        what = "projects that share nothing else" if report.collected else "packages"
        named = ", ".join(shown(path) for path in report.packages[:NAMED])
        more = f" and {rest} more" if (rest := len(report.packages) - NAMED) > 0 else ""
        yield from terminal.wrap(
            f"{len(report.packages)} {what}: {named}{more}. --packages audits each as well.", ""
        )
    for member in report.members:
        yield from _member(member, view, rule)


def _member(member: Member, view: View, rule: Rule) -> Iterator[str]:
    report, terminal = member.report, view.terminal
    failing = [r for r in report.results if r.fails]
    advised = [r for r in report.of("failed") if not r.fails]
    yield terminal.paint(
        f"{'Project' if view.report.collected else 'Package'} {shown(member.path)}", "bold"
    ) + f" · {counted(report.files, 'file')}"
    for result in report.of("failed") if view.everything else failing:
        yield from rule(result)
    if not failing:
        yield f"  {terminal.paint('✓', 'green')} nothing required is wrong beyond the whole"
    if advised and not view.everything:
        names = ", ".join(f"{r.rule.code}{UNBROKEN}{r.rule.name}" for r in advised)
        yield from row(terminal, ADVISED, f"advised: {names}")
