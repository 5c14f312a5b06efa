"""`mlscaffold facts`: what a repository is and uses, with evidence, whatever a rule makes of it."""

from __future__ import annotations

import sys
from pathlib import Path

from mlscaffold import __version__, inventory, progress, rules, standard
from mlscaffold.config import read_config
from mlscaffold.errors import CRASHED, OK
from mlscaffold.repo.cache import the_cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.report import facts as report
from mlscaffold.report.terminal import terminal_of


def facts(
    path: str, *, rev: str = "", cached: bool = True, output: str = "text", colour: str = "auto"
) -> int:
    """Print the inventory of the repository at `path`; 3 where a reader of ours crashed."""
    carried = standard.load()
    tree = open_tree(path, rev or None)
    config = read_config(tree, carried, rules.load())
    with progress.told(), the_cache(Path(path) if cached else None) as cache:
        repo = Repo(tree, carried.changed(**config.thresholds), config.exclude, cache)
        found = inventory.take(repo)
    if output == "json":
        sys.stdout.write(report.as_json(repo, found, __version__))
    else:
        sys.stdout.write(report.as_text(repo, found, terminal_of(sys.stdout, colour)))
    return CRASHED if any(inventory.crashed(known) for known in found.values()) else OK
