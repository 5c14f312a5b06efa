"""The commit at HEAD, read as git writes it: asking git for it takes longer than all of this."""

from __future__ import annotations

import os
from pathlib import Path

from mlscaffold.lazy import regex
from mlscaffold.repo.trees.reading import harmless, read_regular

REFERENCE = regex(r"ref:[ \t]*(?P<name>refs/heads/[^\s~^:?*\[\\]+)\n?")
COMMIT = regex(r"(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})\n?")
LONGEST = 1_000
MOST_PACKED = 4_000_000
"""Bytes of packed references; with more, git is asked."""


def commit_at_head(git_dir: Path, common: Path) -> str | None:
    """Its hash; `None` where HEAD or its branch is kept in another way, and git must be asked."""
    try:
        head = _text(git_dir / "HEAD", LONGEST)
        if found := COMMIT.fullmatch(head):
            return found["commit"]
        named = REFERENCE.fullmatch(head)
        if named is None or not harmless(named["name"]):
            return None
        loose = common / named["name"]
        if os.path.lexists(loose):
            found = COMMIT.fullmatch(_text(loose, LONGEST))
            return found["commit"] if found else None
        return _packed(common / "packed-refs", named["name"])
    except (OSError, ValueError):
        return None


def _packed(file: Path, name: str) -> str | None:
    text = _text(file, MOST_PACKED)
    at = text.find(f" {name}\n")
    found = (
        COMMIT.fullmatch(text[text.rfind("\n", 0, at) + 1 : at])
        if at > 0 and len(text) < MOST_PACKED
        else None
    )
    return found["commit"] if found else None


def _text(file: Path, limit: int) -> str:
    """A regular file that no link leads to; raises OSError or ValueError."""
    return read_regular(str(file), limit).decode()
