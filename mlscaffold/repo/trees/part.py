"""A folder of any tree as a tree of its own."""

from __future__ import annotations

from functools import cached_property

from mlscaffold.repo.trees.tree import Entry, Tree


class PartTree:
    """What lies below `folder` of another tree, which is asked for all bytes."""

    def __init__(self, whole: Tree, folder: str) -> None:
        self.whole, self.folder = whole, folder
        self.label, self.in_git = f"{whole.label}/{folder}", whole.in_git

    @property
    def commit(self) -> str:
        """The full hash of HEAD or of the revision; empty where there is none."""
        return self.whole.commit

    def entries(self) -> list[Entry]:
        """Every path below the folder, sorted."""
        return list(self._entries)

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        below = f"{self.folder}/"
        inside = (entry for entry in self.whole.entries() if entry.path.startswith(below))
        return tuple(entry._replace(path=entry.path[len(below) :]) for entry in inside)

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes; raises OSError where it cannot be read."""
        return self.whole.read(f"{self.folder}/{path}", limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file that git ignores; raises OSError."""
        return self.whole.ignored(f"{self.folder}/{path}", limit)

    def committed(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as git holds it; raises OSError."""
        return self.whole.committed(f"{self.folder}/{path}", limit)

    def history(self, path: str, limit: int) -> bytes:
        """What the file at `path` held before; raises OSError, since the past of a part is the root's."""
        if not path:
            raise FileNotFoundError(path)
        return self.whole.history(f"{self.folder}/{path}", limit)
