"""Where the parts of a notebook's cells stand in its JSON text."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.S)
PARTS = {
    "source": "source",
    "input": "source",
    "outputs": "outputs",
    "execution_count": "count",
    "prompt_number": "count",
}


def locate(text: str) -> dict[tuple[int, str], list[int]]:
    """For each cell (from 1) the lines of its `cell` brace, `outputs`, `count`, and of every `source` line.

    A flat scan over the tokens: what json.loads accepted needs no second parser. Depth does not matter.
    """
    scan = _Scan(text)
    for token in TOKEN.finditer(text):
        piece = token.group()
        if piece in "{[":
            scan.opened(piece, token.start())
        elif piece in "}]":
            scan.closed()
        elif piece in ",:":
            scan.is_key = piece == "," and scan.kinds[-1:] == ["{"]
        elif scan.is_key:
            scan.key(piece[1:-1], token.start())
        elif piece[0] == '"':
            scan.string(piece, token.start())
    return scan.found


class _Scan:
    def __init__(self, text: str) -> None:
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.found: dict[tuple[int, str], list[int]] = {}
        self.kinds: list[str] = []
        self.keys: list[str] = []
        self.cell = 0
        self.is_key = False

    def line(self, at: int) -> int:
        return bisect_right(self.starts, at)

    @property
    def level(self) -> int:
        """How deep a cell's brace lies: 3, or 5 in the worksheets of format 3."""
        return 5 if self.keys[:1] == ["worksheets"] else 3

    def opened(self, brace: str, at: int) -> None:
        self.kinds.append(brace)
        self.keys.append("")
        self.is_key = brace == "{"
        if brace == "{" and len(self.kinds) == self.level and self.keys[-3] == "cells":
            self.cell += 1
            self.found[self.cell, "cell"] = [self.line(at)]

    def closed(self) -> None:
        if self.kinds:
            self.kinds.pop()
            self.keys.pop()
        self.is_key = False

    def key(self, name: str, at: int) -> None:
        self.is_key = False
        self.keys[-1] = name
        if len(self.kinds) == self.level and (part := PARTS.get(name)) and part != "source":
            self.found[self.cell, part] = [self.line(at)]

    def string(self, piece: str, at: int) -> None:
        level = self.level
        inside = len(self.kinds) - level
        if inside not in (0, 1) or PARTS.get(self.keys[level - 1]) != "source":
            return
        if inside == 1 and self.kinds[-1] != "[":
            return
        value = json.loads(piece)
        count = value.count("\n") + (not value.endswith("\n"))
        self.found.setdefault((self.cell, "source"), []).extend([self.line(at)] * count)
