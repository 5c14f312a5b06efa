"""Path patterns as people write them in configuration: `data/`, `docs/**/*.ipynb`, `*.csv`."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

from mlscaffold.lazy import regex


def matches(pattern: str, path: str) -> bool:
    """Whether `path` is what `pattern` names, or lies below it.

    `*` and `?` stay within one part, `**` crosses parts; a pattern without `/` matches at any depth.
    """
    return _compiled(pattern).match(path) is not None


def like(name: str, pattern: str) -> bool:
    """What `fnmatchcase` says; where stars are all that is special, without compiling the pattern for it."""
    if "?" in pattern or "[" in pattern:
        return fnmatchcase(name, pattern)
    first, *parts = pattern.split("*")
    if not parts:
        return name == pattern
    at, end = len(first), len(name) - len(parts[-1])
    if at > end or not (name.startswith(first) and name.endswith(parts.pop())):
        return False
    for part in parts:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    body = pattern.strip("/")
    anywhere = "" if "/" in body or pattern.startswith("/") else "(?:.*/)?"
    parts = (_part(p) for p in regex(r"\*\*/?|[*?]|[^*?]+").findall(body))
    return re.compile(f"{anywhere}{''.join(parts)}(?:/.*)?$", re.S)


def _part(token: str) -> str:
    known = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return known.get(token, re.escape(token))
