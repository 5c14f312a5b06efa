"""Which of many paths a pattern can match, told by the words that its matches hold."""

from __future__ import annotations

import re
from collections.abc import Collection

from mlscaffold.lazy import words
from mlscaffold.looking import ODD
from mlscaffold.repo.repo import Repo, fact

MANY = 1_000
"""Files from which one look for the words is sooner done than to ask the pattern of each path."""

PART = 4
"""A pattern that may match more than this part of all paths is asked of each."""


def likely(repo: Repo, *patterns: re.Pattern[str]) -> Collection[str]:
    """The files whose paths one of the patterns can find, in their order; all where that cannot be told."""
    if len(repo.files) < MANY:
        return repo.files
    known = _known(repo)
    for pattern in patterns:
        if pattern.pattern not in known:
            known[pattern.pattern] = _holding(repo, pattern)
    found = [known[pattern.pattern] for pattern in patterns]
    several = {path for one in found for path in one or ()}
    return repo.files if None in found else sorted(several, key=_places(repo).__getitem__)


@fact
def _known(_repo: Repo) -> dict[str, set[str] | None]:
    return {}


@fact
def _places(repo: Repo) -> dict[str, int]:
    return {path: place for place, path in enumerate(repo.files)}


@fact
def _together(repo: Repo) -> str:
    """All paths, one a line; empty where one of them has several lines itself."""
    text = "\n".join(repo.files)
    return text if text.count("\n") == len(repo.files) - 1 else ""


def _holding(repo: Repo, pattern: re.Pattern[str]) -> set[str] | None:
    text, told = _together(repo), words(pattern)
    fold = bool(pattern.flags & re.I)
    low = text.lower() if fold else text
    if not told.sets or len(low) != len(text) or (fold and any(letter in low for letter in ODD)):
        return None
    return next((found for held in told.sets if (found := _with(repo, text, low, held)) is not None), None)


def _with(repo: Repo, text: str, low: str, held: tuple[str, ...]) -> set[str] | None:
    """The paths that hold one of the words; `None` where these are too many."""
    found: set[str] = set()
    for word in held:
        at = low.find(word)
        while at >= 0 and len(found) * PART < len(repo.files):
            end = low.find("\n", at)
            end = end if end >= 0 else len(text)
            found.add(text[text.rfind("\n", 0, at) + 1 : end])
            at = low.find(word, end)
    return found if text and len(found) * PART < len(repo.files) else None
