"""`mlscaffold audit`: read a repository and say what falls short of the standard."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from mlscaffold import __version__, kept, rules, standard
from mlscaffold.audit import Report
from mlscaffold.audit import audit as run
from mlscaffold.config import DEFAULT_PROFILE, Config, read_config, with_options
from mlscaffold.errors import CRASHED, FAILED, OK
from mlscaffold.members import with_members
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.open import open_tree
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.tree import Tree
from mlscaffold.report.terminal import terminal_of


def audit(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    rev: str = "",
    staged: bool = False,
    cached: bool = True,
    packages: bool = False,
    profile: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    output: str = "text",
    everything: bool = False,
    strict: bool = False,
    colour: str = "auto",
) -> int:
    """Audit the repository at `path`; 1 where something required is wrong, 3 where a rule crashed."""
    tree = open_tree(path, rev or None, staged=staged)
    with the_cache(Path(path) if cached else None) as cache:
        config = configuration(tree, profile=profile, select=select, ignore=ignore)
        report = report_under(config, tree, cache)
        if packages:
            report = with_members(report, tree, lambda part: report_under(config, part, cache))
    sys.stdout.write(_rendered(report, output, everything=everything, colour=colour))
    if report.crashed:
        return CRASHED
    return FAILED if report.failed or (strict and report.of("unknown")) else OK


def report_of(
    tree: Tree,
    *,
    profile: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    cache: Cache | None = None,
) -> Report:
    """The report of a tree; raises Stop for what the user must correct first."""
    return report_under(configuration(tree, profile=profile, select=select, ignore=ignore), tree, cache)


def configuration(
    tree: Tree, *, profile: str = "", select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Config:
    """What the tree and the options ask for; raises Stop for what the user must correct first."""
    carried = standard.load()
    codes = tuple(carried.profiles[DEFAULT_PROFILE])
    config = read_config(tree, carried, codes)
    return with_options(config, profile=profile, select=select, ignore=ignore, codes=codes)


def report_under(config: Config, tree: Tree, cache: Cache | None) -> Report:
    """The report of a tree under a configuration, be it the tree's own or another."""
    today = datetime.date.today()

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
