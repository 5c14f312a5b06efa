"""What somebody may have meant who wrote a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that is most like it, from 0 for any to 1 for the same; empty where none is."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=cutoff)), "")
