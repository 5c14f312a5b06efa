"""Bytes of a folder whose content nobody trusts: no link is followed, no pipe or device is opened."""

from __future__ import annotations

import errno
import os
import stat

from mlscaffold.repo.trees.tree import Kind

FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

REBUILT = frozenset(
    {
        ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "__pypackages__",
        ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
        ".ipynb_checkpoints", ".pixi", ".conda", ".virtualenv", ".direnv", ".tools", ".gradle", ".snakemake",
    }
)  # fmt: skip
"""Folders that tools make again at will; what lies in them untracked is nobody's work."""

ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
"""A folder that holds one of these is an environment, whatever its name."""


def kind_of(mode: int) -> Kind | None:
    """The kind of what `lstat` gave this mode; `None` for a folder."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISLNK(mode):
        return "symlink"
    return None if stat.S_ISDIR(mode) else "special"


def read_regular(path: str, limit: int) -> bytes:
    """At most `limit` bytes of a regular file; raises OSError for anything else, links included."""
    descriptor = os.open(path, FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is not a regular file", path)
        wanted = min(limit, status.st_size)
        content = os.read(descriptor, wanted)
        while len(content) < wanted and (more := os.read(descriptor, wanted - len(content))):
            content += more
    finally:
        os.close(descriptor)
    return content


class Folders:
    """Which folders below `root` are reached without passing a link; each is looked at once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._real: dict[str, bool] = {"": True}

    def real(self, folder: str) -> bool:
        """Whether `folder`, relative to the root, is a folder all the way down, and not a link to one."""
        if folder not in self._real:
            at, known = "", True
            for part in folder.split("/"):
                at = f"{at}/{part}" if at else part
                if at not in self._real:
                    self._real[at] = known and self._is_folder(at)
                known = self._real[at]
        return self._real[folder]

    def status(self, path: str) -> os.stat_result | None:
        """What `lstat` says of a path that no link leads to; `None` where there is nothing of the kind."""
        if not self.real(path.rpartition("/")[0]):
            return None
        try:
            return os.lstat(f"{self.root}/{path}")
        except (OSError, ValueError):
            return None

    def closed(self, path: str) -> bool:
        """Whether this system refuses to say what lies at `path`, which no link leads to."""
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            try:
                status = os.lstat("/".join((self.root, *parts[:count])))
            except PermissionError:
                return True
            except (OSError, ValueError):
                return False
            if not stat.S_ISDIR(status.st_mode):
                return False
        return False

    def _is_folder(self, folder: str) -> bool:
        try:
            return stat.S_ISDIR(os.lstat(f"{self.root}/{folder}").st_mode)
        except (OSError, ValueError):
            return False


def harmless(path: str) -> bool:
    """Whether a path from an index stays below the root: git's own index may hold anything."""
    if not path or path[0] == "/" or (os.sep == "\\" and "\\" in path):
        return False
    return not any(mark in f"/{path}/" for mark in ("/../", "/./", "//"))
