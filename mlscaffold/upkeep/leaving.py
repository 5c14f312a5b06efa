"""What takes the standard out of a repository again: our files and our lines, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.config import OWN_FILE
from mlscaffold.edits import Change, blob_id, unix, with_ends_of
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.keys import NotByKeys
from mlscaffold.upkeep.keys import merge as merge_keys
from mlscaffold.upkeep.lock import LOCK, Edited, Lock
from mlscaffold.upkeep.text_merge import Sides, merge


class Leaving(NamedTuple):
    """The changes, and each path that stays with the reason."""

    changes: tuple[Change, ...]
    stays: tuple[tuple[str, str], ...] = ()


def leaving(standing: Standing, lock: Lock) -> Leaving:
    """What to remove. A repository that the template made keeps its files: they are its own by now."""
    changes: list[Change] = []
    stays: list[tuple[str, str]] = []
    for path in sorted({*lock.files, *lock.edits}):
        lying = standing.lying(path)
        if lying is None or lock.scope == "all":
            continue
        content = _undone(standing, path, unix(lying.content), lock.edits.get(path, ()))
        kept = lock.files.get(path)
        if content is None:
            stays.append((path, "our lines in it were changed since: take them out by hand"))
        elif kept is not None and blob_id(content) == kept.blob:
            changes.append(Change(path, lying.state, None))
        elif kept is not None:
            stays.append((path, "you changed it, so it is yours"))
        elif (after := lying._replace(content=with_ends_of(content, lying.content))) != lying:
            changes.append(Change(path, lying.state, after))
    return Leaving((*changes, *_state(standing)), tuple(stays))


def _undone(standing: Standing, path: str, content: bytes, edits: tuple[Edited, ...]) -> bytes | None:
    """The content without what the edits added, the last one first; `None` where one cannot be told apart."""
    now: bytes | None = content
    for edit in reversed(edits):
        now = None if now is None else _without(standing, path, now, edit)
    return now


def _without(standing: Standing, path: str, now: bytes, edit: Edited) -> bytes | None:
    """The content without what the edit added; `None` where that cannot be told apart any more."""
    before, after = standing.object(edit.before), standing.object(edit.after)
    if before is None or after is None:
        return None
    try:
        by_keys = merge_keys(path, unix(after), now, unix(before))
        return None if by_keys.conflicts else by_keys.text
    except NotByKeys:
        made = merge([Sides(unix(after), now, unix(before))])[0]
        return None if made.conflict else made.content


def _state(standing: Standing) -> Iterator[Change]:
    for path in (LOCK, BASELINE, OWN_FILE):
        lying = standing.lying(path)
        if lying is not None:
            yield Change(path, lying.state, None)
