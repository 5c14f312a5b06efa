"""Tables of keyword arguments that a name holds where it is handed on by `**`."""

from __future__ import annotations

import ast

Table = dict[str, ast.expr]


class Tables:
    """What the names of one scope hold, as far as it is written out in place and nothing adds to it."""

    def __init__(self, outer: dict[str, Table] | None = None) -> None:
        self.held: dict[str, Table] = dict(outer or {})

    def assigned(self, target: ast.expr, value: ast.expr | None) -> None:
        """Follow an assignment: to a name, or to a key of the table that a name holds."""
        match target:
            case ast.Name(id=name):
                table = _written_out(value)
                if table is None:
                    self.held.pop(name, None)
                else:
                    self.held[name] = table
            case ast.Subscript(value=ast.Name(id=name)):
                self.held.pop(name, None)

    def called(self, node: ast.Call) -> None:
        """A method such as `update` may change the table that it is called on."""
        match node.func:
            case ast.Attribute(value=ast.Name(id=name)):
                self.held.pop(name, None)

    def keywords(self, node: ast.Call) -> Table:
        """The keyword arguments of a call; `**` stands for those that cannot be told."""
        given: Table = {}
        for keyword in node.keywords:
            if keyword.arg:
                given[keyword.arg] = keyword.value
            elif isinstance(keyword.value, ast.Name) and keyword.value.id in self.held:
                given.update(self.held[keyword.value.id])
            else:
                given["**"] = keyword.value
        return given


def _written_out(value: ast.expr | None) -> Table | None:
    match value:
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            names = [keyword.arg for keyword in keywords]
            return {k.arg: k.value for k in keywords if k.arg} if all(names) else None
        case ast.Dict(keys=keys, values=values):
            named = zip(keys, values, strict=True)
            table = {k.value: v for k, v in named if isinstance(k, ast.Constant) and isinstance(k.value, str)}
            return table if len(table) == len(keys) else None
    return None
