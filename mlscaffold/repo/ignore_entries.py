"""Where the entries of `ignore` stand in the audit's own configuration, and the text without some of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

TABLE = regex(r"^[ \t]*\[\[(?:tool\.mlscaffold\.)?ignore\]\][ \t]*(?:#.*)?$")
HEADER = regex(r"^[ \t]*\[")
INLINE = regex(r"^[ \t]*\{.*\bcode[ \t]*=.*\}[ \t]*,?[ \t]*(?:#.*)?$")
ONLY = regex(
    r"^(?P<key>[ \t]*ignore[ \t]*=[ \t]*)\[[ \t]*\{[^{}\[\]]*"
    r"(?:\[[^\]]*\][^{}\[\]]*)?\}[ \t]*,?[ \t]*\][ \t]*$"
)
LONGEST = 1000
"""Characters of an entry that is written on one line."""


class Span(NamedTuple):
    """The lines of one entry, from 1."""

    first: int
    last: int


def spans(text: str) -> tuple[Span, ...]:
    """The entries that have lines of their own, in order."""
    lines, found = text.split("\n"), []
    for number, line in enumerate(lines, 1):
        if TABLE.match(line):
            after = (n for n in range(number, len(lines)) if HEADER.match(lines[n]))
            found.append(Span(number, next(after, len(lines))))
        elif len(line) <= LONGEST and (INLINE.match(line) or ONLY.match(line)):
            found.append(Span(number, number))
    return tuple(found)


def without(text: str, gone: Collection[int]) -> str | None:
    """The configuration without the entries of these positions; `None` where that is not sure to be all."""
    entries, places = _ignores(text), spans(text)
    if entries is None or len(entries) != len(places):
        return None
    lines: list[str | None] = list(text.split("\n"))
    for index in gone:
        place = places[index]
        alone = ONLY.match(lines[place.first - 1] or "")
        lines[place.first - 1 : place.last] = [None] * (place.last - place.first + 1)
        if alone:
            lines[place.first - 1] = f"{alone['key']}[]"
    left = "\n".join(line for line in lines if line is not None).rstrip("\n") + "\n"
    wanted = [entry for index, entry in enumerate(entries) if index not in gone]
    return left if _same(text, left, wanted) else None


def _ignores(text: str) -> list[Any] | None:
    found = _table(text).get("ignore")
    return found if isinstance(found, list) else None


def _table(text: str) -> dict[str, Any]:
    import tomllib  # most repositories ignore nothing

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
    tool = document.get("tool", {})
    own = tool.get("mlscaffold") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else document


def _same(before: str, after: str, wanted: list[Any]) -> bool:
    """Whether nothing but the entries went."""
    old, new = _table(before), _table(after)
    rest = {key: value for key, value in old.items() if key != "ignore"}
    return {key: value for key, value in new.items() if key != "ignore"} == rest and (
        new.get("ignore") or []
    ) == wanted
