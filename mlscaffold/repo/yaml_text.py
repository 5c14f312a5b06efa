"""YAML of an audited repository to plain data; what would grow without bounds is refused."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any

import yaml

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import DEEPEST, Malformed, sentence

MOST_NODES = 100_000
"""Values that a YAML file with aliases may stand for once they are written out."""

LONGEST = 1_000_000
"""A value takes some ten microseconds and a kilobyte; each character may be half of one."""

DEEP_YAML = regex(rf"^(?:[ ]{{{2 * DEEPEST},}}|(?:[-?] ){{{DEEPEST},}})\S", re.M)


def read(text: str) -> tuple[Any, ...]:
    """Parse every YAML document; raises Malformed, also for what would grow without bounds."""
    if len(text) > LONGEST:
        raise Malformed(
            f"cannot be read: it is longer than the {LONGEST:,} characters of YAML that are parsed"
        )
    _refuse_depth(text)
    try:
        return tuple(_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "it cannot be parsed"
        raise Malformed(f"is not valid YAML: {sentence(said)}", mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError:
        raise Malformed("is not valid YAML: it holds characters that YAML forbids") from None
    except yaml.YAMLError:
        raise Malformed("is not valid YAML") from None
    except RecursionError:
        raise Malformed("is not valid YAML: it is nested too deeply") from None
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError) as error:
        raise Malformed(f"is not valid YAML: {sentence(str(error))}") from None


def _load(text: str) -> Iterator[Any]:
    aliased = "*" in text and "&" in text
    loader = _loader()(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if aliased:
                _refuse_bomb(node)
            yield loader.construct_document(node)
    finally:
        loader.dispose()


@cache
def _loader() -> Any:
    """A safe loader that gives data for tags it does not know, and text for dates."""

    class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def plain(loader: Any, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Plain.add_constructor(None, plain)
    Plain.add_constructor("tag:yaml.org,2002:timestamp", plain)
    return Plain


def _refuse_depth(text: str) -> None:
    """Raise Malformed for nesting that would exhaust a recursive parser before it could object."""
    depth = 0
    for bracket in regex(r"[\[{\]}]").finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        if depth > DEEPEST:
            line = text.count("\n", 0, bracket.start()) + 1
            raise Malformed("is not valid YAML: it is nested too deeply", line)
    if deep := DEEP_YAML.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise Malformed("is not valid YAML: it is nested too deeply", line)


def _refuse_bomb(root: Any) -> None:
    """Raise Malformed where aliases stand for themselves or for more values than anyone wrote by hand."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    waiting = [(root, False)]
    while waiting:
        node, done = waiting.pop()
        if done:
            open_nodes.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes.get(id(child), 1) for child in _children(node))
            if sizes[id(node)] > MOST_NODES:
                raise Malformed("is not valid YAML: its aliases stand for too much", node.start_mark.line + 1)
        elif id(node) in open_nodes:
            raise Malformed("is not valid YAML: an alias holds itself", node.start_mark.line + 1)
        elif id(node) not in sizes and isinstance(node, yaml.CollectionNode):
            open_nodes.add(id(node))
            waiting.append((node, True))
            waiting += [(child, False) for child in _children(node) if id(child) not in sizes]


def _children(node: Any) -> list[Hashable]:
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
