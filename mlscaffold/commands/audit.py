"""`mlscaffold audit`: read a repository and say what falls short of the standard."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mlscaffold import __version__, kept, progress, rules, standard
from mlscaffold.audit import Report
from mlscaffold.audit import audit as run
from mlscaffold.baseline import Baseline, read_baseline
from mlscaffold.config import DEFAULT_PROFILE, Config, read_config, with_options
from mlscaffold.errors import CRASHED, FAILED, OK, Stop
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.report.terminal import terminal_of


def audit(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    rev: str = "",
    staged: bool = False,
    cached: bool = True,
    packages: bool = False,
    baseline: Literal["", "write", "update"] = "",
    profile: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    output: str = "text",
    everything: bool = False,
    strict: bool = False,
    colour: str = "auto",
) -> int:
    """Audit the repository at `path`; 1 where something required is wrong, 3 where a rule crashed."""
    if baseline and (rev or staged or select or ignore):
        raise Stop(
            "a baseline is of all practices and of the work tree: "
            "leave out --rev, --staged, --select and --ignore"
        )
    tree = open_tree(path, rev or None, staged=staged)
    known = read_baseline(tree)
    day = _day_of(path, tree.commit) if rev else None
    with progress.told(), the_cache(Path(path) if cached else None) as cache:
        config = configuration(tree, profile=profile, select=select, ignore=ignore)
        report = report_under(config, tree, cache, day)
        if packages or baseline:
            from mlscaffold.members import with_members

            report = with_members(report, tree, lambda part: report_under(config, part, cache, day))
    report = _less(report, known)
    if packages and not report.members:
        sys.stderr.write(
            "mlscaffold: no two folders here declare a project of their own: only the whole is audited\n"
        )
    if baseline:
        from mlscaffold.commands.baseline import keep_baseline

        return keep_baseline(path, report, baseline)
    sys.stdout.write(_rendered(report, output, everything=everything, colour=colour))
    if report.crashed:
        return CRASHED
    return FAILED if report.failed or (strict and report.of("unknown")) else OK


def _day_of(path: str, commit: str) -> datetime.date:
    from mlscaffold.repo.trees.history import made_on

    return made_on(path, commit)


def report_of(
    tree: Tree,
    *,
    profile: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    cache: Cache | None = None,
) -> Report:
    """The report of a tree; raises Stop for what the user must correct first."""
    config = configuration(tree, profile=profile, select=select, ignore=ignore)
    return _less(report_under(config, tree, cache), read_baseline(tree))


def _less(report: Report, known: Baseline) -> Report:
    """The report with what is known set apart, where a baseline lists something."""
    if not known.source:
        return report
    from mlscaffold.baselined import with_baseline

    return with_baseline(report, known)


def configuration(
    tree: Tree, *, profile: str = "", select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Config:
    """What the tree and the options ask for; raises Stop for what the user must correct first."""
    carried = standard.load()
    codes = tuple(carried.profiles[DEFAULT_PROFILE])
    config = read_config(tree, carried, codes)
    return with_options(config, profile=profile, select=select, ignore=ignore, codes=codes)


def report_under(config: Config, tree: Tree, cache: Cache | None, day: datetime.date | None = None) -> Report:
    """The report of a tree under a configuration, be it the tree's own or another, as of a day or today."""
    today = day or datetime.date.today()

    def made(tree: Tree) -> Report:
        repo = Repo(tree, standard.load().changed(**config.thresholds), config.exclude, cache)
        return run(repo, config, rules.load(), tool=__version__, today=today)

    return kept.report(tree, cache, config, today, made)


def _rendered(report: Report, output: str, *, everything: bool, colour: str) -> str:
    if output == "json":
        from mlscaffold.report import json

        return json.render(report)
    from mlscaffold.report import text

    return text.render(report, terminal_of(sys.stdout, colour), everything=everything)
