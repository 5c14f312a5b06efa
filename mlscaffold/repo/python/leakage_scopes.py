"""What the functions of one syntax tree do with rows that a step was fitted on, or that files hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Fit, Parted, Written
from mlscaffold.repo.python.file_flow import (
    Files,
    Function,
    Scope,
    Taint,
    closed,
    constants,
    defaults,
    parameters,
)
from mlscaffold.repo.python.leakage_flow import HELD, TRAINING, Flow


class Followed(NamedTuple):
    """Fits before a split, rows that a source writes to files, and its splits of rows from files."""

    fits: list[Fit]
    written: list[Written]
    parted: list[Parted]


def follow(tree: ast.Module, wrappers: Mapping[str, str]) -> Followed:
    """Follow the values of a tree; `wrappers` are functions that fit a step, by name."""
    return _Module(tree, wrappers).followed()


def wrapping(tree: ast.Module) -> dict[str, str]:
    """Functions that return what they fitted on their first argument, and the step that they fit."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: step for node in functions if (step := _wraps(node))}


def _scopes(tree: ast.Module) -> Iterator[Scope]:
    """The module and each function: names do not flow between them here."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scope):
            yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):  # functions stand in no expression
            waiting += getattr(node, part, ())


def _wraps(function: ast.FunctionDef) -> str:
    first = {a.arg for a in function.args.args[:1]}
    if not first or any(HELD.search(a.arg) or TRAINING.search(a.arg) for a in function.args.args):
        return ""
    flow = Flow({}, Files({}, lambda _: None))
    flow.read(function.body)
    if flow.splits or not any(isinstance(n, ast.Return) for n in function.body):
        return ""
    return next((step for name, (_, step) in flow.fits.items() if name in first), "")


class _Module:
    """The scopes of one tree, of which each is followed once; functions are known to those that call them."""

    def __init__(self, tree: ast.Module, wrappers: Mapping[str, str]) -> None:
        self.tree, self.wrappers = tree, wrappers
        self.known = constants(tree)
        self.defined = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        self.flows: dict[int, Flow] = {}
        self.behind: dict[Taint, Taint] = {}
        self.called: set[str] = set()

    def followed(self) -> Followed:
        flows = [(scope, self.flow(scope)) for scope in _scopes(self.tree)]
        fits = [Fit(*one) for _, flow in flows for one in flow.found]
        ends = [
            self._end(scope, flow) for scope, flow in flows if getattr(scope, "name", "") not in self.called
        ]
        written = [one for end in ends for one in end.written]
        parted = [p._replace(rows=tuple(sorted({*p.rows, *end.applied}))) for end in ends for p in end.parted]
        return Followed(fits, written, parted)

    def flow(self, scope: Scope) -> Flow:
        """What a scope does, followed once."""
        if id(scope) not in self.flows:
            flow = self.flows[id(scope)] = Flow(self.wrappers, Files(self.known, self.function), self.behind)
            for at, name in enumerate(parameters(scope)):
                flow.files.parameter(at, name)
            flow.read(scope.body)
            flow.done = True
        return self.flows[id(scope)]

    def function(self, name: str) -> Function | None:
        """What a function of the module does; nothing of one that is being followed, which calls itself."""
        scope = self.defined.get(name)
        if scope is None or scope.decorator_list:  # what decorates it may give it other arguments
            return None
        self.called.add(name)
        flow = self.flow(scope)
        return _function(scope, flow, self.known) if flow.done else None

    def _end(self, scope: Scope, flow: Flow) -> Function:
        whole = _function(scope, flow, self.known)
        return closed(whole, decorated=bool(getattr(scope, "decorator_list", ())))


def _function(scope: Scope, flow: Flow, known: Mapping[str, str]) -> Function:
    names = parameters(scope)
    told = flow.splits or any(HELD.search(name) or TRAINING.search(name) for name in names)
    files = flow.files
    returned, taint = (frozenset[str](), None) if told else (flow.returned, flow.taint)
    own = defaults(scope, known)
    return Function(names, own, returned, taint, tuple(files.written), tuple(files.parted), files.applied)
