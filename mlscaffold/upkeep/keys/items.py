"""Which item of one version of a list stands for which item of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from mlscaffold.upkeep.keys.identity import is_anonymous
from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf


def told_apart(base: Branch | None, ours: Branch, theirs: Branch) -> tuple[Branch | None, Branch, Branch]:
    """The versions of a set; where one gives values to a name twice, the whole words are the names in all."""
    if ours.kind != "set":
        return base, ours, theirs
    sides = [
        Counter(e.key for e in branch.entries if assigned(e)) for branch in (base, ours, theirs) if branch
    ]
    twice = {name for names in sides for name, times in names.items() if times > 1}
    if not twice:
        return base, ours, theirs
    return base and spelt_out(base, twice), spelt_out(ours, twice), spelt_out(theirs, twice)


def assigned(entry: Entry) -> str:
    """The whole word of an entry that gives a value to its name; empty for any other."""
    word = entry.value.plain if isinstance(entry.value, Leaf) else None
    return word if word and word.startswith(f"{entry.key}=") else ""


def spelt_out(branch: Branch, names: Set[str]) -> Branch:
    """The set with whole words for these names."""
    made = (replace(e, key=assigned(e) or e.key) if e.key in names else e for e in branch.entries)
    return replace(branch, entries=tuple(made))


def drifted(path: str, mine: Mapping[str, Entry], yours: Mapping[str, Entry]) -> dict[str, str]:
    """Items without a name that I wrote in place of yours: by yours, each with mine."""
    common = mine.keys() & yours.keys()
    nameless = [
        [key for key, entry in side.items() if key not in common and is_anonymous(path, key, entry.value)]
        for side in (mine, yours)
    ]
    mine_at, yours_at = behind(mine, common), behind(yours, common)
    waiting: dict[str | None, list[str]] = {}
    for key in nameless[0]:
        waiting.setdefault(mine_at[key], []).append(key)
    found: dict[str, str] = {}
    for key in nameless[1]:
        if there := waiting.get(yours_at[key]):
            found[key] = there.pop(0)
    return found


def rewritten(
    path: str, old: Mapping[str, Entry], mine: Mapping[str, Entry], yours: Mapping[str, Entry]
) -> dict[str, tuple[str, str]]:
    """Items that both sides wrote anew in one place, such as a step or a word without a name.

    Gives for the name in theirs the names in base and in ours.
    """
    common = old.keys() & mine.keys() & yours.keys()
    was, mine_at, yours_at = (behind(names, common) for names in (old, mine, yours))
    gone = {was[key]: key for key in old if key not in mine and key not in yours}
    added = {
        mine_at[key]: key
        for key, entry in mine.items()
        if key not in old and (isinstance(entry.value, Branch) or is_anonymous(path, key, entry.value))
    }
    both = gone.keys() & added.keys()
    return {
        key: (gone[yours_at[key]], added[yours_at[key]])
        for key in yours
        if key not in old and key not in mine and yours_at[key] in both
    }


def behind(names: Iterable[str], common: Set[str]) -> dict[str, str | None]:
    """For each name the last one before it that all versions have."""
    found: dict[str, str | None] = {}
    last: str | None = None
    for name in names:
        found[name] = last
        last = name if name in common else last
    return found
