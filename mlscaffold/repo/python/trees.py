"""The whole syntax tree of one source, for the rare question that other files take part in."""

from __future__ import annotations

import ast

from mlscaffold.repo.notebooks.as_python import python_of
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.python.leakage_scopes import Followed, follow
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo, fact


def followed_through(repo: Repo, source: Source, wrappers: dict[str, str]) -> Followed:
    """The fits and files of `source`, where functions of other sources that fit a step are known."""
    tree = _tree_of(repo, source)
    if tree is None:
        return Followed([], [], [])
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    others = {name: step for name, step in wrappers.items() if name not in own}
    return follow(tree, {**others, **source.wrappers})


def _tree_of(repo: Repo, source: Source) -> ast.Module | None:
    """The tree, in which lines count as in `source`; `None` where nothing of it can be parsed."""
    if not source.notebook:
        raw = repo.raw(source.path)
        return parse(raw).tree if raw else None
    body: list[ast.stmt] = []
    base = 0
    for cell in _cells(repo).get(source.path, ()):
        tree = parse(python_of(cell)).tree
        if tree is not None:
            body += ast.increment_lineno(tree, base).body
        base += cell.count("\n") + 1
    return ast.Module(body, [])


@fact
def _cells(repo: Repo) -> dict[str, tuple[str, ...]]:
    return {book.path: tuple(cell.source for cell in book.cells) for book in notebooks(repo)}
