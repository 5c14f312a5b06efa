"""How far each governed path is from what the template wrote there, whatever the template does next."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Literal

from mlscaffold.edits import File, unix, with_ends_of
from mlscaffold.globs import matches
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.answers import settle
from mlscaffold.upkeep.keeping import Keeping, keeping
from mlscaffold.upkeep.keys import NotByKeys, restored
from mlscaffold.upkeep.lock import Class, Kept, Lock
from mlscaffold.upkeep.past import Past, Renders
from mlscaffold.upkeep.template import Files, Template

State = Literal["conforming", "behind", "drifted", "missing", "declined", "unknown"]
JUDGED: tuple[Class, ...] = ("managed", "merged", "keys")
"""Seeds are written once, derived files are made by commands, and yours are yours."""


class Drift(NamedTuple):
    """One path: its state, what lies there, and what would heal it."""

    path: str
    state: State
    kind: Class
    why: str = ""
    ours: File | None = None
    healed: File | None = None


def drift(past: Past, latest: Template, today: datetime.date, renders: Renders) -> list[Drift]:
    """Every judged path of the lock, sorted: against its own base first, then against the newest version."""
    lock, how = past.lock, keeping(latest)
    settled = settle(latest, how.carried(lock.base.answers, lock.base.version)[0], past.standing.root.name)
    newest: Files = {} if settled.refused else renders(latest, settled)
    judged = [(path, kept) for path, kept in lock.files.items() if kept.kind in JUDGED]
    return sorted(_declined(lock, today, _one(past, path, kept, newest, how)) for path, kept in judged)


def _declined(lock: Lock, today: datetime.date, found: Drift) -> Drift:
    refusal = lock.refusal(found.path, today)
    if refusal is None or found.state == "conforming":
        return found
    return found._replace(state="declined", why=refusal.reason)


def _one(past: Past, path: str, kept: Kept, newest: Files, how: Keeping) -> Drift:
    ours = past.standing.lying(path)
    content = past.content(path, kept)
    base = None if content is None else File(content, kept.mode)
    if ours is None:
        return Drift(path, "missing", kept.kind, "it is not there", None, base)
    plain = File(unix(ours.content), ours.mode)
    if (plain.oid, plain.mode) == (kept.blob, kept.mode):
        return _current(Drift(path, "conforming", kept.kind, "", ours), kept, newest)
    if base is None:
        return Drift(path, "unknown", kept.kind, "what the template wrote here is lost", ours)
    healed = _healed(kept, kept.source or path, plain, base, how)
    if healed == plain:
        return _current(Drift(path, "conforming", kept.kind, "", ours), kept, newest)
    as_ours = healed._replace(content=with_ends_of(healed.content, ours.content))
    return Drift(path, "drifted", kept.kind, f"it differs from {kept.base}", ours, as_ours)


def _healed(kept: Kept, source: str, ours: File, base: File, how: Keeping) -> File:
    """Ours with every key of the base as it was, or the base where that is no matter of keys."""
    if kept.kind != "keys":
        return base
    try:
        return File(restored(source, ours.content, base.content, how.owned(source)), base.mode)
    except NotByKeys:
        return base


def _current(found: Drift, kept: Kept, newest: Files) -> Drift:
    file = newest.get(kept.source or found.path)
    if file is None or (file.oid, file.mode) == (kept.blob, kept.mode):
        return found
    return found._replace(state="behind", why=f"{kept.base} wrote it, and the template has changed it since")


def heal(found: list[Drift], patterns: tuple[str, ...]) -> Iterator[Drift]:
    """The paths that the patterns name and that something would heal."""
    for one in found:
        if one.healed is not None and any(matches(pattern, one.path) for pattern in patterns):
            yield one
