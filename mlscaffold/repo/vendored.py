"""Which paths hold other people's code: nothing in them says how this repository is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact

FOREIGN = regex(
    r"(^|/)(node_modules|site-packages|third[_-]?party|vendor|vendored|externals?|extern"
    r"|\.venv|venv|\.tox|\.nox|[^/]+\.egg-info|__pycache__)/",
    re.IGNORECASE,
)


GENERATING = regex(r"(?:^|/)hooks/(?:pre|post)_(?:gen_project|prompt)\.(?:py|sh)$")
"""What a generator runs when it renders its template."""


def vendored(path: str) -> bool:
    """Whether `path` lies in a folder that by its name holds code of others."""
    return _foreign(path[: path.rfind("/") + 1])


@cache
def _foreign(folders: str) -> bool:
    return FOREIGN.search(folders) is not None


def is_own(path: str) -> bool:
    """Whether `path` is neither vendored nor part of a template that is still to be rendered."""
    generating = "hooks/" in path and GENERATING.search(path) is not None
    return "{{" not in path and not vendored(path) and not generating


def own(repo: Repo, *patterns: str) -> Iterator[str]:
    """As `repo.named`, of the repository's own paths alone."""
    known = _own(repo)
    for pattern in patterns:
        if pattern not in known:
            known[pattern] = tuple(path for path in repo.named(pattern) if is_own(path))
        yield from known[pattern]


@fact
def _own(_repo: Repo) -> dict[str, tuple[str, ...]]:
    return {}


def depth(path: str) -> int:
    """How many folders deep `path` lies."""
    return path.count("/")


def folder(path: str) -> str:
    """The folder of `path`; empty for the root."""
    return path.rpartition("/")[0]
