"""The git commands that take a run back."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

MAGIC = frozenset("*?[\\:")


def commands(touched: Sequence[str], made: Sequence[str]) -> tuple[str, ...]:
    """What restores the touched paths from git's index, and removes exactly the files that were made."""
    git = "git --literal-pathspecs" if any(MAGIC & set(path) for path in (*touched, *made)) else "git"
    rows = (f"{git} restore --", touched), (f"{git} clean --force -x --", made)
    return tuple(f"{row} {' '.join(map(_quoted, paths))}" for row, paths in rows if paths)


def _quoted(path: str) -> str:
    """The path as a shell reads it, in one printable word whatever its bytes."""
    if path.isprintable():
        return shlex.quote(path)
    plain = "".join(chr(c) if 32 <= c < 127 and c not in b"'\\" else f"\\{c:03o}" for c in os.fsencode(path))
    return f"$'{plain}'"
