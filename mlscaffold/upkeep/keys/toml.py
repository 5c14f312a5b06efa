"""TOML as a lossless tree: a table of sections by header, each a table of its keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.upkeep.keys import commas
from mlscaffold.upkeep.keys.commas import Item
from mlscaffold.upkeep.keys.identity import item_key
from mlscaffold.upkeep.keys.tree import (
    Branch,
    Entry,
    Leaf,
    Node,
    NotByKeys,
    entry_text,
    header_end,
    parents,
    place,
)

PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*')"""
KEY = rf"{PART}(?:[ \t]*\.[ \t]*{PART})*"
HEADER = regex(rf"[ \t]*(\[\[?)[ \t]*({KEY})[ \t]*\]\]?[^\n]*\n")
ASSIGNMENT = regex(rf"[ \t]*({KEY})[ \t]*=[ \t]*")
IN_TABLE = regex(rf"({KEY})[ \t]*=[ \t]*")
SCALAR = regex(
    r'"""(?:\\.|(?!""").)*+"""(?:"{0,2})' + r"|'''(?:(?!''').)*+'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*+"' + r"|'[^'\n]*'|[^\s,\[\]{}#\"']+(?: \d\d:[^\s,\]}#]+)?",
    re.S,
)
LONG_KEY = regex(r"""(?<![\w."'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){64}""")
"""What tomllib would need quadratic time for."""

MARK = "#"


def parse(text: str, _path: str) -> Branch:
    """The tree of a TOML file; raises NotByKeys where it is none."""
    if LONG_KEY.search(text):
        raise NotByKeys("it has a key of very many parts")
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotByKeys(f"it is not TOML: {error}") from error
    start = header_end(text)
    entries = tuple(sections(text, start))
    foot = text[start + sum(len(entry_text(entry)) for entry in entries) :]
    return Branch("table", "lines", entries, text[:start], foot, airy=True)


def sections(text: str, pos: int) -> Iterator[Entry]:
    """The keys before the first header as the section without a name, then one section a header.

    An element of an array of tables carries its name in brackets, and so do the sections below it.
    """
    elements: dict[str, str] = {}
    lead, opening, name = "", "", ""
    while True:
        body, lines, pos = keys(text, pos, name)
        found = HEADER.match(text, pos) if pos < len(text) else None
        if opening.lstrip().startswith("[["):
            name = elements[name] = f"{name}[{item_key(name, body) or ''}]"
        yield Entry(name, lead, opening, body)
        if not found:
            break
        lead, opening, pos = lines, found[0], found.end()
        name = below(elements, dotted(found[2]), array=found[1] == "[[")
    if pos < len(text):
        raise NotByKeys(f"it has an unknown line of TOML: {text[pos:].splitlines()[0][:60]}")


def below(elements: dict[str, str], name: str, *, array: bool) -> str:
    """The name of a section, with the last element of the array of tables that it lies in."""
    above = [name, *reversed(parents(name))][array:]
    parent = next((known for known in above if known in elements), None)
    return name if parent is None else elements[parent] + name[len(parent) :]


def keys(text: str, pos: int, path: str) -> tuple[Branch, str, int]:
    """The assignments from `pos` to the next header; the comments behind them; where these end."""
    entries: list[Entry] = []
    while True:
        start = commas.skip(text, pos, MARK)
        start = text.rfind("\n", 0, start) + 1 if start < len(text) else start
        found = ASSIGNMENT.match(text, start)
        if not found:
            indent = indentation(entries[0].lead) if entries else ""
            return Branch("table", "lines", tuple(entries), indent=indent), text[pos:start], start
        key = dotted(found[1])
        node, end = value(text, found.end(), place(path, "table", key))
        line_end = text.index("\n", end) + 1
        lead, opening = text[pos : found.start(1)], text[found.start(1) : found.end()]
        entries.append(Entry(key, lead, opening, node, tail=text[end:line_end]))
        pos = line_end


def indentation(lead: str) -> str:
    """What the line begins with that `lead` leads to."""
    return lead[lead.rfind("\n") + 1 :]


def dotted(written: str) -> str:
    """A key as it is compared: without quotes where none are needed, without space around dots."""
    parts = re.findall(PART, written)
    return ".".join(p if p[0] not in "\"'" else bare(p) for p in parts)


def bare(quoted: str) -> str:
    """A quoted part of a key without its quotes, where it may stand without."""
    name: str = next(iter(tomllib.loads(f"{quoted} = 0")))
    return name if regex(r"[A-Za-z0-9_-]+").fullmatch(name) else repr(name)


def value(text: str, pos: int, path: str) -> tuple[Node, int]:
    """The value at `pos` and the position behind it."""
    if text[pos] in "[{":
        return container(text, pos, path)
    found = SCALAR.match(text, pos)
    if not found:
        raise NotByKeys(f"it has an unknown value of TOML in {path}")
    read = tomllib.loads(f"x = {found[0]}")["x"]
    return Leaf(found[0], repr(read), read if isinstance(read, str) else None), found.end()


def container(text: str, start: int, path: str) -> tuple[Node, int]:
    """The array or inline table at `start` and the position behind it."""
    closing = "}" if text[start] == "{" else "]"
    items: list[Item] = []
    pos = commas.skip(text, start + 1, MARK)
    while text[pos] != closing:
        found = IN_TABLE.match(text, pos) if closing == "}" else None
        key, begins = (dotted(found[1]), found.end()) if found else ("", pos)
        node, end = value(text, begins, place(path, "table", key) if found else f"{path}[]")
        items.append(Item(key, node, pos, begins, end))
        pos = commas.skip(text, end, MARK)
        if text[pos] == ",":
            pos = commas.skip(text, pos + 1, MARK)
    return commas.container(text, (start, pos + 1), items, path, MARK), pos + 1
