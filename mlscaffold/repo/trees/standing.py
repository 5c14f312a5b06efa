"""A repository as a change to it must see it: HEAD, the index, and what lies in the work tree."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from mlscaffold.edits import File, unix
from mlscaffold.errors import Stop
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.file_modes import keeps_modes
from mlscaffold.repo.trees.git import Git, Where, repository_above
from mlscaffold.repo.trees.index import index_tree
from mlscaffold.repo.trees.revision import revision_tree
from mlscaffold.repo.trees.tree import Entry

LARGEST = 50_000_000


class Standing:
    """The repository whose work tree holds `path`; raises Stop where there is none, or no work tree."""

    def __init__(self, path: Path) -> None:
        folder = Path(os.path.realpath(path))
        where = repository_above(folder) if folder.is_dir() else None
        if where is None:
            raise Stop(f"{path} is in no git repository. Make it one first: git init, git add, git commit")
        if where.root is None:
            raise Stop(f"{path} is a bare repository: a change needs a work tree. Clone it first.")
        self.where: Where = where
        self.root: Path = where.root
        self._git = Git(where)
        self._blobs = Blobs(self._git)
        self._seen: dict[str, File | None] = {}

    @cached_property
    def commit(self) -> str:
        """The hash of HEAD; empty before the first commit."""
        return self._blobs.head()

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """What HEAD holds, by path."""
        return {e.path: e for e in revision_tree(self.where, "HEAD").entries()} if self.commit else {}

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of HEAD."""
        return frozenset(
            "/".join(parts[:end])
            for path in self.entries
            for parts in [path.split("/")]
            for end in range(1, len(parts))
        )

    @cached_property
    def _staged(self) -> dict[str, str]:
        return {e.path: e.oid for e in index_tree(self.where, self.root).entries()}

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Tracked paths that a sparse check-out leaves out of the work tree."""
        rows = self._git.run("ls-files", "-z", "-t").decode("utf-8", "surrogateescape").split("\0")
        return frozenset(row[2:] for row in rows if row.startswith("S "))

    def committed(self, path: str) -> File | None:
        """What HEAD holds at `path`, where that is a file or a link whose content is in this clone."""
        entry = self.entries.get(path)
        if entry is None or entry.kind not in ("file", "symlink"):
            return None
        mode = "120000" if entry.kind == "symlink" else "100755" if entry.executable else "100644"
        try:
            return File(self._blobs.get(entry.oid, LARGEST).content, mode)
        except OSError:
            return None

    def lying(self, path: str) -> File | None:
        """What lies at `path` in the work tree, tracked or not; `None` where nothing does.

        A folder, or anything else that is neither file nor link, has the mode of a folder and no content.
        """
        at = os.path.join(self.root, path)  # noqa: PTH118 (bytes that are no UTF-8 stay what they are)
        try:
            status = os.lstat(at)
            if os.path.islink(at):  # noqa: PTH114
                return File(os.fsencode(os.readlink(at)), "120000")  # noqa: PTH115
            if not os.path.isfile(at):  # noqa: PTH113
                return File(b"", "040000")
            mode = "100755" if self._runs(path, status.st_mode) else "100644"
            with open(at, "rb") as file:  # noqa: PTH123
                return File(file.read(LARGEST), mode)
        except (FileNotFoundError, NotADirectoryError):
            return None

    @cached_property
    def _keeps_modes(self) -> bool:
        return keeps_modes(self.where)

    def _runs(self, path: str, mode: int) -> bool:
        """Whether the file is executable; where the file system cannot tell, as HEAD has it."""
        if self._keeps_modes:
            return bool(mode & 0o100)
        entry = self.entries.get(path)
        return entry is not None and entry.executable

    def seen(self, path: str) -> File | None:
        """What lay at `path` when it was asked for the first time: what a decision was built on."""
        if path not in self._seen:
            self._seen[path] = self.lying(path)
        return self._seen[path]

    def staged(self, path: str) -> bool:
        """Whether the index holds another content than HEAD."""
        entry = self.entries.get(path)
        return self._staged.get(path, "") != (entry.oid if entry else "")

    def changed(self) -> list[str]:
        """Tracked paths whose content in the index or the work tree is not HEAD's, sorted."""
        if not self.commit:
            return sorted(self._staged)
        told = self._git.run("diff-index", "-z", "--name-only", "--no-renames", "--no-ext-diff", "HEAD")
        paths = [path for path in told.decode("utf-8", "surrogateescape").split("\0") if path]
        return sorted(path for path in paths if not self._as_committed(path))

    def _as_committed(self, path: str) -> bool:
        """Whether only a time stamp or a filter makes git think that a file changed."""
        lying, committed = self.lying(path), self.committed(path)
        if self.staged(path) or lying is None or committed is None:
            return False
        pointer = committed.content.startswith(b"version https://git-lfs")
        same = lying.mode == committed.mode and unix(lying.content) == unix(committed.content)
        return same or (pointer and len(lying.content) > 0)

    def object(self, oid: str) -> bytes | None:
        """The content with this id, where this clone holds it."""
        try:
            found = self._blobs.get(oid, LARGEST)
        except OSError:
            return None
        return found.content if found.oid == oid else None
