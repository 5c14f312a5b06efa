"""YAML as a lossless tree, cut at the marks that the parser gives: nothing is ever written anew."""

from __future__ import annotations

from dataclasses import replace

import yaml

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.keys import commas
from mlscaffold.upkeep.keys.commas import Item
from mlscaffold.upkeep.keys.identity import item_key, list_kind
from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf, Node, NotByKeys, header_end, place

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C is five times as fast, and gives the same marks."""

DEEPEST = 100
STRING = "tag:yaml.org,2002:str"
REFUSED = {
    yaml.AnchorToken: "an anchor",
    yaml.AliasToken: "an alias",
    yaml.DirectiveToken: "a directive",
}
OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
BLANK = regex(r"[ \t]*(#[^\n]*)?\n")
HEADER = regex(r"(?:[ \t]*(?:#[^\n]*)?\n)*---[ \t]*(?:#[^\n]*)?\n")


class Part(NamedTuple):
    """One key or dash: where it begins, where what introduces the value ends, and the value."""

    key: str
    start: int
    end: int
    node: yaml.Node


def parse(text: str, _path: str) -> Branch:
    """The tree of a YAML file; raises NotByKeys where it is none, or holds what keys cannot tell."""
    try:
        refuse(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise NotByKeys(f"it is not YAML: {' '.join(str(error).split())[:200]}") from error
    if node is None:
        return Branch("table", "lines", (), text)
    if not is_block(node):
        raise NotByKeys("its root is not a block of keys or items")
    header = HEADER.match(text)
    start = header.end() if header else header_end(text)
    return replace(block(text, node, (start, len(text)), ""), head=text[:start])


def refuse(text: str) -> None:
    """Raises NotByKeys for several documents and for what ties one place of the file to another."""
    documents = depth = 0
    for token in yaml.scan(text, Loader=LOADER):
        documents += isinstance(token, yaml.DocumentStartToken)
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > DEEPEST:
            raise NotByKeys("it is nested too deep")
        if type(token) in REFUSED:
            raise NotByKeys(f"it has {REFUSED[type(token)]} in line {token.start_mark.line + 1}")
        if isinstance(token, yaml.DocumentEndToken) or documents > 1:
            raise NotByKeys("it has more than one document, or an end of one")


def is_block(node: yaml.Node) -> bool:
    """Whether the node is a mapping or sequence written in lines."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def is_tagged(text: str, node: yaml.Node) -> bool:
    """Whether a tag stands before the node: it belongs to its text, and is never looked up."""
    return text[node.start_mark.index : node.start_mark.index + 1] == "!"


def block(text: str, node: yaml.Node, span: tuple[int, int], path: str) -> Branch:
    """The block collection in `span` of the text."""
    if is_tagged(text, node):
        raise NotByKeys(f"it has a tag for a whole block in line {node.start_mark.line + 1}")
    start, limit = span
    table = isinstance(node, yaml.MappingNode)
    parts = keys(text, node) if table else dashes(text, node, start)
    if table and len({part.key for part in parts}) < len(parts):
        raise NotByKeys(f"a key stands twice in {path or 'the file'}")
    entries: list[Entry] = []
    pos = start
    ends = [line_start(text, part.start) for part in parts[1:]]
    for part, end in zip(parts, [*ends, limit], strict=True):
        inside = place(path, "table", part.key) if table else f"{path}[]"
        made, behind = entry(text, part, pos, end, inside)
        entries.append(made)
        pos = behind
    kind = "table" if table else list_kind(path, [e.value for e in entries])
    if kind == "set":
        entries = [_named(path, e) for e in entries]
    indent = " " * node.start_mark.column
    compact = start == parts[0].start and bool(node.start_mark.column)
    return Branch(kind, "lines", tuple(entries), "", text[pos:limit], indent, compact)


def _named(path: str, item: Entry) -> Entry:
    name = item_key(path, item.value) or ""
    return Entry(name, item.lead, item.opening, item.value, item.gap, item.comma, item.tail)


def line_start(text: str, pos: int) -> int:
    """Where the line of `pos` begins."""
    return text.rfind("\n", 0, pos) + 1


def keys(text: str, node: yaml.Node) -> list[Part]:
    """The keys of a block mapping."""
    return [
        Part(plain_key(text, key), key.start_mark.index, text.index(":", key.end_mark.index) + 1, value)
        for key, value in node.value
    ]


def plain_key(text: str, node: yaml.Node) -> str:
    """The key as it is compared; raises NotByKeys where it is no plain word."""
    if not isinstance(node, yaml.ScalarNode) or node.tag.endswith(":merge") or is_tagged(text, node):
        raise NotByKeys(f"it has a merge key or a complex key in line {node.start_mark.line + 1}")
    return str(node.value)


def dashes(text: str, node: yaml.Node, start: int) -> list[Part]:
    """The items of a block sequence."""
    found: list[Part] = []
    for item in node.value:
        while blank := BLANK.match(text, start):
            start = blank.end()
        dash = text.index("-", start)
        found.append(Part("", dash, dash + 1, item))
        start = content_end(text, item)
    return found


def entry(text: str, part: Part, pos: int, limit: int, path: str) -> tuple[Entry, int]:
    """One key or item whose comments begin at `pos`, and the position behind it."""
    node = part.node
    if any(not BLANK.fullmatch(line + "\n") for line in text[pos : part.start].split("\n")):
        raise NotByKeys(f"line {node.start_mark.line + 1} is written in a way that keys cannot tell")
    lead = text[pos : part.start]
    if is_block(node):
        inline = "\n" not in text[part.end : node.start_mark.index]
        first = node.start_mark.index if inline else text.index("\n", part.end) + 1
        column = part.start - line_start(text, part.start)
        end = own_end(text, content_end(text, node), limit, column)
        return Entry(part.key, lead, text[part.start : first], block(text, node, (first, end), path)), end
    begins, line_end = node.start_mark.index, content_end(text, node)
    ends = line_end - 1 if is_literal(node) else node.end_mark.index
    opening, tail = text[part.start : begins], text[ends:line_end]
    return Entry(part.key, lead, opening, flat(text, node, path, begins, ends), tail=tail), line_end


def is_literal(node: yaml.Node) -> bool:
    """Whether the node is a string written below `|` or `>`."""
    return isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")


def content_end(text: str, node: yaml.Node) -> int:
    """Behind the last line of the node, without the blank lines and comments that follow."""
    if is_block(node):
        last = node.value[-1]
        return content_end(text, last[1] if isinstance(node, yaml.MappingNode) else last)
    end: int = node.end_mark.index
    if not is_literal(node):
        return text.index("\n", end) + 1
    written = text[node.start_mark.index : end]
    if "+" in written.split("\n")[0].split("#")[0]:
        raise NotByKeys("it has a string that keeps its last blank lines")
    return text.index("\n", node.start_mark.index + len(written.rstrip(" \n"))) + 1


def own_end(text: str, pos: int, limit: int, column: int) -> int:
    """Behind the comments after a block that are indented deeper than its key, and so belong to it."""
    end = pos
    while pos < limit and (blank := BLANK.match(text, pos)):
        if blank[1]:
            if blank.start(1) - pos <= column:
                break
            end = blank.end()
        pos = blank.end()
    return end


def flat(text: str, node: yaml.Node, path: str, start: int, end: int) -> Node:
    """A scalar or a collection in flow style."""
    if isinstance(node, yaml.ScalarNode):
        plain = str(node.value) if node.tag == STRING else None
        return Leaf(text[start:end], f"{node.tag} {node.value}", plain)
    if is_tagged(text, node):
        return Leaf(text[start:end], f"{node.tag} {text[start:end]}")
    if text[start] not in "[{":
        raise NotByKeys("it has a pair without braces")
    if isinstance(node, yaml.MappingNode):
        items = [flow_item(text, plain_key(text, key), key, value, path) for key, value in node.value]
    else:
        items = [flow_item(text, "", item, item, path) for item in node.value]
    return commas.container(text, (start, end), items, path, "#")


def flow_item(text: str, name: str, key: yaml.Node, value: yaml.Node, path: str) -> Item:
    """One item or pair between commas."""
    begins, ends = value.start_mark.index, value.end_mark.index
    inside = place(path, "table", name) if key is not value else f"{path}[]"
    return Item(name, flat(text, value, inside, begins, ends), key.start_mark.index, begins, ends)
