"""`mlscaffold audit --history`: what each release, month or week fell short of, without a check-out."""

from __future__ import annotations

import datetime
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from mlscaffold import __version__, progress
from mlscaffold.commands.audit import configuration, report_under
from mlscaffold.config import Config
from mlscaffold.errors import CRASHED, OK, Stop
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.trees.history import Revision
from mlscaffold.repo.trees.history import history as revisions_of
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.report import history as report
from mlscaffold.report.history import Told
from mlscaffold.report.terminal import terminal_of


def history(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    every: str = "tag",
    cached: bool = True,
    profile: str = "",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    output: str = "text",
    colour: str = "auto",
) -> int:
    """Print one line for each revision; all are measured by the configuration that HEAD has."""
    newest = open_tree(path, "HEAD")
    config = configuration(newest, profile=profile, select=select, ignore=ignore)
    found = revisions_of(path, every)
    told: list[Told] = []
    with progress.told(), the_cache(Path(path) if cached else None) as cache:
        for revision in found.revisions:
            progress.step(len(told), len(found.revisions), "revisions")
            told.append(_told(path, revision, config, cache))
    if output == "json":
        sys.stdout.write(report.as_json(tuple(told), found.left_out, __version__))
    else:
        sys.stdout.write(report.as_text(tuple(told), found.left_out, terminal_of(sys.stdout, colour)))
    return CRASHED if any(one.report and one.report.crashed for one in told) else OK


def _told(path: str, revision: Revision, config: Config, cache: Cache | None) -> Told:
    try:
        day = min(datetime.date.fromisoformat(revision.date), datetime.date.today())
        made = report_under(config, open_tree(path, revision.commit), cache, day)
    except Stop as stop:
        return Told(revision, None, str(stop))
    if cache is not None:
        cache.save()
    gc.collect()  # each revision leaves a tree of facts behind
    return Told(revision, made)
