"""What becomes of one path, from its three sides. Where both changed a text, git decides later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from mlscaffold.edits import unix, with_ends_of
from mlscaffold.upkeep.rows import Row
from mlscaffold.upkeep.steps import Clash, Fate, Step
from mlscaffold.upkeep.template import File

EVEN = 4000
"""Characters of a side that a clash shows."""


MERGE: Final = "merge"
"""Both sides changed a text that can be merged."""


def decide(row: Row) -> Step | Literal["merge"] | None:
    """The fate of a path; `None` where nothing is to be done, MERGE where its two sides must be merged."""
    if row.kind == "yours":
        return None
    if row.theirs is None:
        return _dropped(row)
    if row.kept is None:
        return _new(row, row.theirs)
    if row.kind == "seed" or (row.unchanged and row.target == row.path):
        return None
    if row.ours is None:
        return step(row, "declined?", "you deleted it, and what the template writes changed")
    return _changed(row, row.ours, row.theirs)


def _dropped(row: Row) -> Step | None:
    if row.ours is None or row.kind == "seed":
        return None
    if row.untouched:
        return step(row, "delete", "the template no longer writes it")
    clash = Clash("", None, shown(row.ours.content), None)
    return step(row, "conflict", "the template no longer writes it, and you changed it", clashes=(clash,))


def _new(row: Row, theirs: File) -> Step | Literal["merge"] | None:
    if row.ours is None:
        return step(row, "add", "the template writes it now", after=theirs)
    if unix(row.ours.content) == theirs.content or row.kind in ("seed", "derived"):
        return None
    if row.kind == "keys":
        return MERGE  # by keys, without a base
    return _clash(row, row.ours, theirs, "you and the template both added it")


def _changed(row: Row, ours: File, theirs: File) -> Step | Literal["merge"] | None:
    if row.untouched:
        fate: Fate = "update" if row.path == row.target else "move"
        return step(row, fate, "what the template writes changed", after=_as(ours, theirs))
    if unix(ours.content) == theirs.content and ours.mode == theirs.mode and row.path == row.target:
        return None
    if row.kind == "derived":
        return None
    if row.base is None:
        return step(row, "conflict", "what the template wrote before is lost, so nothing can be merged")
    if "120000" in (ours.mode, theirs.mode) or row.kind == "managed":
        return _clash(row, ours, theirs, "you changed what the template keeps for itself")
    return MERGE


def merged_mode(row: Row) -> str:
    """The mode that a merged file has: whoever changed it decides."""
    if row.ours is None or row.theirs is None or row.kept is None:
        return row.ours.mode if row.ours else "100644"
    return row.theirs.mode if row.ours.mode == row.kept.mode else row.ours.mode


def step(row: Row, fate: Fate, why: str, *, after: File | None = None, clashes: Sequence[Clash] = ()) -> Step:
    """A step of this row; one that goes elsewhere says from where."""
    source = row.source if row.source != row.target else ""
    goes = row.path != row.target and after is not None
    path, moved = (row.target, row.path) if goes else (row.path, "")
    return Step(path, fate, row.kind, why, row.ours, after, moved, row.listed, source, tuple(clashes))


def _clash(row: Row, ours: File, theirs: File, why: str) -> Step:
    base = shown(row.base.content) if row.base else None
    return step(row, "conflict", why, clashes=(Clash("", base, shown(ours.content), shown(theirs.content)),))


def _as(ours: File, theirs: File) -> File:
    return theirs._replace(content=with_ends_of(theirs.content, ours.content))


def shown(content: bytes) -> str:
    """A side of a clash, short enough to read."""
    text = content.decode("utf-8", "replace")
    return text if len(text) <= EVEN else f"{text[:EVEN]}… ({len(text):,} characters)"
