"""A tree in memory, for rule pages and tests."""

from __future__ import annotations

from collections.abc import Mapping

from mlscaffold.repo.trees.tree import Entry


class MemoryTree:
    """Files given as text or bytes; `entries` overrides what is derived from them."""

    def __init__(
        self,
        files: Mapping[str, str | bytes],
        *,
        entries: Mapping[str, Entry] | None = None,
        in_git: bool = True,
        ignored: Mapping[str, str | bytes] | None = None,
        history: Mapping[str, bytes] | None = None,
    ) -> None:
        self.label = "memory"
        self.in_git = in_git
        self.commit = ""
        self._history = history or {}
        self._bytes = {p: b.encode() if isinstance(b, str) else b for p, b in files.items()}
        self._ignored = {p: b.encode() if isinstance(b, str) else b for p, b in (ignored or {}).items()}
        self._entries = {p: Entry(p, size=len(b), tracked=in_git) for p, b in self._bytes.items()}
        self._entries.update(entries or {})

    def entries(self) -> list[Entry]:
        """Every path, sorted."""
        return [self._entries[path] for path in sorted(self._entries)]

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes; raises FileNotFoundError."""
        if path not in self._bytes:
            raise FileNotFoundError(path)
        return self._bytes[path][:limit]

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file given as ignored; raises FileNotFoundError."""
        if path not in self._ignored:
            raise FileNotFoundError(path)
        return self._ignored[path][:limit]

    def committed(self, path: str, limit: int) -> bytes:
        """The same bytes: memory has no filters."""
        return self.read(path, limit)

    def history(self, path: str, limit: int) -> bytes:
        """What was given as history, of a path or of all."""
        del limit
        return self._history.get(path, b"")
