"""Python text to a syntax tree, and what to do about text that this Python cannot parse."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

HEAD = (
    r"(?P<head>[ \t]*(?:(?:if|elif|else|for|while|try|except|finally|with|def|class)\b"
    r"(?:[^\"'#\n]|\"[^\"\n]*\"|'[^'\n]*')*?:[ \t]*)?)"
)
"""What may stand before a statement on its line: nothing, or what it belongs to."""

OLD_PRINT = regex(rf"^{HEAD}print\b(?:[ \t]*>>[ \t]*|(?![ \t]*[(=.,)\]])[ \t]*(?=[^\s#]))", re.M)
BARE_PRINT = regex(rf"^{HEAD}print[ \t]*(?=#|$)", re.M)
OLD_EXEC = regex(r"^(?P<indent>[ \t]*)exec[ \t]+[^( \t=].*$", re.M)
OLD_NAME = regex(r"\basync(?=[ \t]*=(?!=))|(?<=\.)async\b")
OLD_LAMBDA = regex(r"\blambda[ \t]*\((?P<names>[\w, \t]+)\)[ \t]*(?=:)")
OLD_LONG = regex(r"(?<![\w.])(?P<digits>\d+|0[xX][\da-fA-F]+)[lL]\b")
OLD_EXCEPT = regex(r"^(?P<head>[ \t]*except[ \t]+[^:\n]*?),[ \t]*(?P<name>\w+)[ \t]*:", re.M)
OLD_RAISE = regex(r"^(?P<head>[ \t]*raise[ \t]+[\w.]+)[ \t]*,[ \t]*(?P<what>.+)$", re.M)
OLD_OCTAL = regex(r"(?<![\w.])0(?P<digits>[0-7]+)\b")

NEWER = regex(
    rb"^[ \t]*type[ \t]+\w+(?:\[[^\]\n]*\])?[ \t]*="
    rb"|^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+\[[^\]\n]+\][ \t]*[(:]"
    rb"|\b[fFtT][rR]?[\"']|\b[rR][fFtT][\"']"
    rb"|^[ \t]*except[ \t]+[\w.]+(?:[ \t]*,[ \t]*[\w.]+)+[ \t]*:",
    re.M,
)
"""What newer versions of Python read: `type` statements, generics, quotes and lines within f-strings."""
AROUND = 6
"""Lines about the one of which this Python complains: an f-string may begin above it."""


STARTS = regex(r"(?![ \t#)\]}\f]|(?:else|elif|except|finally)\b).")
"""A line that begins a statement of the module; what follows up to the next such line is its block."""

MOST_TRIES = 12
MOST_RETRIED = 1_000_000
"""Characters that are parsed again, all tries together."""


class Parsed(NamedTuple):
    """The tree, and where and why it is not that of the whole text; `None` where nothing can be parsed."""

    tree: ast.Module | None
    line: int = 0
    reason: str = ""
    syntax: bool = False
    """Whether the reason is a statement at that line, so that others may be read."""


def parse(text: str | bytes) -> Parsed:
    """Parse without ever raising. Bytes may declare their own encoding.

    Of a text that this Python cannot parse the statements of the module that it can are given.
    """
    first = _try(text)
    if first.tree is not None or not first.reason:
        return first
    old = _decoded(text) if isinstance(text, bytes) else text
    old = old.replace("\r\n", "\n").replace("\r", "\n")
    soft = soften(old)
    again = _try(soft) if soft != old else first
    if again.tree is not None or not again.syntax:
        return again if again.tree is not None else first
    return first._replace(tree=_readable(soft, again.line))


def newer(raw: bytes, line: int) -> bool:
    """Whether what this Python cannot read at `line` may be what a newer one can."""
    rows = raw.splitlines()
    return NEWER.search(b"\n".join(rows[max(0, line - AROUND) : line + 1])) is not None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _readable(text: str, line: int) -> ast.Module | None:
    """The tree of what is left when the blocks that cannot be parsed are blanked, one after the other."""
    lines = text.split("\n")
    starts = [number for number, row in enumerate(lines) if STARTS.match(row)]
    for _ in range(min(MOST_TRIES, MOST_RETRIED // (len(text) + 1))):
        block = bisect_right(starts, line - 1) - 1
        while block > 0 and lines[starts[block - 1]].startswith("@"):
            block -= 1
        if block < 0:
            return None
        end = next((at for at in starts[block + 1 :] if at >= line), len(lines))
        if not any(lines[starts[block] : end]):
            return None
        lines[starts[block] : end] = [""] * (end - starts[block])
        parsed = _try("\n".join(lines))
        if parsed.tree is not None or not parsed.syntax:
            return parsed.tree if parsed.tree and parsed.tree.body else None
        line = parsed.line
    return None


def _try(text: str | bytes) -> Parsed:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Parsed(ast.parse(text))
    except SyntaxError as error:
        return Parsed(None, error.lineno or 1, f"is not valid Python ({error.msg})", syntax=True)
    except (RecursionError, MemoryError):
        return Parsed(None, 1, "nests too deeply to be read")
    except (ValueError, LookupError) as error:
        return Parsed(None, 1, f"is not valid Python ({error})")


def soften(text: str) -> str:
    """Rewrite what only an older Python reads, line by line, so that the rest can be parsed.

    The result is for reading only: it keeps every line's number, not what a print would print.
    """
    text = OLD_PRINT.sub(r"\g<head>_ = ", text)
    text = BARE_PRINT.sub(r"\g<head>pass", text)
    text = OLD_EXEC.sub(r"\g<indent>pass", text)
    text = OLD_NAME.sub("async_", text)
    text = OLD_LAMBDA.sub(r"lambda \g<names>", text)
    text = OLD_LONG.sub(r"\g<digits>", text)
    text = OLD_EXCEPT.sub(r"\g<head> as \g<name>:", text)
    text = OLD_RAISE.sub(r"\g<head>", text)
    text = OLD_OCTAL.sub(r"0o\g<digits>", text)
    return text.replace("<>", "!=").expandtabs(8)
