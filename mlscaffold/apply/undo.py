"""The git commands that take a run back."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from mlscaffold.repo.trees.git import Git, Where

MAGIC = frozenset("*?[\\:")
MANY = 500
"""Paths from which on git lists all: a command line has an end."""


def tracked(where: Where, root: Path, paths: Sequence[str]) -> list[str]:
    """Those of the paths that git's index holds: `git restore` restores nothing where it misses one."""
    if not paths:
        return []
    named = paths if len(paths) < MANY else ()
    listed = Git(where).run("--literal-pathspecs", "ls-files", "-z", "--", *named, cwd=root)
    known = set(map(os.fsdecode, listed.split(b"\0")))
    return [path for path in paths if path in known]


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
