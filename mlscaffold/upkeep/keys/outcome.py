"""What a merge by keys reports: the text, what came from theirs, and what both sides changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent

from mlscaffold.upkeep.keys.tree import Entry, entry_text, text

ONE_LINE = 60
MOST = 4000
"""Characters of a side that a conflict holds."""


@dataclass(frozen=True)
class KeyConflict:
    """A key that both sides changed, with each side (none where it is absent). The merge keeps ours."""

    key: str
    base: str | None
    ours: str | None
    theirs: str | None


@dataclass(frozen=True)
class Merged:
    """The merged file; `taken` names the keys whose value, comment or absence came from theirs.

    `#` is the name of the comments with which the file begins and ends.
    """

    text: bytes
    conflicts: tuple[KeyConflict, ...] = ()
    taken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """What is decided while trees are merged. `adopting`: there is no base, so keys of both stay ours.

    `restoring`: a key of both takes theirs.
    """

    owned: tuple[re.Pattern[str], ...]
    adopting: bool
    restoring: bool = False
    conflicts: list[KeyConflict] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def owns(self, path: str) -> bool:
        """Whether another tool keeps the key, so that ours stands."""
        return any(pattern.fullmatch(path) for pattern in self.owned)

    def clash(self, path: str, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> None:
        """Notes a conflict, except in an adoption."""
        if not self.adopting:
            self.conflicts.append(KeyConflict(path, _short(base), _short(ours), _short(theirs)))


def _short(entry: Entry | None) -> str | None:
    """A short value on one line, a long one as it is written, without what it is indented by."""
    if entry is None:
        return None
    written = text(entry.value)
    if not written.strip():
        return " ".join(entry_text(entry).split())
    line = " ".join(written.split())
    return line if len(line) <= ONE_LINE else dedent(written.strip("\r\n")).strip()[:MOST]


def patterns(globs: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Key globs such as `repos[*].rev`, compiled; a star stands for any text."""
    return tuple(re.compile(".*".join(map(re.escape, glob.split("*"))), re.S) for glob in globs)
