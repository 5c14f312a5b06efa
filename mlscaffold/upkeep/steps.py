"""What a plan consists of: for each path its fate, with everything that applying it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.keeping import Change
from mlscaffold.upkeep.lock import Class, Lock
from mlscaffold.upkeep.template import File

Fate = Literal[
    "add",
    "update",
    "merge",
    "move",
    "delete",
    "conflict",
    "declined?",
    "blocked",
    "regenerate",
    "declined",
    "kept",
]
WRITES: tuple[Fate, ...] = ("add", "update", "merge", "move", "delete")
ASKS: tuple[Fate, ...] = ("conflict", "declined?", "blocked")
"""What a person must look at: these make the exit code 1."""


class Clash(NamedTuple):
    """One place where both sides changed: the key, or empty for a whole file, and what each side says."""

    key: str
    base: str | None
    ours: str | None
    theirs: str | None


class Step(NamedTuple):
    """What becomes of one path. `before` is what lies in the work tree now, `after` what will lie there."""

    path: str
    fate: Fate
    kind: Class
    why: str
    before: File | None = None
    after: File | None = None
    moved_from: str = ""
    """Where the file lies before it is moved here."""
    followed: str = ""
    """Where the lock had it, before people moved it here."""
    source: str = ""
    """The template's path, where the repository keeps the file elsewhere."""
    clashes: tuple[Clash, ...] = ()
    marked: bytes = b""
    """The whole file with both sides between markers."""
    theirs: File | None = None
    """The template's side of a conflict."""
    command: tuple[str, ...] = ()
    """What regenerates a derived file."""

    @property
    def writes(self) -> bool:
        """Whether applying it changes the work tree: a merge by keys may write and still clash."""
        return self.fate in WRITES or (self.fate == "conflict" and self.after is not None)


class Plan(NamedTuple):
    """Every step, the answers that change, and the lock as it will be."""

    title: str
    commit: str
    before: str
    after: str
    lock: Lock
    lock_before: File | None
    steps: tuple[Step, ...] = ()
    changes: tuple[Change, ...] = ()

    def of(self, *fates: Fate) -> Iterator[Step]:
        """The steps with these fates."""
        return (step for step in self.steps if step.fate in fates)

    @property
    def asks(self) -> bool:
        """Whether something is left for a person to decide."""
        return any(self.of(*ASKS))
