"""Where an import runs whenever its file does: not in a `try`, a function, a condition or a docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from mlscaffold.repo.notebooks.as_python import python_of
from mlscaffold.repo.notebooks.cells import notebook
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo

FILES = 12


def needed_at(repo: Repo, name: str, paths: Iterable[str]) -> tuple[Spot, ...]:
    """The unguarded imports of the module, dotted or not, in the first of these files.

    Empty where any of the files can do without the module: then the others are the optional part.
    """
    spots: list[Spot] = []
    for path in list(paths)[:FILES]:
        found = list(_at_top(repo, path, name))
        if None in found:
            return ()
        spots += [spot for spot in found if spot]
    return tuple(spots)


def _at_top(repo: Repo, path: str, name: str) -> Iterator[Spot | None]:
    """Each import of the module that nothing guards; `None` for one that a `try` guards."""
    if not path.endswith(".ipynb"):
        tree = parse(repo.raw(path) or b"").tree
        for line in _lines(tree.body if tree else [], name):
            yield Spot(path, line) if line else None
        return
    book = notebook(repo, path)
    if book is None or not book.language.startswith(("python", "ipython")):
        return
    for cell in book.cells:
        tree = parse(python_of(cell.source)).tree
        for line in _lines(tree.body if tree else [], name):
            yield Spot(path, book.line(cell.number, line), cell.number, line) if line else None


def _of(module: str, name: str) -> bool:
    return module == name or module.startswith(name + ".")


def _lines(body: list[ast.stmt], name: str) -> Iterator[int]:
    """The lines of module-level imports of `name`; 0 for one that stands in a `try` with a handler."""
    for node in body:
        match node:
            case ast.Import(names=names) if any(_of(a.name, name) for a in names):
                yield node.lineno
            case ast.ImportFrom(module=str(module), level=0, names=names) if _of(module, name) or any(
                _of(f"{module}.{a.name}", name) for a in names
            ):
                yield node.lineno
            case ast.Try(body=tried, handlers=handlers) if handlers:
                inner = [*tried, *(s for h in handlers for s in h.body)]
                yield from (0 for _ in _lines(inner, name))
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=inner):
                yield from _lines(inner, name)
            case ast.With(body=inner):
                yield from (0 for _ in _lines(inner, name))
