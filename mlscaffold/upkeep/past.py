"""What the template once wrote: contents of earlier versions, by the id that the lock recorded."""

from __future__ import annotations

from collections.abc import Callable

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.answers import Settled, settle
from mlscaffold.upkeep.lock import Base, Kept, Lock
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.template import Files, Template, blob_id

Find = Callable[[Base], Template | None]
"""Gives the template of a version, or `None` where nobody has it any more."""


Renders = Callable[[Template, Settled], Files]
"""How a version makes the files that the repository follows."""


class Past:
    """Bases of a lock. The repository's own history is asked first; it mostly has what was committed."""

    def __init__(self, standing: Standing, lock: Lock, find: Find, renders: Renders = render) -> None:
        self.standing = standing
        self.lock = lock
        self._find = find
        self._renders = renders
        self._rendered: dict[str, Files] = {}

    def content(self, path: str, kept: Kept) -> bytes | None:
        """What the template wrote at a path of the lock; `None` where it cannot be had any more."""
        if not kept.blob:
            return None
        found = self.standing.object(kept.blob)
        if found is not None and blob_id(found) == kept.blob:
            return found
        file = self._of(kept.base).get(kept.source or path)
        return file.content if file and file.oid == kept.blob else None

    def _of(self, label: str) -> Files:
        if label not in self._rendered:
            self._rendered[label] = self._render(self.lock.bases[label])
        return self._rendered[label]

    def _render(self, base: Base) -> Files:
        template = self._find(base)
        if template is None or (base.tree and template.tree != base.tree):
            return {}
        try:
            return self._renders(template, settle(template, base.answers, self.standing.root.name))
        except Stop:
            return {}  # answers that this version never allowed: somebody edited the lock
