"""The lossless tree that every format is read into: written out again, it is the text, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from mlscaffold.lazy import regex

ALIKE_AT_MOST = 50
"""Items of one list with one name; telling more of them apart would cost quadratic time."""


class NotByKeys(Exception):
    """The file cannot be merged by keys; the message says why, and the caller merges its text."""


@dataclass(frozen=True)
class Leaf:
    """A value that is merged as a whole: `data` compares, `plain` is its string, if it is one."""

    text: str
    data: str
    plain: str | None = None


@dataclass(frozen=True)
class Entry:
    """One key with its value, or one item: `lead` holds the comments above, `tail` what ends its line.

    Between commas, `gap` is what stands before the comma and `comma` the comma itself, if there is one.
    """

    key: str
    lead: str
    opening: str
    value: Node
    gap: str = ""
    comma: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Branch:
    """A table (by key), a set (items by name) or a list (merged as a whole), written in lines or with commas.

    `indent` is what its lines begin with; a `compact` branch begins in the middle of a line (`- key: value`);
    blank lines keep the sections of an `airy` one apart.
    """

    kind: Literal["table", "set", "list"]
    style: Literal["lines", "commas"]
    entries: tuple[Entry, ...]
    head: str = ""
    foot: str = ""
    indent: str = ""
    compact: bool = False
    airy: bool = False


Node = Leaf | Branch


def text(node: Node) -> str:
    """The node as it is written."""
    if isinstance(node, Leaf):
        return node.text
    return node.head + "".join(map(entry_text, node.entries)) + node.foot


def entry_text(entry: Entry) -> str:
    """The entry as it is written, with its comments."""
    return entry.lead + entry.opening + text(entry.value) + entry.gap + entry.comma + entry.tail


def data(node: Node) -> object:
    """What the node means, without comments and layout; order counts in sets and lists."""
    if isinstance(node, Leaf):
        return node.data
    if node.kind == "table":
        return {key: data(entry.value) for key, entry in keyed(node.entries).items()}
    return [data(entry.value) for entry in node.entries]


def comments(node: Node) -> set[str]:
    """Every comment line in the node."""
    if isinstance(node, Leaf):
        return {line for line in remarks(node.text.partition("\n")[2]) if line[0] in "#;"}
    found = remarks(node.foot) | remarks(node.head)
    return found.union(*map(entry_comments, node.entries)) - {"[", "]", "{", "}"}


def entry_comments(entry: Entry) -> set[str]:
    """Every comment line of the entry and in it; a comment behind the opening of a block counts too."""
    behind = {part for line in remarks(entry.opening) for part in regex(r"\s(#.*)").findall(line)}
    return remarks(entry.lead) | remarks(entry.gap) | remarks(entry.tail) | behind | comments(entry.value)


def remarks(trivia: str) -> set[str]:
    """The lines of `trivia` that say something."""
    return {line.strip() for line in trivia.split("\n")} - {""}


NOTHING: Mapping[str, Entry] = MappingProxyType({})


def keyed(entries: Iterable[Entry], like: Mapping[str, Entry] = NOTHING) -> dict[str, Entry]:
    """The entries by key, in order. Items of one name are numbered as their equals in `like` are.

    Raises NotByKeys where too many have one name.
    """
    groups: dict[str, list[Entry]] = {}
    ordered = list(entries)
    for entry in ordered:
        groups.setdefault(entry.key, []).append(entry)
    names = {id(entry): name for group in groups.values() for name, entry in _numbered(group, like)}
    return {names[id(entry)]: entry for entry in ordered}


def _numbered(group: list[Entry], like: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
    key = group[0].key
    if len(group) == 1 and f"{key}#2" not in like:
        return [(key, group[0])]
    if len(group) > ALIKE_AT_MOST:
        raise NotByKeys(f"more than {ALIKE_AT_MOST} items are called {key[:60]}")
    names = [key, *(f"{key}#{n}" for n in range(2, ALIKE_AT_MOST + len(group)))]
    known = {name: data(like[name].value) for name in names if name in like}
    found: list[tuple[str, Entry]] = []
    others: list[Entry] = []
    for entry in group:
        meant = data(entry.value)
        name = next((name for name, value in known.items() if value == meant), None)
        if name is None:
            others.append(entry)
        else:
            del known[name]
            found.append((name, entry))
    taken = {name for name, _ in found}
    return found + list(zip([name for name in names if name not in taken], others, strict=False))


def header_end(written: str) -> int:
    """Behind the comment that a file begins with, where a blank line keeps it apart from the first key."""
    found = regex(r"(?:[#;][^\n]*\n)+\n+").match(written)
    return found.end() if found else 0


def place(path: str, kind: str, key: str) -> str:
    """The name of `key` below `path`, as globs and reports write it: `repos[ruff].rev`."""
    if not path or not key:
        return path or key
    return f"{path}[{key}]" if kind != "table" else f"{path}.{key}"


def parents(name: str) -> list[str]:
    """The names of the tables that the key `a.b.c` lies in, from the outermost."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]
