"""What setup.py and setup.cfg declare, read as text and syntax, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.requirements import Requirement, requirement
from mlscaffold.repo.python.parse import parse

DEEPEST = 6
"""As many names may stand between a keyword and what it is given."""

OPEN = regex(r"""["']([\w./-]*requirement[\w./-]*\.(?:txt|in))["']""")


class SetupFile(NamedTuple):
    """Requirements, the Python asked for, and the requirements files that the set-up reads."""

    requirements: tuple[Requirement, ...]
    python: str = ""
    python_line: int | None = None
    reads: tuple[str, ...] = ()


def read_setup_cfg(text: str) -> SetupFile | None:
    """The `[options]` of a setup.cfg; `None` where it has none, or cannot be read."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return None
    if not parser.has_section("options"):
        return None
    rows = [parser.get("options", "install_requires", fallback="")]
    if parser.has_section("options.extras_require"):
        rows += [value or "" for _, value in parser.items("options.extras_require")]
    items = [line.strip() for row in rows for line in row.splitlines() if line.strip()]
    wanted = tuple(r for item in items if (r := requirement(item, _line(text, item))))
    python = parser.get("options", "python_requires", fallback="")
    return SetupFile(wanted, python, _line(text, "python_requires") if python else None)


def _line(text: str, needle: str) -> int | None:
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def read_setup_py(text: str) -> SetupFile | None:
    """The literal keywords of the `setup(…)` call; `None` without one, or where Python cannot parse."""
    module = parse(text).tree
    if module is None:
        return None
    names = _constants(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node) == "setup":
            return _setup_call(node, names, text)
    return None


def setup_words(text: str, wanted: frozenset[str]) -> dict[str, tuple[str, int]]:
    """Of the wanted keywords of `setup(…)` those that constants make, each with its line."""
    module = parse(text).tree if "setup" in text else None
    calls = (n for n in ast.walk(module) if isinstance(n, ast.Call)) if module else iter(())
    call = next((node for node in calls if _called(node) == "setup"), None)
    if module is None or call is None:
        return {}
    names = _constants(module)
    said = {k.arg: (_said(k.value, names), k.value.lineno) for k in call.keywords if k.arg in wanted}
    return {key: found for key, found in said.items() if key and found[0]}


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    """What the module's own assignments give names to."""
    return {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _setup_call(node: ast.Call, names: dict[str, ast.expr], text: str) -> SetupFile:
    wanted: list[Requirement] = []
    python, line = "", None
    for name, given in _keywords(node, names):
        value = names.get(given.id, given) if isinstance(given, ast.Name) else given
        if name == "python_requires":
            python, line = _said(value, names), given.lineno
        if name in ("install_requires", "extras_require", "tests_require"):
            wanted += _requirements(value, names)
    return SetupFile(tuple(wanted), python, line, tuple(dict.fromkeys(OPEN.findall(text))))


def _keywords(node: ast.Call, names: dict[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    """What the call is given by name, and by `**` from a dictionary that the module writes out."""
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg:
            yield keyword.arg, value
        elif isinstance(given := names.get(value.id) if isinstance(value, ast.Name) else value, ast.Dict):
            for key, item in zip(given.keys, given.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), item


def _said(node: ast.expr, names: dict[str, ast.expr], deep: int = 0) -> str:
    """The text that an expression of constants makes, as `f">={MAJOR}.{MINOR}"`; the rest is left out."""
    parts: list[ast.expr] = []
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.Name(id=name) if name in names:
            parts = [names[name]]
        case ast.FormattedValue(value=inner):
            parts = [inner]
        case ast.JoinedStr(values=pieces):
            parts = pieces
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [left, right]
    return "".join(_said(part, names, deep + 1) for part in parts[:20]) if deep < DEEPEST else ""


def _requirements(value: ast.expr, names: dict[str, ast.expr]) -> Iterator[Requirement]:
    for given in value.values if isinstance(value, ast.Dict) else [value]:
        for item in _items(given, names):
            text = item.value if isinstance(item, ast.Constant) else None
            if isinstance(text, str) and (read := requirement(text, item.lineno)):
                yield read


def _items(node: ast.expr, names: dict[str, ast.expr], deep: int = 0) -> Iterator[ast.expr]:
    """What a list holds that is written out, is a name of the module, or is put together of such."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for item in items:
                yield from _items(item.value, names, deep + 1) if isinstance(item, ast.Starred) else [item]
        case ast.Name(id=name) if name in names and deep < DEEPEST:
            yield from _items(names[name], names, deep + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if deep < DEEPEST:
            yield from _items(left, names, deep + 1)
            yield from _items(right, names, deep + 1)
