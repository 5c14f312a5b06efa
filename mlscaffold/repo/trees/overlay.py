"""A tree with some files replaced, added or removed in memory: what a repository would be after a change."""

from __future__ import annotations

from collections.abc import Mapping

from mlscaffold.repo.trees.tree import Entry, Tree


class OverlayTree:
    """`below` with the files of `over`; `None` takes a path away."""

    def __init__(self, below: Tree, over: Mapping[str, bytes | None]) -> None:
        self.label = below.label
        self.in_git = below.in_git
        self.below = below
        self._over = over

    @property
    def commit(self) -> str:
        """The hash of HEAD, on which the change stands."""
        return self.below.commit

    def entries(self) -> list[Entry]:
        """Every path, sorted; what the change adds counts as tracked."""
        below = self.below.entries()
        kept = [entry for entry in below if entry.path not in self._over]
        executable = {entry.path for entry in below if entry.executable}
        made = [
            Entry(path, size=len(content), executable=path in executable)
            for path, content in self._over.items()
            if content is not None
        ]
        return sorted([*kept, *made])

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file; raises OSError where it is gone or cannot be read."""
        return self._new(path, limit) if path in self._over else self.below.read(path, limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file that git ignores; raises OSError."""
        return self._new(path, limit) if path in self._over else self.below.ignored(path, limit)

    def committed(self, path: str, limit: int) -> bytes:
        """As if the change were committed."""
        return self._new(path, limit) if path in self._over else self.below.committed(path, limit)

    def history(self, path: str, limit: int) -> bytes:
        """What a file held before."""
        return self.below.history(path, limit)

    def _new(self, path: str, limit: int) -> bytes:
        content = self._over[path]
        if content is None:
            raise FileNotFoundError(path)
        return content[:limit]
