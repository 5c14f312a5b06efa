"""From a repository, its lock and a version of the template to the plan of an update."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from mlscaffold.globs import matches
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.answers import Answers, Refused, Settled, settle
from mlscaffold.upkeep.decide import MERGE, decide, step
from mlscaffold.upkeep.derived import derived
from mlscaffold.upkeep.follow import of_people, of_template
from mlscaffold.upkeep.guard import guarded
from mlscaffold.upkeep.keeping import Change, Keeping, keeping
from mlscaffold.upkeep.lock import LOCK, Base, Kept, Lock, label_of
from mlscaffold.upkeep.merging import merged
from mlscaffold.upkeep.past import Find, Past, Renders
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.rows import Row, rows
from mlscaffold.upkeep.steps import ASKS, Plan, Step
from mlscaffold.upkeep.template import Template


class Asked(NamedTuple):
    """What an update was asked for. Patterns name paths as in configuration; none means every path."""

    to: Template
    find: Find
    today: datetime.date
    given: Answers = MappingProxyType({})
    only: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    """Where both changed something: leave it as it is, for good."""
    template: tuple[str, ...] = ()
    """Where both changed something, or it was deleted here: take the template's."""
    branch: bool = False
    """Whether the result goes to a branch, so that what lies in the work tree does not matter."""
    renders: Renders = render
    """What renders a version, where that is not simply all of it."""
    git: tuple[int, int] | None = None
    """The version of git to go by, where that is not the installed one."""


class Questions(NamedTuple):
    """Why there is no plan: answers that the new version does not accept, or needs."""

    refused: tuple[Refused, ...]


def planned(standing: Standing, lock: Lock, asked: Asked) -> Plan | Questions:
    """The plan of an update to a version, or the questions that stop it. Nothing is written."""
    to, how = asked.to, keeping(asked.to)
    settled, changes = answered(lock, to, how, asked.given, standing.root.name)
    if settled.refused:
        return Questions(settled.refused)
    theirs = asked.renders(to, settled)
    past = Past(standing, lock, asked.find, asked.renders)
    moved = of_template(past, theirs, how.moves(lock.base.version)), of_people(past)
    every = list(rows(past, theirs, how, moved))
    chosen = [row for row in every if _chosen(row, asked.only)]
    refused = {row.source: why for row in chosen if (why := lock.refusal(row.path, asked.today))}
    live = [row for row in chosen if row.source not in refused]
    left = {row.source for row in every if not _chosen(row, asked.only) and decide(row) is not None}
    safe = _steps(live, left, how, asked, standing)
    refusals = [
        step(row, "declined", refused[row.source].reason)
        for row in chosen
        if row.source in refused and isinstance(decide(row), Step)
    ]
    base = Base(to.version, to.tree, settled.answers)
    after = _lock_after(lock, base, every, {row.source for row in live}, safe)
    listed = sorted((*safe.values(), *refusals), key=lambda one: one.path)
    title = _title(lock, after, changes if to.version == lock.base.version else [])
    was = standing.committed(LOCK) if asked.branch else standing.seen(LOCK)
    return Plan(
        title, standing.commit, lock.current, after.current, after, was, tuple(listed), tuple(changes)
    )


def _title(lock: Lock, after: Lock, changes: list[Change]) -> str:
    """What the update does, as a commit's subject says it; `changes` are answers, where they are all."""
    if changes:
        names = [change.question for change in changes]
        return f"change the answer{'s' * (len(names) > 1)} to {', '.join(names)}"
    if lock.current == after.current:
        return f"settle what was open in the update to {after.current}"
    return f"update the standard from {lock.current} to {after.current}"


def answered(
    lock: Lock, to: Template, how: Keeping, given: Answers, folder: str
) -> tuple[Settled, list[Change]]:
    """The recorded answers with what is given, complete for a version; and every answer that changes."""
    recorded = lock.base.answers
    carried, changes = how.carried(recorded, lock.base.version)
    for question, value in given.items():
        if carried.get(question) != value:
            changes.append(Change(question, carried.get(question), value, "given now"))
    settled = settle(to, {**carried, **given}, folder)
    told = {change.question for change in changes}
    changes += [
        Change(question, None, value, "a new question, with its default")
        for question, value in settled.answers.items()
        if question not in carried and question not in told
    ]
    changes += [
        Change(q, carried[q], None, "no question of this version") for q in settled.unknown if q in carried
    ]
    return settled, changes


def _chosen(row: Row, only: Sequence[str]) -> bool:
    return not only or any(matches(pattern, path) for pattern in only for path in (row.path, row.target))


def _steps(
    live: Sequence[Row], left: Collection[str], how: Keeping, asked: Asked, standing: Standing
) -> dict[str, Step]:
    """The step of each path with something to do, by the template's path, as the work tree allows it."""
    decided = [(row, decide(row)) for row in live]
    found = {row.source: one for row, one in decided if isinstance(one, Step)}
    found |= {row.source: one for row, one in merged([r for r, d in decided if d == MERGE], how, asked.git)}
    found = {row.source: _settled(row, found[row.source], asked) for row in live if row.source in found}
    safe = _guarded(found, standing, asked)
    made = {
        row.source: one
        for row in live
        if row.kind == "derived" and (one := derived(row, how.made(row.source), safe, left)) is not None
    }
    return _guarded({**safe, **made}, standing, asked) if made else safe


def _guarded(steps: Mapping[str, Step], standing: Standing, asked: Asked) -> dict[str, Step]:
    return dict(zip(steps, guarded(steps.values(), standing, committed=asked.branch), strict=True))


def _settled(row: Row, one: Step, asked: Asked) -> Step:
    """What the user said of a path where both sides changed."""
    if one.fate not in ("conflict", "declined?"):
        return one
    if any(matches(pattern, row.path) for pattern in asked.mine):
        return step(row, "kept", "yours stays, as you said")
    if any(matches(pattern, row.path) for pattern in asked.template):
        if row.theirs is None:
            return step(row, "delete", "the template's word, as you said")
        return step(row, "update" if row.ours else "add", "the template's, as you said", after=row.theirs)
    return one


def _lock_after(
    lock: Lock, base: Base, every: Sequence[Row], live: set[str], steps: Mapping[str, Step]
) -> Lock:
    """Each path that was dealt with comes from the new version now; every other stays where it was."""
    label = label_of(base, lock.bases)
    files: dict[str, Kept] = {}
    for row in every:
        files.update(_kept_after(row, label, row.source in live, steps.get(row.source)))
    current = label if live else lock.current
    return lock._replace(current=current, bases={**lock.bases, label: base}, files=files)


def _kept_after(row: Row, label: str, live: bool, one: Step | None) -> dict[str, Kept]:
    path = row.target if one and one.fate in ("move", "merge") else row.path
    source = row.source if row.source != path else ""
    pending = not live or (one is not None and one.fate in ASKS)
    if row.kept is not None and (pending or row.kind == "yours"):
        old = row.kept.source or row.listed or row.path
        return {row.path: row.kept._replace(source=old if old != row.path else "")}
    if pending or row.theirs is None or (row.kept is None and one is None and not _same(row)):
        return {}
    return {path: Kept(row.kind, label, row.theirs.oid, source, row.theirs.mode)}


def _same(row: Row) -> bool:
    return row.plain == row.theirs
