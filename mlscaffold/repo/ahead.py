"""Whether copies of this process compute facts while it asks for others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.workers import alone, processors

Fact = Callable[[Repo], Any]
PAYS = 2_000_000
"""Bytes of Python and notebooks from which a copy of this process wins more than it costs."""

MOST = 3
"""Copies of this process: each has some memory of its own."""


@contextmanager
def ahead(repo: Repo, before: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[None]:
    """Have copies of this process compute `facts`, once it has those that many of them build on.

    Where that does not pay, or the system makes no copies, every fact is computed when it is asked for.
    """
    count = min(processors() - 1, MOST) if facts and sys.platform == "linux" and alone() else 0
    size = sum(entry.size for path, entry in repo.files.items() if path.endswith((".py", ".ipynb")))
    if not count or size < PAYS:
        yield
        return
    from mlscaffold.repo.copies import Copies

    for fact in before:
        fact(repo)
    copies = Copies(repo, facts)
    try:
        copies.start(count)
        repo.elsewhere = copies.give
        yield
    finally:
        repo.elsewhere = None
        copies.end()
