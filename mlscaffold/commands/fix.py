"""`mlscaffold fix`: apply the fixes of findings, one at a time, and ask the rule again after each."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from mlscaffold import __version__, progress, rules, standard
from mlscaffold.apply import apply
from mlscaffold.audit import audit as run
from mlscaffold.audit import fingerprint
from mlscaffold.commands.audit import configuration
from mlscaffold.commands.drift import drifted
from mlscaffold.commands.unfinished import finish
from mlscaffold.config import Config
from mlscaffold.errors import OK, Stop
from mlscaffold.repo.cache import Cache, the_cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.report import fix as shown
from mlscaffold.report.applied import written
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep import fixing
from mlscaffold.upkeep.branch import commit
from mlscaffold.upkeep.changes import as_committed, changes_to
from mlscaffold.upkeep.diff import between
from mlscaffold.upkeep.drift import heal
from mlscaffold.upkeep.fixing import Found, Outcome
from mlscaffold.upkeep.lock import lock_of
from mlscaffold.upkeep.offers import offer
from mlscaffold.upkeep.running import started


def fix(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    select: Sequence[str] = (),
    paths: Sequence[str] = (),
    profile: str = "",
    diff: bool = False,
    unsafe: bool = False,
    dirty: bool = False,
    branch: str = "",
    cached: bool = True,
    colour: str = "auto",
) -> int:
    """Fix what the audit finds, or with `paths` heal what drifted; raises Stop where changes are open."""
    standing = Standing(Path(path))
    finish(standing.root)
    open_changes = [] if diff or dirty else standing.changed()
    if paths:
        outcome = _healed(standing, tuple(paths))
        open_changes = [path for path in open_changes if path in outcome.files]  # no other file is written
    if open_changes:
        raise Stop(_refusal(open_changes))
    if not paths:
        with progress.told(), the_cache(standing.root if cached else None) as cache:
            outcome = found_and_fixed(standing, cache, select=select, profile=profile, unsafe=unsafe)
    changes, terminal = changes_to(standing, outcome.files), terminal_of(sys.stdout, colour)
    if diff:
        sys.stdout.write(patch(standing, outcome))
        if not outcome.files:  # an empty patch says neither what is left nor why
            sys.stderr.write(shown.render(outcome, terminal, unsafe=unsafe))
    elif branch and changes:
        made = commit(
            standing.root, standing.commit, branch, as_committed(standing, changes), shown.message(outcome)
        )
        sys.stdout.write(shown.render(outcome, terminal) + f"Committed to {branch} as {made[:12]}.\n")
    else:
        if changes:
            done = apply(standing.root, changes, "fix")
        sys.stdout.write(shown.render(outcome, terminal, unsafe=unsafe))
        sys.stdout.write(written(done) if changes else "")
        if unsafe:
            sys.stdout.write(started(standing.root, [command for _, command in outcome.commands]))
    return OK


def found_and_fixed(
    standing: Standing, cache: Cache | None, *, select: Sequence[str], profile: str, unsafe: bool
) -> Outcome:
    """Every fix of the chosen rules that helps, in memory."""
    tree = open_tree(standing.root)
    config = configuration(tree, profile=profile, select=select)
    return fixing.fix(tree, asking(config, cache), offer(standing, tree, cache), unsafe=unsafe)


def asking(config: Config, cache: Cache | None) -> fixing.Ask:
    """How a tree is asked again: the whole selection, or the rules that are named."""

    def ask(tree: Tree, codes: Sequence[str]) -> list[Found]:
        asked = config._replace(select=tuple(codes) or config.select)
        repo = Repo(tree, standard.load().changed(**config.thresholds), config.exclude, cache)
        report = run(repo, asked, rules.load(), tool=__version__, today=datetime.date.today())
        return [
            Found(result.rule.code, finding, fingerprint(result.rule.code, finding))
            for result in sorted(report.of("failed"), key=lambda r: r.strength != "required")
            for finding in result.findings
        ]

    return ask


def patch(standing: Standing, outcome: Outcome) -> str:
    """What would change, as a patch that `git apply` takes."""
    files = sorted(outcome.files.items())
    return "".join(between(path, path, standing.lying(path), file) for path, file in files)


def _healed(standing: Standing, patterns: tuple[str, ...]) -> Outcome:
    """The template's word back at the named paths."""
    found = drifted(standing, lock_of(standing))
    healing = list(heal(found, patterns))
    if not healing:
        raise Stop(f"nothing that drifted matches {', '.join(patterns)}: mlscaffold drift lists what did")
    files = {one.path: one.healed for one in healing if one.healed}
    return Outcome(files, tuple(fixing.Fixed("drift", one.why, (one.path,)) for one in healing))


def _refusal(paths: Sequence[str]) -> str:
    listed = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return (
        f"there are changes that are not committed ({listed}). Commit or stash them first, or take --dirty."
    )
