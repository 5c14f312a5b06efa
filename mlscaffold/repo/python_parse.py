"""Python text to a syntax tree, and what to do about text that this Python cannot parse."""

from __future__ import annotations

import ast
import re
import warnings
from typing import NamedTuple

from mlscaffold.lazy import regex

OLD_PRINT = regex(r"^(?P<indent>[ \t]*)(?:print\b(?![ \t]*[(=.,)\]]).*|exec[ \t]+[^( \t=].*)$", re.M)
OLD_EXCEPT = regex(r"^(?P<head>[ \t]*except[ \t]+[^:\n]*?),[ \t]*(?P<name>\w+)[ \t]*:", re.M)
OLD_RAISE = regex(r"^(?P<head>[ \t]*raise[ \t]+[\w.]+)[ \t]*,[ \t]*(?P<what>.+)$", re.M)
OLD_OCTAL = regex(r"(?<![\w.])0(?P<digits>[0-7]+)\b")


class Parsed(NamedTuple):
    """The tree, or `None` and where and why not."""

    tree: ast.Module | None
    line: int = 0
    reason: str = ""


def parse(text: str | bytes) -> Parsed:
    """Parse without ever raising. Bytes may declare their own encoding."""
    first = _try(text)
    if first.tree is not None or not first.reason:
        return first
    old = text.decode("latin-1") if isinstance(text, bytes) else text
    soft = soften(old.replace("\r\n", "\n").replace("\r", "\n"))
    again = _try(soft) if soft != old else first
    return again if again.tree is not None else first


def _try(text: str | bytes) -> Parsed:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Parsed(ast.parse(text))
    except SyntaxError as error:
        return Parsed(None, error.lineno or 1, f"is not valid Python ({error.msg})")
    except (RecursionError, MemoryError):
        return Parsed(None, 1, "nests too deeply to be read")
    except (ValueError, LookupError) as error:
        return Parsed(None, 1, f"is not valid Python ({error})")


def soften(text: str) -> str:
    """Rewrite the statements that only Python 2 reads, line by line, so that the rest can be parsed.

    The result is for reading only: it keeps every line's number, not what a print would print.
    """
    text = OLD_PRINT.sub(r"\g<indent>pass", text)
    text = OLD_EXCEPT.sub(r"\g<head> as \g<name>:", text)
    text = OLD_RAISE.sub(r"\g<head>", text)
    text = OLD_OCTAL.sub(r"0o\g<digits>", text)
    return text.replace("<>", "!=").expandtabs(8)
