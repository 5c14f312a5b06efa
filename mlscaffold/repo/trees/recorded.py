"""A tree that notes what was asked of it, so that another run can see whether all answers are the same."""

from __future__ import annotations

from typing import Any

from mlscaffold.digests import blake2b
from mlscaffold.repo.trees.tree import Entry, Tree

Asked = tuple[str, str, int]
"""`read`, `committed`, `ignored` or `history`, the path, and the limit."""


class RecordedTree:
    """Answers as the tree below it does, and keeps a digest of each answer."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.label, self.in_git = tree.label, tree.in_git
        self._answers: dict[Asked, str] = {}
        self._read_before: dict[Asked, bytes] = {}
        self._entries: list[Entry] | None = None

    @property
    def commit(self) -> str:
        """The full hash of HEAD or of the revision; empty where there is none."""
        return self.tree.commit

    def entries(self) -> list[Entry]:
        """Every path, sorted by path; listed once."""
        if self._entries is None:
            self._entries = self.tree.entries()
        return self._entries

    def read(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as it lies there; raises OSError where it cannot be read."""
        return self._ask("read", path, limit)

    def ignored(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of a file that lies there although git ignores it; raises OSError."""
        return self._ask("ignored", path, limit)

    def committed(self, path: str, limit: int) -> bytes:
        """At most `limit` bytes of the file as git holds it; raises OSError."""
        return self._ask("committed", path, limit)

    def history(self, path: str, limit: int) -> bytes:
        """The files of the past above `limit` bytes; raises OSError."""
        return self._ask("history", path, limit)

    def listing(self) -> str:
        """A digest of all entries."""
        rows = [
            f"{e.path}\0{e.kind}\0{e.size}\0{e.tracked:d}{e.executable:d}\0{e.oid}" for e in self.entries()
        ]
        text = "\n\0".join(rows).encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=20).hexdigest()

    def answers(self) -> list[Any]:
        """What was asked, with the digest of each answer, as JSON holds it."""
        return [[*asked, digest] for asked, digest in self._answers.items()]

    def also(self, answers: list[Any]) -> None:
        """Take over what a copy of this process asked."""
        self._answers |= {(kind, path, limit): digest for kind, path, limit, digest in answers}

    def same(self, answers: list[Any]) -> bool:
        """Whether every question of another run is answered here as it was there."""
        return all(self._answer((kind, path, limit)) == digest for kind, path, limit, digest in answers)

    def _answer(self, asked: Asked) -> str:
        try:
            self._read_before[asked] = content = self._ask(*asked)
        except OSError as error:
            return _refused(error)
        return _digest(content)

    def _ask(self, kind: str, path: str, limit: int) -> bytes:
        asked = (kind, path, limit)
        if (known := self._read_before.pop(asked, None)) is not None:
            return known
        try:
            content: bytes = getattr(self.tree, kind)(path, limit)
        except OSError as error:
            self._answers[asked] = _refused(error)
            raise
        self._answers[asked] = _digest(content)
        return content


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=12).hexdigest()


def _refused(error: OSError) -> str:
    return f"{type(error).__name__} {error.strerror}"
