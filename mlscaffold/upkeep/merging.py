"""Files that both sides changed: by keys where their class says so and they can be, else line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlscaffold.edits import with_ends_of
from mlscaffold.lazy import regex
from mlscaffold.upkeep.decide import merged_mode, shown, step
from mlscaffold.upkeep.keeping import Keeping
from mlscaffold.upkeep.keys import NotByKeys
from mlscaffold.upkeep.keys import merge as merge_keys
from mlscaffold.upkeep.rows import Row
from mlscaffold.upkeep.steps import Clash, Step
from mlscaffold.upkeep.template import File
from mlscaffold.upkeep.text_merge import Sides, Text
from mlscaffold.upkeep.text_merge import merge as merge_texts

NAMED = 4
"""How many keys the reason of a merge names."""
HUNK = regex(rb"^<{7} yours\r?\n(.*?)^\|{7} before\r?\n(.*?)^={7}\r?\n(.*?)^>{7} template", re.M | re.S)


def merged(
    rows: Sequence[Row], how: Keeping, git: tuple[int, int] | None = None
) -> Iterator[tuple[Row, Step]]:
    """The rows whose two sides must be merged, each with its step, in any order."""
    texts = []
    for row in rows:
        found = _by_keys(row, how) if row.kind == "keys" else None
        if found is not None:
            yield row, found
        elif row.base is None:
            yield row, step(row, "conflict", "you and the template both added it", clashes=(_whole(row),))
        else:
            texts.append(row)
    done = merge_texts([_sides(row) for row in texts], git)
    yield from ((row, _step(row, text)) for row, text in zip(texts, done, strict=True))


def _sides(row: Row) -> Sides:
    sides = (row.base, row.plain, row.theirs)
    return Sides(*(side.content if side else b"" for side in sides))


def _by_keys(row: Row, how: Keeping) -> Step | None:
    """The step of a merge by keys; `None` where the file cannot be merged so without losing something."""
    sides = _sides(row)
    base = sides.base if row.base else None
    try:
        found = merge_keys(row.source, base, sides.ours, sides.theirs, how.owned(row.source))
    except NotByKeys:
        return None
    after = _after(row, found.text)
    if not found.conflicts:
        return _written(row, after, _taken(found.taken) or "line ends")
    clashes = [Clash(c.key, c.base, c.ours, c.theirs) for c in found.conflicts]
    keys = ", ".join(clash.key for clash in clashes)
    made = step(row, "conflict", f"both changed {keys}: yours stays", after=after, clashes=clashes)
    return made if after != row.ours else made._replace(after=None)


def _taken(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return f"the template's {', '.join(keys[:NAMED])}{more}" if keys else ""


def _step(row: Row, text: Text) -> Step:
    after = _after(row, text.content)
    if not text.conflict:
        return _written(row, after, "both changed it, in different places")
    clashes = list(_hunks(text.content)) or [_whole(row)]
    made = step(row, "conflict", "both changed the same lines", clashes=clashes)
    return made._replace(marked=after.content if b"<<<<<<< yours" in text.content else b"", theirs=row.theirs)


def _written(row: Row, after: File, why: str) -> Step:
    if after == row.ours and row.path == row.target:
        return step(row, "kept", "yours already has it")
    return step(row, "move" if row.path != row.target else "merge", why, after=after)


def _after(row: Row, content: bytes) -> File:
    ends = row.ours.content if row.ours else content
    return File(with_ends_of(content, ends), merged_mode(row))


def _hunks(marked: bytes) -> Iterator[Clash]:
    for ours, base, theirs in HUNK.findall(marked):
        yield Clash("", shown(base), shown(ours), shown(theirs))


def _whole(row: Row) -> Clash:
    base, ours, theirs = (side and shown(side.content) for side in (row.base, row.ours, row.theirs))
    return Clash("", base, ours, theirs)
