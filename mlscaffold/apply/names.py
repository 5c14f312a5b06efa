"""Which paths may be written, by their names alone."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from mlscaffold.edits import Change
from mlscaffold.lazy import regex

JOURNAL = ".mlscaffold-journal"
UNSEEN = regex("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
"""What HFS+ leaves out of names, so that another name reaches `.git` (CVE-2014-9390)."""


DEVICE = regex(r"(?i)(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]|conin\$|conout\$)[ ]*(?:\.|$)")
FOREIGN = regex(r'[\\:*?"<>|\x00-\x1f]|[. ]$')
"""What no name on Windows holds or ends with: another file would be written, or none."""


def unfit(path: str, *, windows: bool = os.name == "nt") -> str:
    """Why nothing may be written there; empty where the name is no obstacle."""
    parts = path.split("/")
    if windows and any(DEVICE.match(part) or (FOREIGN.search(part) and part not in "..") for part in parts):
        return "is no name that Windows has for a file"
    if not path or any(part in {"", ".", ".."} for part in parts) or not _encodes(path):
        return "is no path within the repository"
    if any(_is_git(piece) for part in parts for piece in part.split("\\")):
        return "belongs to git"
    return "is where unfinished runs are kept" if parts[0].casefold() == JOURNAL else ""


def _encodes(path: str) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _is_git(name: str) -> bool:
    """Whether some system takes the name for `.git`: case, trailing dots, NTFS streams and short names."""
    return UNSEEN.sub("", name).partition(":")[0].rstrip(" .").casefold() in {".git", "git~1"}


def clashes(changes: Sequence[Change], *, folds: bool) -> Iterator[tuple[str, str]]:
    """Paths that cannot all be changed in one run, each with the reason.

    `folds` says that the file system takes names that differ by case for the same.
    """
    times = Counter(change.path for change in changes)
    spelt = Counter(_folded(path) for path in times)
    written = {change.path for change in changes if change.after}
    for path in sorted(times):
        if times[path] > 1:
            yield path, "is changed twice"
        elif folds and spelt[_folded(path)] > 1:
            yield path, "differs by case alone from another path of this run"
        elif path in written and (above := next((p for p in parents(path) if p in written), "")):
            yield path, f"cannot be written beside a file {above}"


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def parents(path: str) -> list[str]:
    """The folders that hold a path, outermost first, without the root."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
