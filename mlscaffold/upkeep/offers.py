"""What the template offers for a path: its own rendering where it made the repository, else what fits."""

from __future__ import annotations

from mlscaffold.edits import File
from mlscaffold.errors import Stop
from mlscaffold.repo.standing import Standing
from mlscaffold.repo.tree import Tree
from mlscaffold.upkeep.answers import settle
from mlscaffold.upkeep.fixing import Offer, Offered
from mlscaffold.upkeep.history import carried
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.rendering import render


def offer(standing: Standing) -> Offer:
    """How a fix from the template is made in this repository."""
    lying = standing.lying(LOCK)
    lock = read_lock(lying.content.decode("utf-8", "replace")) if lying else None

    def offered(_tree: Tree, path: str) -> Offered:
        if lock is None or lock.scope == "listed":
            return Offered({}, f"mlscaffold adopt --add brings {path}")
        settled = settle(carried(), lock.base.answers, standing.root.name)
        if settled.refused:
            raise Stop(settled.refused[0].message)
        file: File | None = render(carried(), settled).get(path)
        if file is None:
            return Offered({}, f"the template has no {path} with these answers")
        return Offered({path: file})

    return offered
