"""JSON, also with comments and trailing commas (devcontainer, editors), as a lossless tree."""

from __future__ import annotations

import json
from dataclasses import replace

from mlscaffold.lazy import regex
from mlscaffold.upkeep.keys import commas
from mlscaffold.upkeep.keys.commas import Item
from mlscaffold.upkeep.keys.tree import Branch, Leaf, Node, NotByKeys, place

SCALAR = regex(r'"(?:[^"\\\n]|\\.)*+"|[^\s,:"\[\]{}/]+')
MARK = "//"


def parse(text: str, _path: str) -> Branch:
    """The tree of a JSON file; raises NotByKeys where it is none."""
    start = commas.skip(text, 0, MARK)
    if not text[start:]:
        return Branch("table", "lines", (), text)
    root, end = value(text, start, "")
    if commas.skip(text, end, MARK) < len(text) or isinstance(root, Leaf):
        raise NotByKeys("it is not one JSON object or array")
    return replace(root, head=text[:start] + root.head, foot=root.foot + text[end:])


def value(text: str, pos: int, path: str) -> tuple[Node, int]:
    """The value at `pos` and the position behind it."""
    if text[pos : pos + 1] in ("{", "["):
        return container(text, pos, path)
    found = SCALAR.match(text, pos)
    if not found:
        raise NotByKeys(f"it is not JSON (character {pos + 1})")
    try:
        read = json.loads(found[0], strict=True)
    except ValueError as error:
        raise NotByKeys(f"it is not JSON (character {pos + 1})") from error
    return Leaf(found[0], repr(read), read if isinstance(read, str) else None), found.end()


def container(text: str, start: int, path: str) -> tuple[Node, int]:
    """The object or array at `start` and the position behind it."""
    closing = "}" if text[start] == "{" else "]"
    items: list[Item] = []
    pos = commas.skip(text, start + 1, MARK)
    while text[pos : pos + 1] != closing:
        items.append(member(text, pos, path) if closing == "}" else element(text, pos, path))
        pos = commas.skip(text, items[-1].end, MARK)
        if text[pos : pos + 1] == ",":
            pos = commas.skip(text, pos + 1, MARK)
        elif text[pos : pos + 1] != closing:
            raise NotByKeys(f"it is not JSON (character {pos + 1})")
    return commas.container(text, (start, pos + 1), items, path, MARK), pos + 1


def member(text: str, pos: int, path: str) -> Item:
    """One `"key": value`."""
    key, end = value(text, pos, path)
    colon = commas.skip(text, end, MARK)
    if not isinstance(key, Leaf) or key.plain is None or text[colon : colon + 1] != ":":
        raise NotByKeys(f"it is not JSON (character {pos + 1})")
    start = commas.skip(text, colon + 1, MARK)
    node, behind = value(text, start, place(path, "table", key.plain))
    return Item(key.plain, node, pos, start, behind)


def element(text: str, pos: int, path: str) -> Item:
    """One item of an array, without its name yet."""
    node, end = value(text, pos, f"{path}[]")
    return Item("", node, pos, pos, end)
