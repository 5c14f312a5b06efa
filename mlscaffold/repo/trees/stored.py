"""Files that git holds as objects: those of a commit, or of the index, whatever the work tree says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from posixpath import join, splitext

from mlscaffold.repo.trees.blobs import AT_ONCE, Blobs, Missing
from mlscaffold.repo.trees.tree import Entry, Kind

KINDS: dict[str, Kind] = {"120000": "symlink", "160000": "submodule"}
"""By the mode that git gives; every other one is a file's."""

SMALL = 32_768
"""Bytes; git is asked for many files of at most this size at once."""

NEAR = 8
"""So many answers of that kind are kept, at most 2 MB each: readers go from one kind of file to another."""


class StoredTree:
    """What `listed` gives, asked once, of a repository's `folder`; `commit` is HEAD unless it is given."""

    in_git = True

    def __init__(
        self, label: str, blobs: Blobs, listed: Callable[[], dict[str, Entry]], folder: str, commit: str = ""
    ) -> None:
        self.label = label
        self._blobs = blobs
        self._listed = listed
        self._folder = folder
        self._given = commit
        self._near: dict[tuple[str, ...], dict[str, bytes]] = {}

    @cached_property
    def commit(self) -> str:
        """The full hash; empty before the first commit."""
        return self._given or self._blobs.head()

    def entries(self) -> list[Entry]:
        """Every listed path, sorted; `size` is -1 where this clone does not hold the content."""
        return sorted(self._entries.values())

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes; raises OSError where the file or its content is not in this clone."""
        entry = self._entries.get(path)
        if entry is None or entry.kind != "file":
            raise FileNotFoundError(path)
        if entry.oid not in self._groups:
            return self._blobs.get(entry.oid, limit).content
        return self._small(entry.oid)[:limit]

    def _small(self, oid: str) -> bytes:
        """The content of a small file, read with those that are likely to be asked for next."""
        group = self._groups[oid]
        if group not in self._near:
            if len(self._near) == NEAR:
                self._near.clear()
            self._near[group] = self._blobs.several(group)
        if oid not in self._near[group]:
            raise Missing(oid)
        return self._near[group][oid]

    @cached_property
    def _groups(self) -> dict[str, tuple[str, ...]]:
        """Of each small file's object those that are read with it: of the same ending, as paths follow."""
        alike: dict[str, dict[str, None]] = {}
        for entry in self.entries():
            if entry.kind == "file" and 0 <= entry.size <= SMALL:
                alike.setdefault(splitext(entry.path)[1], {})[entry.oid] = None
        rows = (tuple(oids) for oids in alike.values())
        groups = (row[i : i + AT_ONCE] for row in rows for i in range(0, len(row), AT_ONCE))
        return {oid: group for group in groups for oid in group}

    def ignored(self, path: str, limit: int) -> bytes:
        """Raises FileNotFoundError: git holds nothing that is ignored."""
        del limit
        raise FileNotFoundError(path)

    def committed(self, path: str, limit: int) -> bytes:
        """The same bytes; of a symbolic link, where it leads."""
        entry = self._entries.get(path)
        if entry is None or entry.kind == "submodule":
            raise FileNotFoundError(path)
        return self._blobs.get(entry.oid, limit).content

    def history(self, path: str, limit: int) -> bytes:
        """What a file held before; without a path, the large files that the commit no longer has."""
        from mlscaffold.repo.trees.past import of

        named = path and join(self._folder, path)
        return of(self._blobs.git, self._blobs, self.commit, named, limit)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return self._listed()
