"""Projects that share nothing but the repository: folders that train by themselves and are not imported."""

from __future__ import annotations

from collections.abc import Iterable

from mlscaffold.repo.kind import kind
from mlscaffold.repo.packages import ASIDE
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training

FEWEST = 3
"""As many projects make a repository a collection; two may be the halves of one."""


@fact
def separate(repo: Repo) -> frozenset[str]:
    """Folders of the first or second level, each a project of its own."""
    scripts = [source for source in code(repo) if not source.notebook]
    trains = {run.source.path for run in training(repo) if not run.source.notebook}
    found: set[str] = set()
    alone = _alone(scripts, trains, "")
    if len(alone) == 1 and all(path.startswith(alone[0]) for path in trains):
        return frozenset()  # nothing else trains, so that it is all of the repository
    for folder in alone:
        inner = _alone([s for s in scripts if s.path.startswith(folder)], trains, folder)
        found.update(inner if len(inner) > 1 else [folder])
    return frozenset(found)


@fact
def collected(repo: Repo) -> tuple[str, ...]:
    """The projects of a repository that is a collection of them; those that show a library's use are none."""
    if kind(repo).name == "library":
        return ()
    found = tuple(folder.rstrip("/") for folder in sorted(separate(repo)) if not ASIDE.search(folder))
    return found if len(found) >= FEWEST else ()


def project_of(repo: Repo, path: str) -> str:
    """The separate project to which a path belongs, with its slash; empty for the repository itself."""
    return next((folder for folder in sorted(separate(repo)) if path.startswith(folder)), "")


def _alone(scripts: Iterable[Source], trains: set[str], above: str) -> list[str]:
    """The folders right below `above` that start, train, import nothing beside them and are not imported."""
    inside: dict[str, list[Source]] = {}
    for source in scripts:
        name, slash, _ = source.path.removeprefix(above).partition("/")
        inside.setdefault(name + slash, []).append(source)
    return [
        above + name
        for name, own in sorted(inside.items())
        if name.endswith("/") and _starts(own, trains) and not _joined(above, name, inside)
    ]


def _starts(own: list[Source], trains: set[str]) -> bool:
    return any(s.path in trains for s in own) and any(s.main for s in own)


def _joined(above: str, name: str, inside: dict[str, list[Source]]) -> bool:
    """Whether a source beside the folder imports it, or one within imports what lies beside it."""
    others = {_module(other): found for other, found in inside.items() if other != name}
    at_hand = {_module(s.path.removeprefix(above + name).partition("/")[0]) for s in inside[name]}
    if any(_module(name) in _names(source, above) for sources in others.values() for source in sources):
        return True
    return any((set(others) - at_hand) & _names(source, above) for source in inside[name])


def _module(name: str) -> str:
    return name.rstrip("/").removesuffix(".py")


def _names(source: Source, above: str) -> set[str]:
    """The first names of what a source imports, from the folder above or from the root."""
    prefix = above.replace("/", ".")
    bare = (name.removeprefix("(here).").removeprefix(prefix) for name in source.imports)
    return {name.partition(".")[0] for name in bare}
