"""From a plan to the changes that applying it makes, the lock's own among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlscaffold.edits import Change, File, unix, with_ends_of
from mlscaffold.globs import matches
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.lock import LOCK, Kept, written
from mlscaffold.upkeep.steps import Plan, Step
from mlscaffold.upkeep.template import Files


def changes(plan: Plan) -> tuple[Change, ...]:
    """What becomes of each path; nothing at all where the plan changes nothing."""
    lock, before = lock_after(plan), plan.lock_before
    own = () if before == lock else (Change(LOCK, before and before.state, lock),)
    return joined((*(change for step in plan.steps if step.writes for change in _changes(step)), *own))


def joined(found: Iterable[Change]) -> tuple[Change, ...]:
    """One change a path: a file that goes and another that takes its place are one."""
    by_path: dict[str, Change] = {}
    for one in found:
        other = by_path.get(one.path, one)
        by_path[one.path] = Change(one.path, other.before or one.before, other.after or one.after)
    return tuple(by_path.values())


def changes_to(standing: Standing, files: Files) -> tuple[Change, ...]:
    """From what lies in the work tree to these files, sorted; those that lie there already are none."""
    lying = {path: standing.lying(path) for path in sorted(files)}
    return tuple(Change(p, was and was.state, files[p]) for p, was in lying.items() if was != files[p])


def as_committed(standing: Standing, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes for a commit: with HEAD's line ends, whatever git made of them in the work tree."""
    return tuple(c._replace(after=c.after and _as_head(standing.committed(c.path), c.after)) for c in changes)


def _as_head(head: File | None, after: File) -> File:
    plain = unix(after.content)
    return after if head is None else after._replace(content=with_ends_of(plain, head.content))


def lock_after(plan: Plan) -> File:
    """The lock as it will lie there: with the line ends that git gave it here, for example."""
    before = plan.lock_before
    content = written(plan.lock).encode()
    return File(
        with_ends_of(content, before.content) if before else content, before.mode if before else "100644"
    )


def _changes(step: Step) -> Iterator[Change]:
    before = step.before and step.before.state
    if step.moved_from:
        yield Change(step.moved_from, before, None)
        yield Change(step.path, None, step.after)
    else:
        yield Change(step.path, before, step.after)


def with_markers(plan: Plan, patterns: Sequence[str]) -> Plan:
    """The plan with both sides written between markers into the named files that clash.

    Their base is the new version then: whoever removes the markers has decided.
    """
    steps, files = [], dict(plan.lock.files)
    for step in plan.steps:
        if step.fate == "conflict" and step.marked and any(matches(p, step.path) for p in patterns):
            mode = step.before.mode if step.before else "100644"
            steps.append(step._replace(after=File(step.marked, mode)))
            files[step.path] = _settled(plan, step)
        else:
            steps.append(step)
    return plan._replace(steps=tuple(steps), lock=plan.lock._replace(files=files))


def _settled(plan: Plan, step: Step) -> Kept:
    theirs = step.theirs or File(b"")
    return plan.lock.files[step.path]._replace(base=plan.after, blob=theirs.oid, mode=theirs.mode)
