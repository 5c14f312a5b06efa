"""Which sources belong to the training here: those that train, what they import, and what imports them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import folder

STEPS = 2
"""As many imports away from training, a module still belongs to it; a copied library reaches further down."""


def near_training(repo: Repo, path: str) -> bool:
    """Whether `path` trains, stands beside code that trains, or is tied to it by imports."""
    return not path.endswith((".py", ".ipynb")) or (path in _near(repo) and not _copied(repo, path))


OTHER_ENDS = regex(
    r"predict|infer|eval|test|demo|sampl|serv|app\b|api\b|visual|plot|show|export|convert|download|prepar|process",
    re.I,
)
"""Scripts that use a module that trains for something else."""

IMPORTED = regex(rb"^[ \t]*(?:from|import)[ \t]+\.*([\w.]+)", re.M)
"""A script that only starts others imports nothing that the sources are read for, so its text is asked."""


def starts_training(repo: Repo, script: str) -> bool:
    """Whether running `script`, a path or the end of one, trains, by itself or by what it imports."""
    having = {run.source.path for run in training(repo) if not run.source.notebook}
    named = repo.by_name.get(script.rpartition("/")[2].lower(), ()) if having else ()
    front = {
        path
        for path in named
        if path.lower() == script.lower() or path.lower().endswith(f"/{script}".lower())
    }
    if OTHER_ENDS.search(script.rpartition("/")[2]):
        return not front.isdisjoint(having)
    names = {name for path in having for name in _names(path)}
    for _ in range(STEPS + 1):
        imported = {name for path in front for name in _said_imports(repo, path)}
        if not front.isdisjoint(having) or not names.isdisjoint(imported):
            return True
        front = {path for name in imported for path in _modules(repo).get(name, ())}
    return False


def _said_imports(repo: Repo, path: str) -> set[str]:
    return {hit.decode() for hit in IMPORTED.findall(repo.raw(path) or b"")}


@fact
def _modules(repo: Repo) -> dict[str, list[str]]:
    """The modules that a script may hand its work to, by each name that they may be imported as."""
    found: dict[str, list[str]] = {}
    for path in repo.files:
        if path.endswith(".py") and not OTHER_ENDS.search(path.rpartition("/")[2]):
            parts = path.removesuffix(".py").split("/")
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), []).append(path)
    return found


def _copied(repo: Repo, path: str) -> bool:
    """Whether `path` is in a package with its own README in which nothing trains: a copied library."""
    top = path.partition("/")[0]
    if not {f"{top}/__init__.py", f"{top}/README.md"} <= repo.files.keys():
        return False
    return not any(run.source.path.startswith(f"{top}/") for run in training(repo))


@fact
def _near(repo: Repo) -> frozenset[str]:
    having = {run.source.path for run in training(repo)}
    beside = {folder(path) for path in having}
    near = having | {source.path for source in code(repo) if folder(source.path) in beside}
    tied = ties(repo)
    back: dict[str, set[str]] = {}
    for path, imported in tied.items():
        for other in imported:
            back.setdefault(other, set()).add(path)
    for graph in (tied, back):
        front = having
        for _ in range(STEPS):
            front = {other for path in front for other in graph.get(path, ())}
            near |= front
    return frozenset(near)


@fact
def ties(repo: Repo) -> dict[str, set[str]]:
    """For each source, the sources of the repository that it seems to import."""
    modules: dict[str, list[str]] = {}
    for source in code(repo):
        for name in _names(source.path):
            modules.setdefault(name, []).append(source.path)
    return {source.path: set(_imported(source.imports, modules)) for source in code(repo)}


@fact
def imported(repo: Repo) -> frozenset[str]:
    """The sources that another one seems to import."""
    return frozenset(other for path, others in ties(repo).items() for other in others if other != path)


def _names(path: str) -> Iterator[str]:
    """What a module may be imported as: its dotted path, or its package's, from any folder above."""
    parts = path.rpartition(".")[0].split("/")
    for whole in (parts, parts[:-1]):
        for start in range(len(whole)):
            yield ".".join(whole[start:])


def _imported(names: Iterable[str], modules: dict[str, list[str]]) -> Iterator[str]:
    for name in names:
        parts = [part for part in name.split(".") if part != "(here)"]
        for end in (len(parts), len(parts) - 1):
            yield from modules.get(".".join(parts[:end]), ())
