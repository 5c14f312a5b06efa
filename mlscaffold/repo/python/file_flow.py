"""Which variables of one scope hold what was read from which files, and what the scope writes to files."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.expressions import called, calls, variables
from mlscaffold.repo.python.facts import Parted, Written
from mlscaffold.repo.python.file_names import HOLE, OPTIONS, file_name, imported
from mlscaffold.repo.python.table_files import read_from

MOST = 200
"""As many files, splits and writes are kept of one scope: functions that call others multiply them."""

Taint = tuple[int, str]
Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


class Function(NamedTuple):
    """What a function of the module does for its callers; its parameters are holes, by their position."""

    parameters: tuple[str, ...]
    defaults: dict[int, str]
    returned: frozenset[str]
    taint: Taint | None
    written: tuple[Written, ...]
    parted: tuple[Parted, ...]
    applied: frozenset[str]


class Files:
    """The files of one scope: `known` are their names by variable, `functions` finds those of the module."""

    def __init__(self, known: Mapping[str, str], functions: Callable[[str], Function | None]) -> None:
        self.known = dict(known)
        self.functions = functions
        self.rows: dict[str, frozenset[str]] = {}
        self.written: list[Written] = []
        self.parted: list[Parted] = []
        self.applied: frozenset[str] = frozenset()

    def of(self, node: ast.expr, asked: dict[int, frozenset[str]] | None = None) -> frozenset[str]:
        """The files that the rows of an expression were read from; `asked` are those of parts of it."""
        asked = {} if asked is None else asked
        if id(node) not in asked:
            asked[id(node)] = self._of(node, asked)
        return asked[id(node)]

    def _of(self, node: ast.expr, asked: dict[int, frozenset[str]]) -> frozenset[str]:
        found = [self.rows[name] for name in variables(node) if name in self.rows]
        for call in calls(node):
            if path := read_from(call, self.known):
                found.append(frozenset([path]))
            elif isinstance(call.func, ast.Name) and (function := self.functions(call.func.id)):
                found.append(self.passed(call, function, function.returned, asked))
        return frozenset(sorted(frozenset[str]().union(*found))[:MOST])

    def bind(self, names: list[str], value: ast.expr, rows: frozenset[str], *, part: bool) -> None:
        """Note what variables hold now; `part` where they keep what they held beside it."""
        path = "" if part else file_name(value, self.known)
        for name in names:
            if part:
                rows |= self.rows.get(name, frozenset())
            elif path:
                self.known[name] = path
            else:
                self.known.pop(name, None)
            self.rows[name] = rows

    def parameter(self, position: int, name: str) -> None:
        """A parameter of the scope, which its callers fill."""
        self.rows[name] = frozenset([f"{{rows {position}}}"])
        if name in OPTIONS:
            self.known.pop(name, None)
        else:
            self.known[name] = f"{{argument {position}}}"

    def split(self, line: int, rows: frozenset[str]) -> None:
        """Note a split of rows that were read from files."""
        if rows and len(self.parted) < MOST:
            self.parted.append(Parted(line, tuple(sorted(rows))))

    def write(
        self, call: ast.Call, function: Function, one: Written, fit: Taint | None, *, told: bool
    ) -> None:
        """Note what a function writes for this caller; `told` where it is given rows that were told apart."""
        path = self.filled(one.path, arguments(call, function.parameters), function.defaults)
        if path and told:
            self.wrote(Written(one.line, path, None, ()))
        elif path:
            rows = (tuple(sorted(self.passed(call, function, them))) for them in (one.rows, one.fitted_on))
            self.wrote(Written(one.line, path, fit, *rows))

    def wrote(self, one: Written) -> None:
        """Note a write."""
        if len(self.written) < MOST:
            self.written.append(one)

    def opened(self, node: ast.With) -> None:
        """A file that a block opens goes by its variable there."""
        for item in node.items:
            match item:
                case ast.withitem(context_expr=ast.Call() as call, optional_vars=ast.Name(id=name)):
                    if called(call) == "open" and (path := file_name(call, self.known)):
                        self.known[name] = path

    def passed(
        self,
        call: ast.Call,
        function: Function,
        rows: Iterable[str],
        asked: dict[int, frozenset[str]] | None = None,
    ) -> frozenset[str]:
        """The files of a function's rows, in terms of its caller."""
        given = arguments(call, function.parameters)
        found: set[str] = set()
        for row in rows:
            if row.startswith("{rows "):
                argument = given.get(int(row[6:-1]))
                found |= self.of(argument, asked) if argument is not None else set()
            elif path := self.filled(row, given, function.defaults):
                found.add(path)
        return frozenset(found)

    def filled(self, path: str, given: Mapping[int, ast.expr], defaults: Mapping[int, str]) -> str:
        """The name of a file within a function, in terms of its caller; empty where that cannot be told."""
        whole = True

        def fill(hole: str) -> str:
            nonlocal whole
            kind, _, number = hole.partition(" ")
            if kind != "argument":
                return f"{{{hole}}}"
            position = int(number)
            text = file_name(given[position], self.known) if position in given else defaults.get(position, "")
            whole = whole and bool(text)
            return text

        text = HOLE.sub(lambda found: fill(found[1]), path)
        return text if whole else ""


def arguments(call: ast.Call, parameters: tuple[str, ...]) -> dict[int, ast.expr]:
    """What a call passes, by the position of the parameter."""
    given = dict(enumerate(call.args[: len(parameters)]))
    given |= {parameters.index(k.arg): k.value for k in call.keywords if k.arg in parameters}
    return given


def positions(rows: Iterable[str]) -> frozenset[int]:
    """The parameters whose rows are meant."""
    return frozenset(int(row[6:-1]) for row in rows if row.startswith("{rows "))


def closed(function: Function, decorated: bool) -> Function:
    """A function that its module does not call: its parameters stand for their defaults, or for options."""
    own = {
        at: function.defaults.get(at) or (f"{{--{name}}}" if decorated else "")
        for at, name in enumerate(function.parameters)
    }

    def closing(path: str) -> str:
        holes = [hole.partition(" ") for hole in HOLE.findall(path)]
        if any(kind == "rows" or (kind == "argument" and not own[int(at)]) for kind, _, at in holes):
            return ""
        return HOLE.sub(lambda m: own[int(m[1][9:])] if m[1].startswith("argument ") else m[0], path)

    def files(rows: Iterable[str]) -> tuple[str, ...]:
        return tuple(filter(None, map(closing, rows)))

    written = [
        w._replace(path=closing(w.path), rows=files(w.rows), fitted_on=files(w.fitted_on))
        for w in function.written
    ]
    parted = [p._replace(rows=files(p.rows)) for p in function.parted]
    return function._replace(
        written=tuple(w for w in written if w.path), parted=tuple(p for p in parted if p.rows)
    )


def defaults(scope: Scope, known: Mapping[str, str]) -> dict[int, str]:
    """The files that parameters name where nobody passes another, by their position."""
    if isinstance(scope, ast.Module):
        return {}
    plain = [*scope.args.posonlyargs, *scope.args.args]
    first = len(plain) - len(scope.args.defaults)
    given = dict(enumerate(scope.args.defaults, first))
    given |= {at: value for at, value in enumerate(scope.args.kw_defaults, len(plain)) if value is not None}
    return {at: path for at, value in given.items() if (path := file_name(value, known))}


def parameters(scope: Scope) -> tuple[str, ...]:
    """The names of what a function is given; a module is given nothing."""
    if isinstance(scope, ast.Module):
        return ()
    return tuple(a.arg for a in (*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs))


def constants(tree: ast.Module) -> dict[str, str]:
    """The names of files that a module, and its classes, bind once, and what it imports."""
    known: dict[str, str] = {}
    twice: set[str] = set()
    for prefix, statement in _at_margin(tree):
        imported(statement, known)
        for name, value in _bindings(statement):
            path = file_name(value, known)
            if known.get(prefix + name, path) != path:
                twice.add(prefix + name)
            known[prefix + name] = path
    return {name: path for name, path in known.items() if path and name not in twice}


def _at_margin(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for statement in tree.body:
        yield "", statement
        if isinstance(statement, ast.ClassDef):
            yield from ((f"{statement.name}.", inner) for inner in statement.body)


def _bindings(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys, values=values)):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield f"{name}[{key.value}]", value
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
