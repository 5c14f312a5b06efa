"""The packages of Python that the repository's own code is imported by."""

from __future__ import annotations

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

ASIDE = regex(
    r"(?:(?:unit|integration)?_?test(?:s|ing)?|docs?|examples?|scripts?|notebooks?|benchmarks?|tools?|demos?|tutorials?|configs?|conf|data"
    r"|utils?|exp(?:eriments?)?|migrations|ci|bin|hooks|tasks|assets|models?|features|visuali[sz]ation|dags|plugins"
    r"|\..*)$"
)
"""Folders beside the package that may be importable, and that nobody would name a project by."""


class Package(NamedTuple):
    """One package at the root or below `src`: its name, where it begins, and how many modules it holds."""

    name: str
    path: str
    modules: int


@fact
def importable(repo: Repo) -> tuple[Package, ...]:
    """The packages that an installation would bring, the largest first; `src` only where none is below it."""
    found = [
        _package(repo, path) for path in repo.by_name.get("__init__.py", []) if is_own(path) and _top(path)
    ]
    named = [package for package in found if not ASIDE.match(package.name)]
    below = [package for package in named if package.path.startswith("src/")]
    chosen = below or named or _without_mark(repo)
    if not chosen and "src/__init__.py" in repo.files:
        chosen = [_package(repo, "src/__init__.py")]
    return tuple(sorted(chosen, key=lambda p: (-p.modules, p.name)))


def _without_mark(repo: Repo) -> list[Package]:
    """Folders that the repository's own code imports from although they have no `__init__.py`."""
    folders = {p.partition("/")[0] for p in repo.files if p.endswith(".py") and "/" in p and is_own(p)}
    roots = {name.partition(".")[0] for source in code(repo) for name in source.imports}
    names = sorted(name for name in folders & roots if not ASIDE.match(name) and name != "src")
    return [_package(repo, f"{name}/__init__.py") for name in names]


def _top(path: str) -> bool:
    parts = path.split("/")
    return (len(parts) == 2 and parts[0] != "src") or (len(parts) == 3 and parts[0] == "src")


def _package(repo: Repo, path: str) -> Package:
    below = path.removesuffix("__init__.py")
    modules = [p for p in repo.files if p.startswith(below) and p.endswith(".py")]
    begins = path if path in repo.files else modules[0]
    return Package(below.rstrip("/").rpartition("/")[2], begins, len(modules))
