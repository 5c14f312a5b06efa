"""How alike two files are, and which of some files another one became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

LARGEST = 1_000_000
"""Bytes; larger files move only where nothing in them changed."""
SMALLEST = 40
"""Bytes; shorter files are alike by chance."""


def likeness(one: bytes, other: bytes) -> float:
    """The share of the larger file that stands in both, line by line: 1.0 where they are equal."""
    if one == other:
        return 1.0
    larger = max(len(one), len(other))
    if not larger or larger > LARGEST or min(len(one), len(other)) * 2 < larger:
        return 0.0
    both = Counter(one.splitlines()) & Counter(other.splitlines())
    return min(1.0, sum((len(line) + 1) * count for line, count in both.items()) / larger)


def moves(gone: Mapping[str, bytes], new: Mapping[str, bytes], least: float) -> dict[str, str]:
    """Which new path each gone one became: the most alike first, each path once.

    Files of the same name come before others that are as much alike; nothing below `least` counts.
    """
    pairs = [
        (likeness(content, other), old.rpartition("/")[2] == path.rpartition("/")[2], old, path)
        for old, content in gone.items()
        if len(content) >= SMALLEST
        for path, other in new.items()
    ]
    found: dict[str, str] = {}
    for alike, _same_name, old, path in sorted(pairs, key=lambda p: (-p[0], not p[1], p[2], p[3])):
        if alike >= least and old not in found and path not in found.values():
            found[old] = path
    return found
