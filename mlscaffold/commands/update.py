"""`mlscaffold update`: bring a repository to a newer version of the standard, and lose none of its work."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from mlscaffold.apply import apply
from mlscaffold.commands.given import checked, from_file, from_json, from_options
from mlscaffold.commands.unfinished import finish
from mlscaffold.commands.versions import origin, template_of
from mlscaffold.errors import FAILED, OK, REFUSED, Stop
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.report import plan as shown
from mlscaffold.report import request
from mlscaffold.report.applied import written
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep import saved
from mlscaffold.upkeep.branch import commit
from mlscaffold.upkeep.changes import changes, with_markers
from mlscaffold.upkeep.features import paths_of
from mlscaffold.upkeep.keeping import order
from mlscaffold.upkeep.lock import Declined, Lock, lock_of
from mlscaffold.upkeep.offers import renders
from mlscaffold.upkeep.plan import Asked, Questions, planned
from mlscaffold.upkeep.steps import Plan
from mlscaffold.upkeep.template import Template, questions


def update(  # noqa: PLR0913 (one argument for each option)
    path: str,
    *,
    to: str = "",
    plan: bool = False,
    saved_plan: str = "",
    only: Sequence[str] = (),
    paths: Sequence[str] = (),
    mine: Sequence[str] = (),
    template: Sequence[str] = (),
    markers: Sequence[str] = (),
    decline: Sequence[str] = (),
    until: str = "",
    branch: str = "",
    data: Sequence[str] = (),
    answers: str = "",
    output: str = "text",
    colour: str = "auto",
) -> int:
    """Plan the update and carry it out; 1 where something is left to decide, 2 where a question is."""
    standing = Standing(Path(path))
    finish(standing.root)
    if branch and markers:
        raise Stop("conflict markers are never committed: take --markers without --branch, and edit the file")
    if saved_plan:
        return _apply_saved(standing, saved_plan)
    lock = declined(lock_of(standing), decline, until)
    if not standing.commit:
        raise Stop(f"{standing.root} has no commit yet. Make one first: git add --all, git commit")
    target = template_of(to)
    if not to:
        _insist_on_no_way_back(lock, target)
    wish = Asked(
        target,
        origin,
        datetime.date.today(),
        given=checked({**from_file(answers), **from_options(data)}, questions(target)),
        only=(*paths_of(target, only), *paths),
        mine=tuple(mine),
        template=tuple(template),
        branch=bool(branch),
        renders=renders(standing, lock),
    )
    found = planned(standing, lock, wish)
    if isinstance(found, Questions):
        return _ask(found, output)
    found = with_markers(found, markers)
    _show(found, output, colour, diffs=plan)
    if not plan:
        carry_out(standing, found, branch, sys.stdout if output == "text" else sys.stderr)
    return FAILED if found.asks else OK


def declined(lock: Lock, paths: Sequence[str], until: str) -> Lock:
    """The lock with more paths that the repository does not want; raises Stop where a reason is missing."""
    try:
        day = datetime.date.fromisoformat(until) if until else None
    except ValueError:
        raise Stop(f"--until {until!r}: write the day as 2027-06-30.") from None
    refused = dict(lock.declined)
    for option in paths:
        path, equals, reason = option.partition("=")
        if not equals or not reason.strip():
            raise Stop(f"--decline {option!r}: write it as PATH=REASON.")
        refused[path.strip()] = Declined(reason.strip(), day)
    return lock._replace(declined=refused)


def _insist_on_no_way_back(lock: Lock, target: Template) -> None:
    """Raise Stop where the repository follows a version that is newer than the one that is carried."""
    follows = lock.base.version
    if target.version and order(follows) > order(target.version):
        raise Stop(
            f"this repository follows {follows}, and this mlscaffold carries {target.version}: update "
            f"mlscaffold. To go back all the same: mlscaffold update --to {target.version}"
        )


def carry_out(standing: Standing, plan: Plan, branch: str, notes: TextIO) -> None:
    """Write the plan into the work tree, or onto a branch, and say where the result is."""
    todo = changes(plan)
    if not todo:
        return
    if branch:
        made = commit(standing.root, plan.commit, branch, todo, request.message(plan))
        notes.write(f"\nCommitted to {branch} as {made[:12]}; the pull request's text is its message.\n")
        return
    done = apply(standing.root, todo, plan.title)
    notes.write(written(done))


def _apply_saved(standing: Standing, name: str) -> int:
    loaded = from_json(name, "Make a plan: mlscaffold update --plan --format json")
    todo = saved.changes(loaded)
    if not todo:
        sys.stdout.write("Nothing to do: the plan changes nothing.\n")
        return OK
    sys.stdout.write(written(apply(standing.root, todo, str(loaded.get("title", "update")))))
    return OK


def _ask(found: Questions, output: str) -> int:
    if output == "json":
        sys.stdout.write(saved.dumped(saved.questions(found)))
    else:
        sys.stderr.write(shown.questions(found))
    return REFUSED


def _show(plan: Plan, output: str, colour: str, *, diffs: bool) -> None:
    if output == "json":
        sys.stdout.write(saved.dumped(saved.document(plan)))
    elif output == "markdown":
        sys.stdout.write(request.render(plan))
    else:
        sys.stdout.write(shown.render(plan, terminal_of(sys.stdout, colour), diffs=diffs))
