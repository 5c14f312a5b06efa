"""The whole syntax tree of one source, for the few facts that follow values from line to line."""

from __future__ import annotations

import ast

from mlscaffold.repo.notebook_python import python_of
from mlscaffold.repo.notebooks import notebooks
from mlscaffold.repo.python_facts import Source
from mlscaffold.repo.python_parse import parse
from mlscaffold.repo.repo import Repo


def tree_of(repo: Repo, source: Source) -> ast.Module | None:
    """The tree, in which lines count as in `source`; `None` where nothing of it can be parsed."""
    if not source.notebook:
        raw = repo.raw(source.path)
        return parse(raw).tree if raw else None
    book = next((book for book in notebooks(repo) if book.path == source.path), None)
    body: list[ast.stmt] = []
    base = 0
    for cell in book.cells if book else ():
        tree = parse(python_of(cell.source)).tree
        if tree is not None:
            body += ast.increment_lineno(tree, base).body
        base += cell.source.count("\n") + 1
    return ast.Module(body, [])
