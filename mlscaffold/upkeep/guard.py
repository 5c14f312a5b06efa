"""Steps that would touch what nobody committed, or what stands in their way, become *blocked*."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlscaffold.apply.names import parents
from mlscaffold.edits import unix, with_ends_of
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.steps import Step
from mlscaffold.upkeep.template import File


class _Ground(NamedTuple):
    """What the steps stand on: the repository, whether HEAD alone counts, and what they take away."""

    standing: Standing
    committed: bool
    gone: frozenset[str]
    twins: Mapping[str, str]
    """The paths that stay, by their name without case."""


def guarded(steps: Iterable[Step], standing: Standing, *, committed: bool = False) -> Iterator[Step]:
    """The same steps, as the work tree allows them; `before` becomes what lies there.

    With `committed` only HEAD counts, and what lies in the work tree does not matter.
    """
    every = list(steps)
    leaving = (step for step in every if step.writes and step.fate in ("delete", "move"))
    gone = frozenset(_at(step) for step in leaving if committed or not _lies(step, standing))
    twins = {path.casefold(): path for path in standing.entries if path not in gone}
    ground = _Ground(standing, committed, gone, twins)
    for step in every:
        if step.fate == "declined?" and not committed and standing.lying(step.path) is not None:
            yield step._replace(fate="blocked", why="it lies there and is not committed")
        elif not step.writes:
            yield step
        else:
            yield _allowed(step, ground)


def _allowed(step: Step, ground: _Ground) -> Step:
    reason = ("" if ground.committed else _lies(step, ground.standing)) or _in_the_way(step, ground)
    if reason:
        return step._replace(fate="blocked", why=reason, after=None)
    return step if ground.committed else _as_lying(step, ground.standing)


def _at(step: Step) -> str:
    """Where the step's file lies before it."""
    return step.moved_from if step.fate == "move" else step.path


def _lies(step: Step, standing: Standing) -> str:
    """Why what lies in the work tree must not be touched; empty where it is what HEAD holds."""
    lying = standing.lying(_at(step))
    if step.before is None:
        return "" if lying is None else f"{_kind(lying)} lies there that git does not track"
    if lying is None and _at(step) in standing.left_out:
        return "it is outside of this sparse check-out: see git sparse-checkout"
    if lying is None:
        return "it is deleted in the work tree, and that is not committed"
    if lying.mode != step.before.mode or unix(lying.content) != unix(step.before.content):
        return "it has changes that are not committed"
    return "its changes are staged and not committed" if standing.staged(_at(step)) else ""


def _in_the_way(step: Step, ground: _Ground) -> str:
    """What stands where a new path should go, and does not go away itself."""
    if step.path == _at(step) and step.before is not None:
        return ""
    standing = ground.standing
    there = not ground.committed and step.path not in ground.gone and standing.lying(step.path) is not None
    if step.path in standing.folders or there:
        return "something lies there already"
    twin = ground.twins.get(step.path.casefold())
    if twin not in (None, step.path, step.moved_from):
        return f"{twin} is there, which many systems take for the same name"
    blocking = next((p for p in parents(step.path) if _no_folder(p, ground)), "")
    return f"{blocking} is no folder of this repository" if blocking else ""


def _no_folder(path: str, ground: _Ground) -> bool:
    if path in ground.gone:
        return False
    lying = None if ground.committed else ground.standing.lying(path)
    return path in ground.standing.entries or (lying is not None and lying.mode != "040000")


def _kind(lying: File) -> str:
    return {"040000": "a folder", "120000": "a link"}.get(lying.mode, "a file")


def _as_lying(step: Step, standing: Standing) -> Step:
    lying = standing.lying(_at(step))
    if lying is None or step.before is None:
        return step
    after = step.after and step.after._replace(content=with_ends_of(step.after.content, lying.content))
    return step._replace(before=lying, after=after)
