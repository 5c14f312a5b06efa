"""`mlscaffold update`: bring a repository to a newer version of the standard, and lose none of its work."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from mlscaffold.apply import Applied, Recovered, apply, recover
from mlscaffold.commands.given import checked, from_file, from_json, from_options
from mlscaffold.errors import FAILED, OK, REFUSED, Stop
from mlscaffold.repo.standing import Standing
from mlscaffold.report import plan as shown
from mlscaffold.report import request
from mlscaffold.report.terminal import terminal_of
from mlscaffold.upkeep import saved
from mlscaffold.upkeep.branch import commit
from mlscaffold.upkeep.changes import changes, with_markers
from mlscaffold.upkeep.features import paths_of
from mlscaffold.upkeep.history import History, carried
from mlscaffold.upkeep.keeping import order
from mlscaffold.upkeep.lock import LOCK, Base, Declined, Lock, lock_at
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
    say(recover(standing.root))
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
        find,
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


def lock_of(standing: Standing) -> Lock:
    """The repository's lock as it lies there; raises Stop where there is none, or where it is broken."""
    found = lock_at(standing)
    if found is not None:
        return found
    if LOCK in standing.entries:
        raise Stop(f"{LOCK} is not in the work tree. Restore it: git checkout HEAD -- {LOCK}")
    raise Stop(f"{standing.root} has no {LOCK}: it follows no standard yet. Start with: mlscaffold adopt")


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


def template_of(version: str) -> Template:
    """The template of a released version, or the one that this mlscaffold carries."""
    return History().template(version) if version else carried()


def find(base: Base) -> Template | None:
    """The template of a lock's base, where this mlscaffold still has it."""
    if carried().tree == base.tree:
        return carried()
    past = History()
    return past.template(base.version) if base.version in past.versions() else None


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
    notes.write(written_down(done))


def written_down(done: Applied) -> str:
    """That a run was written into the work tree, how to look at it, and how to take it back."""
    return "\nWritten, and not committed. Look: git status, git diff. Take it back:\n" + undo(done)


def undo(done: Applied) -> str:
    """The commands that take a run back, a line each."""
    return "".join(f"  {command}\n" for command in done.undo)


def say(recovered: Recovered | None) -> None:
    """Tell what an interrupted run left and this one finished."""
    if recovered is not None:
        written = len(recovered.done.written) + len(recovered.done.removed)
        sys.stderr.write(
            f"mlscaffold: finished a run that was cut off: {recovered.title} ({written} paths)\n"
        )


def _apply_saved(standing: Standing, name: str) -> int:
    loaded = from_json(name, "Make a plan: mlscaffold update --plan --format json")
    todo = saved.changes(loaded)
    if not todo:
        sys.stdout.write("Nothing to do: the plan changes nothing.\n")
        return OK
    sys.stdout.write(written_down(apply(standing.root, todo, str(loaded.get("title", "update")))))
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
