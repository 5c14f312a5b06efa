"""Imports that no manifest declares: which are surely missing, and of which nobody can tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mlscaffold.lazy import regex
from mlscaffold.repo.brought_along import brought
from mlscaffold.repo.declared_names import declared_names, installed_names
from mlscaffold.repo.distributions import distributions_of, known
from mlscaffold.repo.kind import kind
from mlscaffold.repo.notebook_python import python_of
from mlscaffold.repo.notebooks import notebook
from mlscaffold.repo.python_facts import Spot
from mlscaffold.repo.python_parse import parse
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.requirements import normalised
from mlscaffold.repo.third_party import Imported, imports

BY_A_TOOL = regex(
    r"(?:^|/)(?:docs?|\.[^/]+)/|(?:^|/)(?:noxfile|tasks|fabfile|dodo|conf|setup|locustfile|gunicorn[\w.]*|wscript)\.py$",
    re.I,
)
"""What another tool loads, which has itself at hand: its imports are no needs of the project."""

ASIDE = regex(r"(?:^|/)(?:examples?|benchmarks?|demos?|tutorials?|notebooks?|scripts?|contrib)/", re.I)
TESTS = regex(r"(?:^|/)(?:tests?|testing|fixtures?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$", re.I)
VARIANT = regex(
    r"-(?:gpu|cpu|nightly|headless|binary|base|core|skinny|stubs|cu\d+|cuda\d*\w*|intel|macos|rocm)$"
)
FILES = 12


class Missing(NamedTuple):
    """One import that nothing declares, the package that brings it, and where it is imported."""

    name: str
    package: str
    spot: Spot


class Undeclared(NamedTuple):
    """`surely`: well-known packages. `unsure`: names of which we cannot say what brings them."""

    surely: tuple[Missing, ...] = ()
    unsure: tuple[Missing, ...] = ()


@fact
def undeclared(repo: Repo) -> Undeclared:
    """The modules that code imports whenever it runs, and that nothing declares, locks or installs."""
    surely: list[Missing] = []
    unsure: list[Missing] = []
    for name, places in imports(repo).needed.items():
        packages = _packages(repo, name)
        if name in imports(repo).guarded or _declared(repo, name, packages):
            continue
        spot = next(_needed(repo, name, places), None)
        if spot:
            if known(name) or packages != distributions_of(name):
                surely.append(Missing(name, packages[0], spot))
            elif not TESTS.search(spot.path):
                unsure.append(Missing(name, packages[0], spot))
    return Undeclared(tuple(surely), tuple(unsure))


def _packages(repo: Repo, name: str) -> tuple[str, ...]:
    """What may bring the import: by our list, else by the catalogue, else its own name."""
    if known(name):
        return distributions_of(name)
    for tool in repo.standard.tools.values():
        if name in tool.imports and tool.packages:
            return tuple(dict.fromkeys(normalised(p) for p in (*tool.packages, name)))
    return distributions_of(name)


@fact
def _by_way(repo: Repo) -> set[str]:
    return brought(set(declared_names(repo)))


@fact
def _plain(repo: Repo) -> frozenset[str]:
    """The declared names without what tells builds of one package apart."""
    return frozenset(VARIANT.sub("", name) for name in declared_names(repo))


def _declared(repo: Repo, name: str, packages: tuple[str, ...]) -> bool:
    stated = declared_names(repo)
    if any(p in stated or p in _plain(repo) for p in packages) or name in _by_way(repo):
        return True
    if any(p in installed_names(repo) for p in packages) or normalised(name) in installed_names(repo):
        return True
    bare = normalised(name).replace("-", "")
    if known(name) or len(bare) < 3:
        return False
    everything = stated | installed_names(repo)
    return any(_alike(bare, other.replace("-", "")) for other in everything)


def _alike(bare: str, other: str) -> bool:
    """Whether one name holds the other: `python-telegram-bot` brings `telegram`."""
    return len(other) >= 3 and (bare in other or other in bare)


def _needed(repo: Repo, name: str, places: tuple[Imported, ...]) -> Iterator[Spot]:
    """Where the import runs whenever its file does, in code that is the project's own business.

    Nothing where any file can do without the module: then the others are the optional part.
    """
    library = kind(repo).name == "library"
    asked = [
        p.path for p in places if not BY_A_TOOL.search(p.path) and not (library and ASIDE.search(p.path))
    ]
    spots: list[Spot] = []
    for path in asked[:FILES]:
        found = list(_at_top(repo, path, name))
        if None in found:
            return
        spots += [spot for spot in found if spot]
    yield from spots


def _at_top(repo: Repo, path: str, name: str) -> Iterator[Spot | None]:
    """Each import of the module that nothing guards; `None` for one that a `try` guards."""
    if path.endswith(".ipynb"):
        book = notebook(repo, path)
        for cell in book.cells if book and book.language.startswith(("python", "ipython")) else ():
            tree = parse(python_of(cell.source)).tree
            for line in _lines(tree.body if tree else [], name):
                at = Spot(path, book.line(cell.number, line), cell.number, line) if book and line else None
                yield at
        return
    tree = parse(repo.raw(path) or b"").tree
    for line in _lines(tree.body if tree else [], name):
        yield Spot(path, line) if line else None


def _lines(body: list[ast.stmt], name: str) -> Iterator[int]:
    """The lines of module-level imports of `name`; 0 for one that stands in a `try` with a handler."""
    for node in body:
        match node:
            case ast.Import(names=names) if any(a.name.partition(".")[0] == name for a in names):
                yield node.lineno
            case ast.ImportFrom(module=str(module), level=0) if module.partition(".")[0] == name:
                yield node.lineno
            case ast.Try(body=tried, handlers=handlers) if handlers:
                inner = [*tried, *(s for h in handlers for s in h.body)]
                yield from (0 for _ in _lines(inner, name))
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=inner):
                yield from _lines(inner, name)
            case ast.With(body=inner):
                yield from (0 for _ in _lines(inner, name))
