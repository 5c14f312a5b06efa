"""Files that git holds as objects: those of a commit, or of the index, whatever the work tree says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from posixpath import join

from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.tree import Entry, Kind

KINDS: dict[str, Kind] = {"120000": "symlink", "160000": "submodule"}
"""By the mode that git gives; every other one is a file's."""


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
        return self._blobs.get(entry.oid, limit).content

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
