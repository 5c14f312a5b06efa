"""Path patterns as people write them in configuration: `data/`, `docs/**/*.ipynb`, `*.csv`."""

from __future__ import annotations

import re
from functools import cache


def matches(pattern: str, path: str) -> bool:
    """Whether `path` is what `pattern` names, or lies below it.

    `*` and `?` stay within one part, `**` crosses parts; a pattern without `/` matches at any depth.
    """
    return _compiled(pattern).match(path) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    body = pattern.strip("/")
    anywhere = "" if "/" in body or pattern.startswith("/") else "(?:.*/)?"
    parts = (_part(p) for p in re.findall(r"\*\*/?|[*?]|[^*?]+", body))
    return re.compile(f"{anywhere}{''.join(parts)}(?:/.*)?$", re.S)


def _part(token: str) -> str:
    known = {"**": ".*", "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]"}
    return known.get(token, re.escape(token))
