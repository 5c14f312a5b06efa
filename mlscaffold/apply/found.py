"""What lies at a path now, looked at without following a link."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Collection
from pathlib import Path

from mlscaffold.apply.names import parents
from mlscaffold.edits import State, blob_id
from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.reading import read_regular


class Odd(NamedTuple):
    """Something that is no file and no link, or that cannot be reached: why, as a predicate."""

    why: str
    folder: bool = False


def found(root: Path, path: str, gone: Collection[str] = ()) -> State | Odd | None:
    """What lies at `path`; `None` for nothing. Nothing is expected to lie below the paths of `gone`."""
    try:
        for parent in parents(path):
            if parent in gone:
                return None
            if barrier := _barrier(root / parent):
                return Odd(f"lies below {parent}, which is {barrier}")
        return _leaf(root / path)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Odd(f"cannot be read ({error.strerror})")


def _barrier(folder: Path) -> str:
    """What a path must not lead through; empty for a plain folder."""
    mode = os.lstat(folder).st_mode
    if stat.S_ISLNK(mode):
        return "a link"
    if not stat.S_ISDIR(mode):
        return "no folder"
    return "a repository of its own" if os.path.lexists(folder / ".git") else ""


def _leaf(place: Path) -> State | Odd:
    mode = os.lstat(place).st_mode
    if stat.S_ISLNK(mode):
        return State(blob_id(os.fsencode(place.readlink())), "120000")
    if stat.S_ISREG(mode):
        content = read_regular(str(place), sys.maxsize)
        return State(blob_id(content), "100755" if mode & stat.S_IXUSR else "100644")
    return Odd("is a folder", folder=True) if stat.S_ISDIR(mode) else Odd("is no file")


def same(one: State, other: State, *, modes: bool) -> bool:
    """Whether two states agree; without `modes` the file system keeps no execute bit to compare."""
    return one.oid == other.oid and (one.mode == other.mode if modes else one.is_link == other.is_link)


def emptied(root: Path, folder: str, gone: Collection[str]) -> bool:
    """Whether nothing is left in a folder once the paths of `gone` are removed."""
    below = [
        (f"{folder}/{entry.name}", entry.is_dir(follow_symlinks=False)) for entry in listed(root / folder)
    ]
    return bool(below) and all(
        path in gone or (is_folder and emptied(root, path, gone)) for path, is_folder in below
    )


def listed(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds; raises Stop where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise Stop(f"{folder} cannot be listed ({error.strerror}): nothing was changed") from None


def standing_folder(root: Path, path: str) -> str:
    """The innermost folder above a path that is there; empty for the root."""
    above = [parent for parent in parents(path) if _is_folder(root / parent)]
    return above[-1] if above else ""


def _is_folder(place: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(place).st_mode)
    except OSError:
        return False
