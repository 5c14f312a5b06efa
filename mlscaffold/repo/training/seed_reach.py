"""Which seeds reach a script that trains or makes data: those of its own, and those of what it imports."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.reach import imported, ties
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import own

MAKES_DATA = regex(
    r"(?:^|/)[^/]*(?:split|prepar|preprocess|augment|process_?data|data_?process)[^/]*\.py$", re.I
)
STARTED = regex(rb"\bpython[\d.]*[ \t]+(?:-[uO][ \t]+)*(?:[\w./-]*/)?([\w-]+\.py)\b")
DYNAMIC = frozenset(("importlib", "hydra", "runpy", "pydoc", "pkgutil", "stevedore"))
"""Who imports these may load modules that no import statement names."""


def reaches(repo: Repo, seeding: str, drawing: str) -> bool:
    """Whether a seed set in one script holds where another draws; a module serves whoever imports it."""
    loaded = _on_their_own(repo).get(drawing)
    return loaded is None or seeding in loaded


@fact
def _on_their_own(repo: Repo) -> dict[str, frozenset[str]]:
    """The scripts that train or make data, and that nobody imports, and what each of them loads."""
    imports = ties(repo)
    known = {source.path: source for source in code(repo)}
    trains = {run.source.path for run in training(repo)}
    started = {
        path
        for path, source in known.items()
        if (source.main or path.rpartition("/")[2] in _started(repo))
        and not source.notebook
        and (path in trains or MAKES_DATA.search(path))
    }
    found = {}
    for path in started - imported(repo):
        loaded = _loaded(path, imports)
        if not any(known[other].imports_any(DYNAMIC) for other in loaded):
            found[path] = loaded
    return found


@fact
def _started(repo: Repo) -> frozenset[str]:
    """The names of scripts that a pipeline, a Makefile or a shell script starts."""
    said = [repo.raw(path) or b"" for path in own(repo, "dvc.yaml", "makefile", "*.mk", "*.sh")]
    return frozenset(hit.decode() for text in said for hit in STARTED.findall(text))


def _loaded(path: str, imports: dict[str, set[str]]) -> frozenset[str]:
    found, waiting = {path}, [path]
    while waiting:
        new = imports.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return frozenset(found)
