"""Where unfinished runs of a repository are kept, and the lock that lets one run at a time in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from mlscaffold.apply.names import JOURNAL
from mlscaffold.errors import Stop
from mlscaffold.repo.trees.file_modes import keeps_modes
from mlscaffold.repo.trees.git import Where, repository_above, repository_at

FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
ATTEMPTS = 20


class Home:
    """A folder of ours: in the git directory, or without git in the root itself."""

    def __init__(self, folder: Path, top: Path, where: Where | None) -> None:
        self.folder = folder
        self.top = top
        self.where = where
        self.journal = folder / "journal"
        self.rescued = folder / "rescued"
        self.replaced = folder / "replaced"

    @cached_property
    def folds_case(self) -> bool:
        """Whether the work tree takes names that differ by case for the same."""
        known = self.top / ".git" if self.where else self.folder
        return os.path.lexists(known.with_name(known.name.swapcase()))

    @cached_property
    def keeps_modes(self) -> bool:
        """Whether the execute bit of a file says anything: git looks when it makes a repository."""
        return keeps_modes(self.where) if self.where else os.name != "nt"


def home_of(root: Path) -> Home:
    """The home of the work tree that holds `root`; raises Stop where there can be none."""
    if not root.is_dir():
        raise Stop(f"{root} is no folder: name the folder of a repository")
    if os.path.lexists(root / ".git") and not repository_at(root):
        raise Stop(f"{root / '.git'} leads to no repository: `git worktree repair` or `git init` mends it")
    where = repository_above(root)
    if where and not where.root:
        raise Stop(f"{root} is in a git directory and holds no files: name a work tree")
    if where and where.root:
        return Home(Path(os.path.realpath(where.git_dir)) / "mlscaffold", where.root, where)
    return Home(root / JOURNAL, root, None)


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold the lock. The system lets it go when the process ends, however it ends."""
    try:
        _insist_on_folders(home)
        descriptor = _take(home)
    except OSError as error:
        raise Stop(f"{home.folder} cannot be written ({error.strerror}): nothing was changed") from None
    try:
        yield
    finally:
        if not home.where:
            with suppress(OSError):  # what was rescued stays
                (home.folder / "lock").unlink()
                home.folder.rmdir()
        os.close(descriptor)


def _take(home: Home) -> int:
    path = home.folder / "lock"
    for _ in range(ATTEMPTS):
        home.folder.mkdir(exist_ok=True)
        try:
            descriptor = os.open(path, FLAGS, 0o644)
        except FileNotFoundError:  # a run that ended has just removed the folder
            continue
        if not _lock(descriptor):
            os.close(descriptor)
            raise Stop(f"another mlscaffold run is at work in {home.top}: wait until it has ended")
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                return descriptor
        os.close(descriptor)
    raise Stop(f"other mlscaffold runs are at work in {home.top}: wait until they have ended")


def _lock(descriptor: int) -> bool:
    """Whether the file is ours alone from now on; raises OSError where the system has no locks."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _insist_on_folders(home: Home) -> None:
    """Refuse a link in place of a folder of ours: it would lead what we write elsewhere."""
    for folder in (home.folder, home.journal, home.rescued, home.replaced):
        if folder.is_symlink():
            raise Stop(f"{folder} is a link, and nothing is written through it: remove it")
