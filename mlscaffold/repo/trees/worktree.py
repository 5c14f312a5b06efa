"""The work tree of a git repository, or a folder of it, listed by git itself in a private GIT_DIR."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from posixpath import join

from mlscaffold.edits import blob_id
from mlscaffold.lazy import regex
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import Git, Where, inside
from mlscaffold.repo.trees.reading import ENVIRONMENT_MARKS, REBUILT, Folders, harmless, kind_of, read_regular
from mlscaffold.repo.trees.tree import Entry, Kind

SMALL = 65_536
"""Bytes of a file that is sooner read and named by its content than asked of git."""

LISTING = ("ls-files", "-z", "-t", "--stage", "--others", "--exclude-standard")
KINDS: dict[str, Kind] = {"120000": "symlink", "160000": "submodule", "040000": "submodule"}


class WorkTree:
    """What git tracks below `folder`, and what it would not ignore there."""

    in_git = True

    def __init__(self, where: Where, folder: Path) -> None:
        self.label = str(folder)
        self.where = where
        self._folder = folder
        self._git = Git(where)
        self._blobs = Blobs(self._git)

    @cached_property
    def commit(self) -> str:
        """The hash of HEAD; empty before the first commit."""
        return self._blobs.head()

    def entries(self) -> list[Entry]:
        """Every path that git tracks or would not ignore, sorted by path."""
        return sorted(self._entries.values())

    def read(self, path: str, limit: int) -> bytes:
        """The bytes as they lie there; of a path that a sparse checkout leaves out, those in git."""
        entry = self._entries.get(path)
        if entry is None or entry.kind != "file":
            raise FileNotFoundError(path)
        if entry.size < 0:
            return self.committed(path, limit)
        return read_regular(f"{self._folder}/{path}", limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """The bytes of a regular file that git ignores and to which no link leads; raises OSError."""
        if path in self._entries or not harmless(path) or Folders(str(self._folder)).status(path) is None:
            raise FileNotFoundError(path)
        return read_regular(f"{self._folder}/{path}", limit)

    def committed(self, path: str, limit: int) -> bytes:
        """The bytes in git's index; raises OSError where git has none."""
        entry = self._entries.get(path)
        if entry is None or not entry.oid:
            raise FileNotFoundError(path)
        return self._unchanged(path, entry)[:limit] or self._blobs.get(entry.oid, limit).content

    def _unchanged(self, path: str, entry: Entry) -> bytes:
        """The file as it lies there, if git holds the same; empty where only git can tell."""
        if entry.kind != "file" or entry.size > SMALL:
            return b""
        try:
            raw = read_regular(f"{self._folder}/{path}", SMALL)
        except OSError:
            return b""
        return raw if blob_id(raw) == entry.oid else b""

    def history(self, path: str, limit: int) -> bytes:
        """What a file held before; without a path, the large files that HEAD no longer has."""
        from mlscaffold.repo.trees.past import of

        named = path and join(inside(self.where.root, self._folder), path)
        return of(self._git, self._blobs, self.commit, named, limit)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        folders = Folders(str(self._folder))
        listed = self._git.run(*LISTING, cwd=self._folder).decode("utf-8", "surrogateescape")
        records = [record for record in listed.split("\0") if record]
        tracked = (_tracked(folders, record) for record in records if not record.startswith("? "))
        others = [record[2:] for record in records if record.startswith("? ")]
        rebuilt = _environments(others)
        new = (_untracked(folders, path) for path in others if not path.startswith(rebuilt))
        return {entry.path: entry for entry in (*tracked, *new) if entry}


def _environments(paths: list[str]) -> tuple[str, ...]:
    """The folders among `paths` that are environments, each with its slash."""
    marked = regex(rf"^(.+/)?(?:{'|'.join(map(re.escape, ENVIRONMENT_MARKS))})(?:/|$)")
    return tuple({found[1] for path in paths if (found := marked.match(path)) and found[1]})


def _untracked(folders: Folders, path: str) -> Entry | None:
    """A path that git would not ignore; a nested repository ends with a slash, and is not looked into."""
    if path.endswith("/"):
        return Entry(path[:-1], "submodule", tracked=False)
    parent, _, _ = path.rpartition("/")
    status = None if not REBUILT.isdisjoint(parent.split("/")) else folders.status(path)
    kind = kind_of(status.st_mode) if status else None
    if status is None or kind is None:
        return None
    return Entry(path, kind, status.st_size, tracked=False, executable=bool(status.st_mode & 0o111))


def _tracked(folders: Folders, record: str) -> Entry | None:
    """One record of the index: `TAG MODE OID STAGE<tab>PATH`; `None` for what the work tree no longer has."""
    head, _, path = record.partition("\t")
    if not harmless(path):
        return None
    tag, mode, oid, _stage = head.split(" ")
    executable = mode == "100755"
    if KINDS.get(mode) == "submodule":
        return Entry(path, "submodule", oid=oid)
    status = folders.status(path)
    if status is None and folders.closed(path):
        return Entry(path, KINDS.get(mode, "file"), executable=executable, oid=oid)
    if status is None:
        left_out = Entry(path, KINDS.get(mode, "file"), -1, executable=executable, oid=oid)
        return left_out if tag in "Ss" else None
    kind = kind_of(status.st_mode)
    return Entry(path, kind, status.st_size, executable=executable, oid=oid) if kind else None
