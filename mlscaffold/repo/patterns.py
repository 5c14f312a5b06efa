"""Dotted names matched against the catalogue's patterns, many at a time."""

from __future__ import annotations

from collections.abc import Iterable

from mlscaffold.globs import like
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple


class _Wild(NamedTuple):
    """A pattern with what must stand before its first and after its last wildcard, and its rank."""

    rank: int
    head: str
    tail: str
    pattern: str
    label: str


class Patterns:
    """Patterns such as `wandb.*Callback`, each with a label; the first that matches names the label."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, tuple[int, str]] = {}
        self._wild: dict[str, list[_Wild]] = {}
        for rank, (pattern, label) in enumerate(labelled):
            parts = regex(r"[*?[]").split(pattern)
            if len(parts) == 1:
                self._exact.setdefault(pattern, (rank, label))
                continue
            root, dot, _ = parts[0].partition(".")
            tail = parts[-1] if "[" not in pattern else ""
            wild = _Wild(rank, parts[0], tail, pattern, label)
            self._wild.setdefault(root if dot else "", []).append(wild)
        self._seen: dict[str, str | None] = {}

    def label(self, name: str) -> str | None:
        """The label of the first pattern that `name` matches."""
        if name not in self._seen:
            self._seen[name] = self._first(name)
        return self._seen[name]

    def _first(self, name: str) -> str | None:
        hits = [self._exact[name]] if name in self._exact else []
        for root in {"", name.partition(".")[0]}:
            for wild in self._wild.get(root, ()):
                if name.startswith(wild.head) and name.endswith(wild.tail) and like(name, wild.pattern):
                    hits.append((wild.rank, wild.label))
                    break
        return min(hits)[1] if hits else None
