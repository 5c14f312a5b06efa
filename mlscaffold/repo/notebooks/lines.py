"""Where the parts of a notebook's cells stand in its JSON text."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator

from mlscaffold.lazy import regex

SPACE = regex(r"[ \t\n\r]*")
WHITE = (" ", "\t", "\n", "\r")
PARTS = {"outputs": "outputs", "execution_count": "count", "prompt_number": "count"}
DECODER = json.JSONDecoder()


def locate(text: str) -> Iterator[dict[str, list[int]]]:
    """For each cell the lines of its `cell` brace, `outputs`, `count`, and of every `source` line.

    For text that json.loads accepted. Values that do not matter are passed over by the decoder itself.
    """
    starts = [0, *(m.end() for m in regex("\n").finditer(text))]
    for cell in _cells(text):
        found = {"cell": [bisect_right(starts, cell)]}
        for key, at, value in _members(text, cell) if text[cell] == "{" else ():
            if key in ("source", "input"):
                strings = _items(text, value) if text[value] == "[" else iter([value])
                found["source"] = list(_source(text, strings, starts))
            elif key in PARTS:
                found[PARTS[key]] = [bisect_right(starts, at)]
        yield found


def _cells(text: str) -> Iterator[int]:
    """Where each cell starts, in format 4 and in the worksheets of format 3."""
    top = {key: value for key, _, value in _members(text, _skip(text, 0))}
    if "cells" in top and text[top["cells"]] == "[":
        yield from _items(text, top["cells"])
    elif "worksheets" in top:
        for sheet in _items(text, top["worksheets"]):
            for key, _, value in _members(text, sheet) if text[sheet] == "{" else ():
                if key == "cells" and text[value] == "[":
                    yield from _items(text, value)


def _source(text: str, strings: Iterator[int], starts: list[int]) -> Iterator[int]:
    """The line of each JSON string, as often as a line of source begins in it.

    A string that does not end its line goes on with the next one, as some editors leave it.
    """
    inside = False
    for at in strings:
        value, _ = DECODER.raw_decode(text, at)
        if isinstance(value, str):
            begun = value.count("\n") + (not value.endswith("\n")) - inside
            inside = not value.endswith("\n")
            yield from [bisect_right(starts, at)] * begun


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Each member of the object at `at`: its key, where that stands, and where the value starts."""
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, end = DECODER.raw_decode(text, at)
        value = _skip(text, _skip(text, end) + 1)
        yield key, at, value
        at = _after(text, value)


def _items(text: str, at: int) -> Iterator[int]:
    """Where each item of the list at `at` starts."""
    at = _skip(text, at + 1)
    while text[at] != "]":
        yield at
        at = _after(text, at)


def _after(text: str, value: int) -> int:
    """Where the next item starts, or the closing bracket stands."""
    at = _skip(text, DECODER.raw_decode(text, value)[1])
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in WHITE:
        return at
    space = SPACE.match(text, at)
    return space.end() if space else at
