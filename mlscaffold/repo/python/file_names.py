"""Names of files in code as text: constants, joined paths, and holes for what stands elsewhere.

A hole is a name in braces, which whoever knows more than this file fills: `{__file__}`, `{--out}` (an option
of the command line), `{argv.1}`, `{snakemake.output.0}`, `{params.yaml#prepare.out}` (a key of a settings
file), `{config.TABLE}` (a variable of another module, as it is imported) and, in a function, `{argument 0}`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.python.expressions import called, dotted

HOLE = regex(r"\{([^{}]*)\}")
OPTIONS = frozenset({"args", "arg", "opt", "opts", "options", "flags", "FLAGS", "config", "cfg"})
"""Names that hold what the command line says."""

SAME = frozenset(
    {
        "Path", "PurePath", "PosixPath", "PurePosixPath", "str", "abspath", "realpath", "normpath", "fspath",
        "expanduser", "resolve", "absolute", "as_posix", "open",
    }
)  # fmt: skip
"""What gives the same file again, of its first argument or of what it is a method of."""

MODULES = frozenset(
    {"{os}", "{os.path}", "{io}", "{gzip}", "{bz2}", "{lzma}", "{codecs}", "{pathlib}", "{posixpath}"}
)
"""Modules whose functions take the file as their first argument."""

HANDED = ("snakemake.input", "snakemake.output")
HERE = {"cwd": ".", "getcwd": ".", "params_show": "{params.yaml#}"}
LOADS = frozenset({"safe_load", "load", "full_load", "loads"})
SETTINGS = (".yaml", ".yml", ".json", ".toml")
LONGEST = 300


def file_name(node: ast.expr | None, known: Mapping[str, str]) -> str:
    """The name that an expression gives; empty where it cannot be told. `known` are variables and imports."""
    text = _name(node, known) if node is not None else ""
    return text if len(text) <= LONGEST and "\n" not in text else ""


def imported(node: ast.stmt, known: dict[str, str]) -> None:
    """Note what an import at the margin of a module brings, as holes."""
    match node:
        case ast.ImportFrom(module=module, names=names, level=level):
            for alias in names:
                known[alias.asname or alias.name] = (
                    f"{{{'.' * level}{module + '.' if module else ''}{alias.name}}}"
                )
        case ast.Import(names=names):
            for alias in names:
                if alias.asname or "." not in alias.name:
                    known[alias.asname or alias.name] = f"{{{alias.name}}}"


def _name(node: ast.expr, known: Mapping[str, str]) -> str:
    kind = KINDS.get(type(node))
    return kind(node, known) if kind else ""


def _constant(node: ast.Constant, _known: Mapping[str, str]) -> str:
    text = node.value
    return text if isinstance(text, str) and "{" not in text and "}" not in text else ""


def _variable(node: ast.Name, known: Mapping[str, str]) -> str:
    return "{__file__}" if node.id == "__file__" else known.get(node.id, "")


def _joined(node: ast.BinOp, known: Mapping[str, str]) -> str:
    between = {ast.Add: "", ast.Div: "/"}.get(type(node.op))
    return _all([node.left, node.right], known, between) if between is not None else ""


def _formatted(node: ast.FormattedValue, known: Mapping[str, str]) -> str:
    return "" if node.format_spec else _name(node.value, known)


def _all(nodes: list[ast.expr], known: Mapping[str, str], between: str) -> str:
    parts = [_name(node, known) for node in nodes]
    return between.join(parts) if all(parts) else ""


def _attribute(node: ast.Attribute, known: Mapping[str, str]) -> str:
    if node.attr == "parent":
        above = _name(node.value, known)
        return above and f"{above}/.."
    name = dotted(node)
    root, _, rest = name.partition(".")
    held = known.get(root, "")
    if name in known or root == "snakemake":
        return known.get(name, f"{{{name}}}")
    if held.startswith("{") and held.endswith("}") and "{argument" not in held and rest:
        return f"{held[:-1]}.{rest}}}"
    return f"{{--{rest}}}" if root in OPTIONS and not held and rest.isidentifier() else ""


def _item(node: ast.Subscript, known: Mapping[str, str]) -> str:
    index = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if isinstance(index, str):
        return _keyed(node.value, index, known)
    name = dotted(node.value)
    if not isinstance(index, int) or not 0 <= index < 20:
        return ""
    if isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
        above = _name(node.value.value, known)
        return above and above + "/.." * (index + 1)
    if name == "sys.argv":
        return f"{{argv.{index}}}"
    return f"{{{name}.{index}}}" if name in HANDED else ""


def _keyed(value: ast.expr, key: str, known: Mapping[str, str]) -> str:
    """A key of a settings file, of a dictionary, or of what Snakemake hands over."""
    held = _name(value, known)
    if held.endswith("}") and "#" in held:
        return f"{held[:-1]}{'' if held.endswith('#}') else '.'}{key}}}"
    name = dotted(value)
    return f"{{{name}.{key}}}" if name in HANDED else known.get(f"{name}[{key}]", "")


def _call(node: ast.Call, known: Mapping[str, str]) -> str:
    last = called(node)
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    joins = last == "join" and (receiver is None or dotted(receiver).endswith("path"))
    if node.args and (joins or (last in ("Path", "PurePath") and len(node.args) > 1)):
        return _all(node.args, known, "/")
    if last == "joinpath" and receiver is not None:
        return _all([receiver, *node.args], known, "/")
    first = _name(node.args[0], known) if node.args else ""
    if last == "dirname":
        return first and f"{first}/.."
    if last in LOADS and first.endswith(SETTINGS) and "{" not in first:
        return f"{{{first}#}}"
    if last in SAME:
        held = _name(receiver, known) if receiver is not None else ""
        return held if held and held not in MODULES else first
    return HERE.get(last, "") if not node.args else ""


KINDS: dict[type[ast.expr], Callable[[Any, Mapping[str, str]], str]] = {
    ast.Constant: _constant,
    ast.Name: _variable,
    ast.BinOp: _joined,
    ast.JoinedStr: lambda node, known: _all(node.values, known, ""),
    ast.FormattedValue: _formatted,
    ast.Attribute: _attribute,
    ast.Subscript: _item,
    ast.Call: _call,
}
