"""One walk over a syntax tree that leaves a `Source`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import MAIN, Call, Interest, Named, Ref, Source, Value
from mlscaffold.repo.python.keyword_tables import Tables

COMMON = {
    "np": "numpy",
    "pd": "pandas",
    "tf": "tensorflow",
    "xgb": "xgboost",
    "lgb": "lightgbm",
    **{name: name for name in ("torch", "numpy", "pandas", "pickle", "joblib", "random", "mlflow", "wandb")},
}
"""Names that everybody uses for one package, for sources whose import stands where we cannot see it."""

LONGEST = 400
DRAWING = regex(
    r"plot|plt|matplotlib|seaborn|plotly|(?:^|\.)(?:ax|axes|fig|sns|hist|scatter|bar)\d*\.|\.(?:hist|scatter|bar)$"
)
"""Calls whose numbers are about pictures."""

NUMBER = (int, float)
NAMED = (ast.Call, ast.Name, ast.Attribute)
SEVERAL = (ast.Tuple, ast.List)


def walk(
    tree: ast.Module, source: Source, scope: dict[str, str], interest: Interest, offset: int = 0
) -> None:
    """Add what the tree says to `source`. `scope` holds the names bound so far (cells share it)."""
    _Walk(source, scope, interest, offset).body(tree.body)


class _Walk:
    def __init__(self, source: Source, scope: dict[str, str], interest: Interest, offset: int) -> None:
        self.source, self.interest, self.offset = source, interest, offset
        self.scopes: list[dict[str, str]] = [scope]
        self.tables = Tables()
        self.inside = ""
        self.takes_all = False
        """Whether names come from `import *` of a module of the repository's own."""

    # -- names -----------------------------------------------------------------------------------------

    def resolve(self, node: ast.AST) -> str:
        """The dotted name of an expression; `?` where it has none."""
        if isinstance(node, ast.Name):
            return self.lookup(node.id) or self.common(node) or "." + node.id
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                return self.lookup("self." + node.attr) or ".self." + node.attr
            return f"{self.resolve(node.value)}.{node.attr}"
        if isinstance(node, ast.Call):
            return self.resolve(node.func) + "()"
        return ".?"

    def common(self, node: ast.Name) -> str | None:
        """What the name stands for where nothing here binds it; another module's `import *` brought it."""
        known = COMMON.get(node.id)
        if known and self.takes_all:
            self.source.imports.setdefault(known, node.lineno + self.offset)
        return known

    def lookup(self, name: str) -> str | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def bind(self, target: ast.AST, value: ast.AST | None) -> None:
        """Remember what a name holds when that is the result of an imported call, or an imported thing."""
        match target:
            case ast.Name(id=name):
                scope = self.scopes[-1]
            case ast.Attribute(value=ast.Name(id="self"), attr=attr):
                name, scope = "self." + attr, self.scopes[0]
            case _:
                return
        held = self.resolve(value) if isinstance(value, NAMED) else ""
        if held and not held.startswith("."):
            scope[name] = held
        elif name in scope:
            scope[name] = "." + name

    def value(self, node: ast.AST) -> Value:
        """A constant, a tuple of such, or a reference."""
        match node:
            case ast.Constant(value=value):
                return value if value is not Ellipsis else Ref("")
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -number
            case ast.List(elts=items) | ast.Tuple(elts=items) if len(items) < 50:
                return tuple(self.value(item) for item in items)
            case ast.IfExp(body=ast.Constant(value=str() | None as one), orelse=ast.Constant(value=other)):
                return (one, other) if isinstance(other, str | None) else Ref("")
            case ast.Name() | ast.Attribute() | ast.Call():
                return Ref(self.resolve(node))
        return Ref("")

    # -- nodes -----------------------------------------------------------------------------------------

    def body(self, nodes: list[Any]) -> None:
        for node in nodes:
            self.visit(node)

    def visit(self, node: ast.AST) -> None:
        handler = HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)

    def children(self, node: ast.AST) -> None:
        get = HANDLERS.get
        for field in FIELDS[type(node)]:
            value = getattr(node, field)
            for item in value if type(value) is list else (value,):
                handler = get(type(item))
                if handler is not None:
                    handler(self, item)

    def imported(self, node: ast.Import) -> None:
        for alias in node.names:
            self.source.imports.setdefault(alias.name, node.lineno + self.offset)
            if alias.asname:
                self.scopes[-1][alias.asname] = alias.name
            else:
                root = alias.name.partition(".")[0]
                self.scopes[-1][root] = root

    def imported_from(self, node: ast.ImportFrom) -> None:
        module = self.absolute(node)
        for alias in node.names:
            full = module if alias.name == "*" else f"{module}.{alias.name}"
            self.source.imports.setdefault(full, node.lineno + self.offset)
            if alias.name != "*":
                self.scopes[-1][alias.asname or alias.name] = full
            elif module.startswith("(here)") or module.partition(".")[0] not in self.interest.roots:
                self.takes_all = True

    def absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        folder = self.source.path.split("/")[: -node.level]
        return ".".join(["(here)", *folder, *filter(None, [node.module])])

    def call(self, node: ast.Call) -> None:
        name = self.resolve(node.func)
        last = name.rpartition(".")[2]
        self.source.called.add(last)
        wanted = self.interest
        root = name.partition(".")[0].removesuffix("()")
        kept = root in wanted.roots or last in wanted.methods
        for keyword in node.keywords:
            self.passed(keyword, name)
            kept = kept or keyword.arg in wanted.keywords
        if kept:
            line = (node.func.end_lineno or node.lineno) + self.offset
            keywords = {name: self.value(given) for name, given in self.tables.keywords(node).items()}
            args = tuple(self.value(a) for a in node.args)
            self.source.calls.append(Call(name, line, args, keywords, self.inside))
        for argument in node.args:
            if isinstance(argument, ast.Name):
                self.source.called.add(argument.id)
            self.visit(argument)
        if not isinstance(node.func, ast.Name):
            self.tables.called(node)
            self.visit(node.func)

    def passed(self, keyword: ast.keyword, callee: str) -> None:
        value = keyword.value
        if isinstance(value, ast.Name):
            self.source.called.add(value.id)
        constant = value.value if isinstance(value, ast.Constant) else ""
        if keyword.arg and constant is not None:
            self.name(keyword.arg, value.lineno)
            if isinstance(constant, NUMBER) and not DRAWING.search(callee):
                self.source.constants.append((keyword.arg, value.lineno + self.offset))
            if keyword.arg in ("train", "is_train", "training") and _false(value):
                self.source.names.setdefault("train=False", value.lineno + self.offset)
        self.visit(value)

    def name(self, text: str, line: int) -> None:
        if text not in self.source.names and self.interest.wants(text):
            self.source.names[text] = line + self.offset

    def assigned(self, node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = node.value
        for target in targets:
            self.bind(target, value)
            self.tables.assigned(target, value)
            self.targets(target, value)
        if value is not None:
            self.visit(value)

    def targets(self, target: ast.AST, value: ast.AST | None) -> None:
        if isinstance(target, SEVERAL):
            for item in target.elts:
                self.targets(item, None)
            return
        name = getattr(target, "id", None) or getattr(target, "attr", None)
        if name is None:
            self.visit(target)
            return
        constant = value.value if isinstance(value, ast.Constant) else ""
        if constant is not None:
            self.name(name, target.lineno)  # type: ignore[attr-defined]
        if isinstance(constant, NUMBER) and constant and not isinstance(constant, bool):
            self.source.constants.append((name, target.lineno + self.offset))  # type: ignore[attr-defined]

    def looped(self, node: ast.For | ast.AsyncFor) -> None:
        """Over things written out in place, the name that runs through them stands for the first."""
        if isinstance(node.iter, SEVERAL) and node.iter.elts:
            self.bind(node.target, node.iter.elts[0])
        self.children(node)

    def deleted(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scopes[-1].pop(target.id, None)

    def entered(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self.bind(item.optional_vars, item.context_expr)
            self.visit(item.context_expr)
        self.body(node.body)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.name(node.name, node.lineno)
        self.source.tests += node.name.startswith("test")
        outer, self.inside = self.inside, f"{self.inside}.{node.name}".lstrip(".")
        for decorator in node.decorator_list:
            self.decorate(decorator)
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(default)
        self.scopes.append({})
        tables, self.tables = self.tables, Tables(self.tables.held)
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            self.name(argument.arg, argument.lineno)
            if self.lookup(argument.arg):
                self.scopes[-1][argument.arg] = "." + argument.arg
        self.body(node.body[1:] if _docstring(node) else node.body)
        self.scopes.pop()
        self.tables, self.inside = tables, outer

    def decorate(self, node: ast.AST) -> None:
        self.source.decorated.add(self.inside)
        if isinstance(node, ast.Call):
            self.visit(node)
            return
        name = self.resolve(node)
        if name.partition(".")[0] in self.interest.roots:
            self.source.calls.append(Call(name, node.lineno + self.offset, (), {}, ""))  # type: ignore[attr-defined]

    def klass(self, node: ast.ClassDef) -> None:
        self.name(node.name, node.lineno)
        outer, self.inside = self.inside, f"{self.inside}.{node.name}".lstrip(".")
        self.source.bases[node.name] = [self.resolve(base) for base in node.bases]
        for decorator in node.decorator_list:
            self.decorate(decorator)
        self.body(node.body[1:] if _docstring(node) else node.body)
        self.inside = outer

    def expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.visit(node.value)

    def constant(self, node: ast.Constant) -> None:
        text = node.value
        if not isinstance(text, str) or len(text) > LONGEST or not self.interest.strings.search(text):
            return
        if "\n" not in text:
            self.source.strings.append(Named(text, node.lineno + self.offset))
            return
        for number, part in enumerate(text.split("\n")):
            if self.interest.strings.search(part):
                self.source.strings.append(Named(part, node.lineno + number + self.offset))

    def branch(self, node: ast.If) -> None:
        match node.test:
            case ast.Compare(left=ast.Name(id="__name__")):
                self.source.main = True
                outer, self.inside = self.inside, self.inside or MAIN
                self.body(node.body)
                self.inside = outer
                self.body(node.orelse)
            case _:
                self.children(node)


def _false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    first = node.body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _kinds(base: type[ast.AST]) -> Iterator[type[ast.AST]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


NOTHING_TO_LEARN = (
    ast.Name, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal,
    ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop,
)  # fmt: skip

HANDLERS: dict[type[ast.AST], Callable[[_Walk, Any], None]] = {
    **{kind: _Walk.children for kind in _kinds(ast.AST) if not issubclass(kind, NOTHING_TO_LEARN)},
    ast.Import: _Walk.imported,
    ast.ImportFrom: _Walk.imported_from,
    ast.Call: _Walk.call,
    ast.Assign: _Walk.assigned,
    ast.AnnAssign: _Walk.assigned,
    ast.NamedExpr: _Walk.assigned,
    ast.For: _Walk.looped,
    ast.AsyncFor: _Walk.looped,
    ast.Delete: _Walk.deleted,
    ast.With: _Walk.entered,
    ast.AsyncWith: _Walk.entered,
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.ClassDef: _Walk.klass,
    ast.Expr: _Walk.expression,
    ast.Constant: _Walk.constant,
    ast.If: _Walk.branch,
}
"""What to do at each kind of node; kinds that are missing are passed over."""

LEAVES = ("id", "attr", "arg", "name", "names", "op", "ops", "ctx", "kind", "conversion", "type_comment")
FIELDS = {kind: tuple(f for f in kind._fields if f not in LEAVES) for kind in HANDLERS}
"""The fields of each kind of node that hold further nodes."""
