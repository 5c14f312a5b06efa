"""The journal of a run: its new contents and its manifest, which alone makes the run count."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlscaffold.apply.found import standing_folder
from mlscaffold.apply.home import Home
from mlscaffold.apply.names import unfit
from mlscaffold.edits import Change, File, State
from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.git import inside

FORMAT = 1
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class Row(NamedTuple):
    """One path of a run. The new content of row number n is the journal's file of that number."""

    path: str
    before: State | None
    after: State | None


class Manifest(NamedTuple):
    """What a run does. `root` is relative to the work tree, so that the tree may be moved."""

    title: str
    root: str
    stamp: str
    rows: tuple[Row, ...]


def manifest_of(home: Home) -> Manifest | None:
    """The manifest of a run that was cut off; raises Stop where it cannot be read."""
    path = home.journal / "manifest.json"
    try:
        return _parsed(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, LookupError):
        raise Stop(
            f"{path} cannot be read, or a newer mlscaffold wrote it: let that version finish the run, "
            "or remove the folder and look at `git status`"
        ) from None


def _parsed(loaded: Any) -> Manifest:
    rows = tuple(
        Row(str(path), before and State(*map(str, before)), after and State(*map(str, after)))
        for path, before, after in loaded["rows"]
    )
    root, stamp = str(loaded["root"]), str(loaded["stamp"])
    bad = any(unfit(name) for name in (stamp, *filter(None, [root]), *(row.path for row in rows)))
    if loaded["format"] != FORMAT or bad:
        raise ValueError
    return Manifest(str(loaded["title"]), root, stamp, rows)


def stage(home: Home, root: Path, changes: Sequence[Change], title: str) -> Manifest:
    """Write the journal. Where that fails, Stop is raised and nothing has changed."""
    rows = tuple(Row(c.path, c.before, c.after.state if c.after else None) for c in changes)
    stamp = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{os.urandom(3).hex()}"
    manifest = Manifest(title, inside(home.top, root), stamp, rows)
    try:
        home.journal.mkdir()
        for number, change in enumerate(changes):
            if change.after:
                _stage(home.journal / str(number), change.after, root, change.path)
        _commit(home, manifest)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
        raise Stop(f"the new files cannot be prepared ({what}): nothing was changed") from None
    finally:
        if not (home.journal / "manifest.json").exists():
            sweep(home)
    return manifest


def sweep(home: Home) -> None:
    """Remove the journal. Its manifest goes first: without it the rest means nothing."""
    (home.journal / "manifest.json").unlink(missing_ok=True)
    if home.journal.exists():
        shutil.rmtree(home.journal)


def _commit(home: Home, manifest: Manifest) -> None:
    part = home.journal / "manifest.part"
    with part.open("xb") as out:
        out.write(json.dumps({"format": FORMAT, **manifest._asdict()}).encode())
        out.flush()
        os.fsync(out.fileno())
    fsync_folder(home.journal)
    part.rename(home.journal / "manifest.json")
    fsync_folder(home.journal)
    fsync_folder(home.folder)


def _stage(staged: Path, file: File, root: Path, path: str) -> None:
    if file.mode == "120000":
        staged.symlink_to(os.fsdecode(file.content))
        return
    executable = file.mode == "100755"
    old = _regular(root / path)
    descriptor = os.open(staged, NEW, 0o600 if old else 0o777 if executable else 0o666)
    with os.fdopen(descriptor, "wb") as out:
        _belong(descriptor, old, os.lstat(root / standing_folder(root, path)))
        if old and os.name == "posix":
            os.fchmod(descriptor, _permissions(old.st_mode, executable=executable))
        out.write(file.content)
        out.flush()
        os.fsync(descriptor)


def _regular(place: Path) -> os.stat_result | None:
    with suppress(OSError):
        status = os.lstat(place)
        return status if stat.S_ISREG(status.st_mode) else None
    return None


def _permissions(old: int, *, executable: bool) -> int:
    """The permissions that the old file had, with the execute bit as it will be."""
    kept = stat.S_IMODE(old) & 0o777
    if bool(kept & 0o100) == executable:
        return kept
    return kept | 0o100 | (kept & 0o444) >> 2 if executable else kept & ~0o111


def _belong(descriptor: int, old: os.stat_result | None, folder: os.stat_result) -> None:
    """Give the file the owner and group of what it replaces, or of a folder that hands on its group."""
    if os.name != "posix":
        return
    new = os.fstat(descriptor)
    owner, group = new.st_uid, new.st_gid
    if old:
        owner, group = old.st_uid, old.st_gid
    elif folder.st_mode & stat.S_ISGID:
        group = folder.st_gid
    for wanted in ((-1, group), (owner, -1)):  # a user may hand on the group, only root the owner
        with suppress(OSError):
            os.fchown(descriptor, *wanted)


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder outlast a loss of power, where the system offers that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # network file systems know it for files alone
            raise
    finally:
        os.close(descriptor)
