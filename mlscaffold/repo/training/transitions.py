"""Learning by reinforcement in an environment that the repository wrote itself."""

from __future__ import annotations

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact

NEXT = regex(rb"\b(?:next|new)_?(?:states?|obs(?:ervations?)?)\b|\b(?:states?|obs)_(?:next|new|prime)\b")
"""What is seen after an action."""

REWARD = regex(rb"\brewards?\b")
ACTION = regex(rb"\bactions?\b")


@fact
def transition(repo: Repo) -> Spot | None:
    """Where one source speaks of an action, of its reward and of the state that follows, as replays do."""
    for source in code(repo):
        raw = repo.raw(source.path) or b""
        if b"eward" in raw and (after := NEXT.search(raw)) and REWARD.search(raw) and ACTION.search(raw):
            return Spot(source.path, raw.count(b"\n", 0, after.start()) + 1)
    return None
