"""Where code takes files or sets in the order that the system happens to give, and loads data by it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mlscaffold.lazy import regex
from mlscaffold.repo.python_parse import parse
from mlscaffold.repo.python_source import code
from mlscaffold.repo.repo import Repo, fact

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
OF_RESULTS = regex(
    r"(?:results?|logs?|plots?|reports?|figures?|eval\w*|visuali[sz]\w*|analy[sz]\w*|_card)[^/]*\.py$"
    r"|(?:^|/)(?:infer(?:ence)?|predict\w*|demo\w*|synthesi[sz]\w*|submi\w*"
    r"|serv\w*)(?:[_-][^/]*)?(?:\.py$|/)",
    re.IGNORECASE,
)
"""Scripts that read what runs left behind, or apply a model file by file."""

LISTS = ("os.listdir", "glob.glob", "glob.iglob", "listdir", "glob", "iglob")
METHODS = ("iterdir", "rglob", "glob")


class Unsorted(NamedTuple):
    """One listing whose order nothing fixes: its file, line and call, and where its text starts and ends."""

    path: str
    line: int
    call: str
    start: tuple[int, int]
    end: tuple[int, int]


@fact
def unsorted_inputs(repo: Repo) -> tuple[Unsorted, ...]:
    """Listings kept as lists, walked into lists, or numbered, in scripts that also load or split data."""
    found: list[Unsorted] = []
    for source in code(repo):
        raw = (repo.raw(source.path) or b"") if source.path.endswith(".py") else b""
        if OF_RESULTS.search(source.path):
            continue
        if ASKED.search(raw) and FEEDS.search(raw) and (tree := parse(raw).tree):
            found += _of(source.path, tree)
    return tuple(found)


def _of(path: str, tree: ast.Module) -> Iterator[Unsorted]:
    ordered = {name for node in ast.walk(tree) for name in _ordered(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and not any(ast.unparse(t) in ordered for t in node.targets):
            yield from _listing(path, _bare(node.value), " ".join(map(ast.unparse, node.targets)))
            if isinstance(node.value, ast.ListComp):
                yield from _listing(path, node.value.generators[0].iter, ast.unparse(node.targets[0]))
        elif isinstance(node, ast.For) and _collects(node, ordered):
            yield from _listing(path, node.iter, "")
        elif isinstance(node, ast.Call) and _name(node) == "enumerate" and node.args:
            inner = _bare(node.args[0])
            if isinstance(inner, ast.Call) and _name(inner) == "set":
                yield _found(path, inner, "set")


def _bare(node: ast.expr) -> ast.expr:
    """What `list(…)` or `tuple(…)` is made of."""
    wrapped = isinstance(node, ast.Call) and _name(node) in ("list", "tuple") and len(node.args) == 1
    return node.args[0] if wrapped and isinstance(node, ast.Call) else node


def _listing(path: str, node: ast.expr, target: str) -> Iterator[Unsorted]:
    if not isinstance(node, ast.Call):
        return
    name = _name(node)
    lists = name in LISTS or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS)
    if lists and not NOT_DATA.search(f"{target} {ast.unparse(node)}"):
        yield _found(path, node, name)


def _found(path: str, node: ast.Call, name: str) -> Unsorted:
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    call = name.rpartition(".")[2] if "(" in name else name
    return Unsorted(path, node.lineno, call, (node.lineno, node.col_offset), end)


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


def sorted_text(text: str, places: list[Unsorted]) -> str:
    """The source with each of the listings wrapped in `sorted(…)`, at its own place."""
    lines = [line.encode() for line in text.split("\n")]
    for place in sorted(places, key=lambda p: p.start, reverse=True):
        (first, column), (last, end) = place.start, place.end
        lines[last - 1] = lines[last - 1][:end] + b")" + lines[last - 1][end:]
        lines[first - 1] = lines[first - 1][:column] + b"sorted(" + lines[first - 1][column:]
    return b"\n".join(lines).decode()
