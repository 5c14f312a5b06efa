"""Signs for a stream whose encoding has none of ours, such as a pipe on Windows or a C locale."""

from __future__ import annotations

import codecs
import io
from typing import TextIO

PLAIN = {
    "✓": "v",
    "✗": "x",
    "…": "...",
    "‖": "|",
    "·": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "→": "->",
    "“": "'",
    "”": "'",
    "’": "'",
    "●": "#",
    "○": "o",
}
"""No double quote and no backslash, so that JSON stays JSON."""


def fit(stream: TextIO) -> None:
    """Let `stream` write a plain sign, or an escape as JSON has it, for what its encoding does not have."""
    if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name != "utf-8":
        codecs.register_error("plain", _plain)
        stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(PLAIN.get(c) or _escaped(c) for c in error.object[error.start : error.end]), error.end


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
