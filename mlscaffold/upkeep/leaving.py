"""What takes the standard out of a repository again: our files and our lines, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.config import OWN_FILE
from mlscaffold.edits import Change, File
from mlscaffold.repo.standing import Standing
from mlscaffold.upkeep.keys import NotByKeys
from mlscaffold.upkeep.keys import merge as merge_keys
from mlscaffold.upkeep.lock import LOCK, Edited, Lock
from mlscaffold.upkeep.rows import like, unix
from mlscaffold.upkeep.text_merge import Sides, merge


class Leaving(NamedTuple):
    """The changes, and each path that stays with the reason."""

    changes: tuple[Change, ...]
    stays: tuple[tuple[str, str], ...] = ()


def leaving(standing: Standing, lock: Lock) -> Leaving:
    """What to remove. A repository that the template made keeps its files: they are its own by now."""
    stays: list[tuple[str, str]] = []
    changes = (*_files(standing, lock, stays), *_lines(standing, lock, stays), *_state(standing))
    return Leaving(changes, tuple(sorted(stays)))


def _files(standing: Standing, lock: Lock, stays: list[tuple[str, str]]) -> Iterator[Change]:
    for path, kept in lock.files.items():
        lying = standing.lying(path)
        if lying is None or lock.scope == "all":
            continue
        file = File(lying.content, lying.mode)
        if file._replace(content=unix(file.content)).oid == kept.blob:
            yield Change(path, file.state, None)
        else:
            stays.append((path, "you changed it, so it is yours"))


def _lines(standing: Standing, lock: Lock, stays: list[tuple[str, str]]) -> Iterator[Change]:
    for path, edits in lock.edits.items():
        lying = standing.lying(path)
        if lying is None:
            continue
        now = unix(lying.content)
        for edit in reversed(edits):
            without = _without(standing, path, now, edit)
            if without is None:
                stays.append((path, "our lines in it were changed since: take them out by hand"))
                break
            now = without
        after = File(like(now, lying.content), lying.mode)
        before = File(lying.content, lying.mode)
        if after != before:
            yield Change(path, before.state, after)


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
            yield Change(path, File(lying.content, lying.mode).state, None)
