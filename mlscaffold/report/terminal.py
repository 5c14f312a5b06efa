"""Colour and width of a terminal: the only place that knows of either."""

from __future__ import annotations

import os
from typing import TextIO

from mlscaffold.arguments import columns
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
NARROWEST = 40
WIDEST = 100


class Terminal(NamedTuple):
    """How text is laid out; a `width` of 0 leaves lines as they are, which suits pipes and grep."""

    colour: bool = False
    width: int = 0

    def paint(self, text: str, *styles: str) -> str:
        """The text in these styles, or as it is where there is no colour."""
        if not self.colour or not styles:
            return text
        return f"\x1b[{';'.join(CODES[s] for s in styles)}m{text}\x1b[0m"

    def room(self, line: str) -> int:
        """The columns that are free behind a line; none where the width is not known."""
        seen = regex(r"\x1b\[[\d;]*m").sub("", line) if self.colour else line
        return max(self.width - len(seen), 0)

    def wrap(self, text: str, indent: str, hanging: str = "") -> list[str]:
        """The text as lines that begin with `indent`, those after the first with `hanging` as well."""
        if not self.width:
            return [indent + text]
        import textwrap  # a pipe wraps nothing

        return textwrap.wrap(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [indent]


def terminal_of(stream: TextIO, colour: str = "auto") -> Terminal:
    """What `stream` can show; `NO_COLOR` and `TERM=dumb` switch colour off, `colour` has the last word."""
    is_terminal = stream.isatty()
    able = is_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return Terminal(
        colour=able if colour == "auto" else colour == "always",
        width=min(max(columns(), NARROWEST), WIDEST) if is_terminal else 0,
    )
