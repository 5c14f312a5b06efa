"""Dotted names matched against the catalogue's patterns, many at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate


class Patterns:
    """Patterns such as `wandb.*Callback`, each with a label; the first that matches names the label."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        self._pairs = [(pattern, label) for pattern, label in labelled]
        self._all = re.compile("|".join(translate(p) for p, _ in self._pairs) or r"(?!)")
        self._each = [(re.compile(translate(p)), label) for p, label in self._pairs]
        self._seen: dict[str, str | None] = {}

    def label(self, name: str) -> str | None:
        """The label of the first pattern that `name` matches."""
        if name not in self._seen:
            hit = self._all.match(name)
            self._seen[name] = next((lb for p, lb in self._each if p.match(name)), None) if hit else None
        return self._seen[name]
