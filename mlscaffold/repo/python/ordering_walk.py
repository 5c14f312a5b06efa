"""Where one syntax tree takes files or sets in the order that the system happens to give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Listing

ASKED = regex(rb"\blistdir\(|\bi?glob\(|\.rglob\(|\.iterdir\(|enumerate\((?:list\()?set\(")
FEEDS = regex(
    rb"\bDataset\b|\bDataLoader\b|train_test_split|random_split|KFold|\.fit\(|imread\(|Image\.open\("
    rb"|read_csv\("
    rb"|np\.load\(|load_img\("
)
NOT_DATA = regex(
    r"ckpt|check_?point|weight|model|\.pth?\b|\.h5|log|result|output|out_|tmp|temp|cache|save|plot|fig"
    r"|run|conf|\.ya?ml"
    r"|event|test|wandb|pickle|\.py\b",
    re.IGNORECASE,
)
LISTS = ("os.listdir", "glob.glob", "glob.iglob", "listdir", "glob", "iglob")
METHODS = ("iterdir", "rglob", "glob")


def lists_data(raw: bytes) -> bool:
    """A cheap first look: whether the bytes list something, and load or split data."""
    return ASKED.search(raw) is not None and FEEDS.search(raw) is not None


def listings(tree: ast.Module) -> Iterator[Listing]:
    """Listings kept as lists, walked into lists, or numbered, that nothing sorts."""
    ordered = {name for node in ast.walk(tree) for name in _ordered(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and not any(ast.unparse(t) in ordered for t in node.targets):
            yield from _listing(_bare(node.value), " ".join(map(ast.unparse, node.targets)))
            if isinstance(node.value, ast.ListComp):
                yield from _listing(node.value.generators[0].iter, ast.unparse(node.targets[0]))
        elif isinstance(node, ast.For) and _collects(node, ordered):
            yield from _listing(node.iter, "")
        elif isinstance(node, ast.Call) and _name(node) == "enumerate" and node.args:
            inner = _bare(node.args[0])
            if isinstance(inner, ast.Call) and _name(inner) == "set":
                yield _found(inner, "set")


def _bare(node: ast.expr) -> ast.expr:
    """What `list(…)` or `tuple(…)` is made of."""
    wrapped = isinstance(node, ast.Call) and _name(node) in ("list", "tuple") and len(node.args) == 1
    return node.args[0] if wrapped and isinstance(node, ast.Call) else node


def _listing(node: ast.expr, target: str) -> Iterator[Listing]:
    if not isinstance(node, ast.Call):
        return
    name = _name(node)
    lists = name in LISTS or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS)
    if lists and not NOT_DATA.search(f"{target} {ast.unparse(node)}"):
        yield _found(node, name)


def _found(node: ast.Call, name: str) -> Listing:
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    call = name.rpartition(".")[2] if "(" in name else name
    return Listing(node.lineno, call, (node.lineno, node.col_offset), end)


def _name(node: ast.Call) -> str:
    return ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""


def _ordered(node: ast.AST) -> Iterator[str]:
    """Names that something sorts, counts or asks for members, or walks without keeping anything."""
    match node:
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=name)]):
            yield name
        case ast.For(iter=ast.Name(id=name)) if not any(_keeps(inner) for inner in ast.walk(node)):
            yield name
        case ast.Call(func=ast.Attribute(value=value, attr="sort")):
            yield ast.unparse(value)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if "sort" in name or name in ("len", "set"):
            yield ast.unparse(first) if name != "len" else ""
        case ast.Call(func=ast.Attribute(attr=name), args=[first, *_]) if "sort" in name:
            yield ast.unparse(first)


def _keeps(node: ast.AST) -> bool:
    """Whether something is kept in order: appended, yielded, counted on, or put at an index."""
    match node:
        case ast.Call(func=ast.Attribute(attr="append" | "extend" | "insert" | "write" | "put")):
            return True
        case ast.Assign(targets=[ast.Subscript()]) | ast.AugAssign() | ast.Yield() | ast.YieldFrom():
            return True
    return False


def _collects(loop: ast.For, ordered: set[str]) -> bool:
    """Whether the loop appends to a list of outside that nothing sorts."""
    inside = {ast.unparse(t) for n in ast.walk(loop) if isinstance(n, ast.Assign) for t in n.targets}
    for node in ast.walk(loop):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="append" | "extend")):
                if (name := ast.unparse(value)) not in ordered and name not in inside:
                    return True
    return False
