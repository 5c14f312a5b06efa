"""What expressions speak of: the variables, the function that is called, a range of rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

KEPT = 5000
"""As many answers are kept: the same expressions are asked many times while a file is followed."""

BY_LENGTH = ("split", "array_split", "random_split")
"""Functions of NumPy and PyTorch that cut rows into parts: what for, the names of the parts tell."""


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def takes_rows(node: ast.expr) -> bool:
    """Whether an expression takes ranges of rows: `x[:n]`, `np.array(x.iloc[:n])`, `np.split(x, [n, m])`."""
    if isinstance(node, ast.Call):
        if called(node) in BY_LENGTH and len(node.args) >= 2:
            return True
        return any(takes_rows(argument) for argument in node.args[:1])
    if not isinstance(node, ast.Subscript):
        return False
    index = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    return isinstance(index, ast.Slice) and (index.lower is not None or index.upper is not None)


def bound(target: ast.expr) -> Iterator[str]:
    """The variables to which an assignment gives something."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Attribute():
            yield dotted(target)
        case ast.Subscript(value=value):
            yield from bound(value)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from bound(item)


def dotted(node: ast.expr) -> str:
    """The name of a variable or of an attribute of one; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{dotted(value)}.{attr}"
    return ""


def variables(node: ast.expr) -> tuple[str, ...]:
    """The variables that an expression's value is made of, but no called functions or bounds of slices."""
    return _parts(node)[0]


def calls(node: ast.expr) -> tuple[ast.Call, ...]:
    """The calls of an expression, each after those that it contains."""
    return _parts(node)[1]


def _end(call: ast.Call) -> tuple[int, int]:
    return call.end_lineno or 0, call.end_col_offset or 0


@lru_cache(KEPT)
def _parts(node: ast.expr) -> tuple[tuple[str, ...], tuple[ast.Call, ...]]:
    if isinstance(node, ast.Name | ast.Constant):
        return ((node.id,) if isinstance(node, ast.Name) else ()), ()
    names, attributes, found = list[ast.Name](), list[ast.Attribute](), list[ast.Call]()
    left_out = set[int]()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            names.append(part)
        elif isinstance(part, ast.Attribute):
            attributes.append(part)
        elif isinstance(part, ast.Call):
            found.append(part)
            left_out.add(id(part.func) if isinstance(part.func, ast.Name) else 0)
        elif isinstance(part, ast.Slice):
            left_out.update(map(id, ast.walk(part)))
    spoken = (name.id for name in names if id(name) not in left_out)
    read = (dotted(attribute) for attribute in attributes if id(attribute) not in left_out)
    return (*spoken, *read), tuple(sorted(found, key=_end))
