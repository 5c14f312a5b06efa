"""Containers of brackets and commas, cut into entries: in JSON, TOML and the flow style of YAML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.keys.identity import item_key, list_kind
from mlscaffold.upkeep.keys.tree import Branch, Entry, Node, NotByKeys


class Item(NamedTuple):
    """Where an item begins, where its value begins (behind the key) and where it ends."""

    key: str
    value: Node
    start: int
    value_start: int
    end: int


TRIVIA = {
    "#": regex(r"(?:[ \t\n]+|#[^\n]*)*+"),
    "//": regex(r"(?:[ \t\n]+|//[^\n]*|/\*(?s:.*?)\*/)*+"),
}
TAIL = {
    "#": regex(r"[ \t]*(?:#[^\n]*)?(?=\n)"),
    "//": regex(r"[ \t]*(?:/\*(?:[^*\n]|\*(?!/))*\*/[ \t]*)?(?://[^\n]*)?(?=\n)"),
}


def skip(text: str, pos: int, mark: str) -> int:
    """The position behind white space and comments; `mark` begins a comment."""
    found = TRIVIA[mark].match(text, pos)
    return found.end() if found else pos


def branch(
    text: str, span: tuple[int, int], items: Sequence[Item], kind: Literal["table", "set", "list"], mark: str
) -> Branch:
    """The container at `span` (from its first to behind its last bracket), cut so that nothing is lost."""
    if kind == "table" and len({item.key for item in items}) < len(items):
        raise NotByKeys("a key stands twice in one table")
    entries: list[Entry] = []
    pos = span[0] + 1
    for item in items:
        comma_at = skip(text, item.end, mark)
        comma = text[comma_at : comma_at + 1] == ","
        behind = comma_at + 1 if comma else item.end
        tail = TAIL[mark].match(text, behind)
        end = tail.end() if tail else behind
        entries.append(
            Entry(
                item.key,
                text[pos : item.start],
                text[item.start : item.value_start],
                item.value,
                text[item.end : comma_at] if comma else "",
                "," if comma else "",
                text[behind:end],
            )
        )
        pos = end
    return Branch(kind, "commas", tuple(entries), text[span[0] : span[0] + 1], text[pos : span[1]])


def container(text: str, span: tuple[int, int], items: Sequence[Item], path: str, mark: str) -> Branch:
    """The container at `span`: braces hold a table, brackets a set where every item has a name, or a list."""
    if text[span[0]] == "{":
        return branch(text, span, items, "table", mark)
    kind = list_kind(path, [item.value for item in items])
    named = [i._replace(key=item_key(path, i.value) or "") for i in items] if kind == "set" else items
    return branch(text, span, named, kind, mark)
