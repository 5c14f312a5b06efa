"""Which manager keeps each environment of a repository, from which files, and for which Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.locks import locks, other_locks
from mlscaffold.repo.environments.manifests import Manifest, declaring, manifests, python_manifests, table
from mlscaffold.repo.environments.python_version import allows, python_versions
from mlscaffold.repo.packages import packages
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder

WHOLE = ("uv", "poetry", "pipenv", "pdm", "pixi", "conda-lock")
"""Managers whose lock alone says who keeps an environment."""

BY_MANIFEST = {"poetry": "poetry", "pipenv": "pipenv", "pixi": "pixi", "conda": "conda", "nix": "nix"}
SECTIONS = ("uv", "pdm", "pixi")
TESTS = regex(r"(?:^|[-_./])(?:dev|test|tests|testing|ci|all)(?:[-_./]|$)")
ASIDE = regex(
    r"(?:^|[-_./])(?:docs?|gpu|cuda\d*|prod|deploy\w*|lint|notebooks?|optional|extras?|examples?)(?:[-_./]|$)"
)
PYTHONS = ("3.12", "3.13", "3.10", "3.9", "3.8", "3.7", "3.6", "2.7")
"""Tried in this order where the standard's own Python does not fit."""


class Environment(NamedTuple):
    """What one folder installs. `files` are what an installer is given, as paths of the repository."""

    folder: str
    manager: str
    files: tuple[str, ...] = ()
    lock: str = ""
    runtime: str = ""
    """Of pip's files the one without what only development needs."""

    python: str = ""
    """The version to run; empty where no version fits."""

    stated: bool = False
    """Whether the repository says so, and not the standard."""

    project: bool = False
    """Whether the folder is a package that can be installed."""

    extras: tuple[str, ...] = ()
    """Optional dependencies of the package that hold a test runner."""

    groups: tuple[str, ...] = ()
    """Dependency groups (PEP 735, Poetry) that hold one."""

    apart: bool = False
    """Whether the files cannot be given in one call, because only some of them carry hashes."""

    runner: bool = False
    """Whether pytest comes with what is installed."""


@fact
def environments(repo: Repo) -> tuple[Environment, ...]:
    """The environment of the root; of a monorepo without one, those of its packages; else the nearest.

    Where nothing declares any, the root's is one of pip without files.
    """
    homes = sorted({_home(path) for path in _proofs(repo)}, key=lambda at: (at.count("/"), at))
    if not homes:
        return of_r(repo) or (_environment(repo, ""),)
    if "" in homes:
        return (_environment(repo, ""),)
    parts = [at for at in homes if at in packages(repo)]
    return tuple(_environment(repo, at) for at in parts or homes[:1])


def _proofs(repo: Repo) -> Iterator[str]:
    for lock in locks(repo):
        if lock.tool in WHOLE:
            yield lock.path
    yield from (m.path for m in declaring(repo))
    yield from (m.path for m in python_manifests(repo) if m.tool == "pyproject" and m.python)


def _home(path: str) -> str:
    """The folder that a manifest speaks for: of `requirements/dev.txt` the one above."""
    at = folder(path)
    return folder(at) if at.rpartition("/")[2] == "requirements" else at


def of_r(repo: Repo) -> tuple[Environment, ...]:
    """The root's environment of R, if it has one."""
    found = [m for m in manifests(repo) if m.language == "r" and not m.folder]
    kept = [lock for lock in other_locks(repo) if lock.language == "r" and lock.path == "renv.lock"]
    if not found and not kept:
        return ()
    files = tuple(m.path for m in found)
    return (
        Environment(
            "", "renv" if kept else "r", files, kept[0].path if kept else "", project=_r_package(repo)
        ),
    )


def _r_package(repo: Repo) -> bool:
    return b"\nPackage:" in b"\n" + (repo.raw("DESCRIPTION") or b"")


def _environment(repo: Repo, at: str) -> Environment:
    manager, lock = _manager(repo, at)
    version, stated = _python(repo, at)
    own = [m for m in declaring(repo) if _home(m.path) == at]
    files, runtime = _files(manager, own)
    document = toml_document(repo, f"{at}/pyproject.toml".lstrip("/")) or {}
    extras = tuple(_holding(table(document, "project", "optional-dependencies")))
    groups = tuple(_groups(document))
    given = [m for m in own if m.path in files or manager not in ("pip", "conda", "conda-lock")]
    plain = any(r.name == "pytest" for m in given if m.tool != "pyproject" for r in m.requirements)
    runner = plain or bool(extras or groups) or _required(document)
    project = _installs(repo, at, document)
    apart = len({m.hashed for m in own if m.path in files}) > 1
    return Environment(
        at, manager, files, lock, runtime, version, stated, project, extras, groups, apart, runner
    )


def _required(document: dict[str, Any]) -> bool:
    values = table(document, "project").get("dependencies")
    return isinstance(values, list) and any(_is_pytest(value) for value in values)


def _is_pytest(value: Any) -> bool:
    return isinstance(value, str) and regex(r"\s*pytest(?![\w-])").match(value) is not None


def _holding(rows: dict[str, Any]) -> Iterator[str]:
    for name, values in rows.items():
        if isinstance(values, list) and any(_is_pytest(value) for value in values):
            yield name
            return


def _groups(document: dict[str, Any]) -> Iterator[str]:
    yield from _holding(table(document, "dependency-groups"))
    for name, group in table(document, "tool", "poetry", "group").items():
        if "pytest" in table(group, "dependencies"):
            yield name
            return


def _manager(repo: Repo, at: str) -> tuple[str, str]:
    """The manager of one folder, and its lock: by lock, by section or manifest, else pip."""
    for lock in locks(repo):
        if lock.tool in WHOLE and folder(lock.path) == at:
            return lock.tool, lock.path
    raw = repo.raw(f"{at}/pyproject.toml".lstrip("/")) or b""
    for name in SECTIONS:
        if b"[tool." + name.encode() + b"]" in raw:
            return name, ""
    own = [m for m in declaring(repo) if _home(m.path) == at]
    named = [BY_MANIFEST[m.tool] for m in own if m.tool in BY_MANIFEST]
    if named and (named[0] != "conda" or _is_main(own)):
        return named[0], ""
    locked = [lock.path for lock in locks(repo) if _home(lock.path) == at and lock.path.endswith(".txt")]
    runtime = [path for path in locked if not TESTS.search(path) and not ASIDE.search(path)]
    return "pip", next(iter([*runtime, *locked]), "")


def _is_main(own: list[Manifest]) -> bool:
    """Whether the conda environment declares at least as much as the files of pip beside it."""
    counted = {
        kind: max((len(m.requirements) for m in own if (m.tool == "conda") is kind), default=0)
        for kind in (True, False)
    }
    return counted[True] >= counted[False]


def _files(manager: str, own: list[Manifest]) -> tuple[tuple[str, ...], str]:
    """What installs everything, and what installs no more than the project needs to run."""
    if manager == "conda":
        found = sorted(
            (m.path for m in own if m.tool == "conda"), key=lambda p: (bool(TESTS.search(p)), len(p))
        )
        return tuple(found[:1]), found[0]
    if manager != "pip":
        return (), ""
    paths = [m.path for m in own if m.tool == "pip" and m.path.endswith(".txt")]
    plain = sorted((p for p in paths if not TESTS.search(p) and not ASIDE.search(p)), key=len)[:1]
    further = [m for m in own if m.path in paths and TESTS.search(m.path) and not ASIDE.search(m.path)]
    further = sorted(further, key=lambda m: len(m.path))[:1]
    whole = [
        m.path
        for m in further
        if plain and plain[0].rpartition("/")[2] in {i.rpartition("/")[2] for i in m.includes}
    ]
    return tuple(whole or [*plain, *(m.path for m in further)]), next(iter(plain), "")


def _installs(repo: Repo, at: str, document: dict[str, Any]) -> bool:
    setup = f"{at}/setup.py".lstrip("/")
    packaged = "build-system" in document and ("project" in document or "poetry" in table(document, "tool"))
    return setup in repo.files or packaged or bool(table(document, "project").get("dependencies"))


def _python(repo: Repo, at: str) -> tuple[str, bool]:
    """The exact version that is stated for the folder, else the first that every range has room for."""
    near = [s for s in python_versions(repo) if s.source != "ci" and _serves(folder(s.path), at)]
    ranges = [s.said for s in near if s.source == "manifest" and not s.exact]
    for one in near:
        if one.exact and one.source != "lock" and all(allows(said, one.exact) for said in ranges):
            return one.exact, True
    made = [s.exact for s in near if s.exact]
    floor = str(repo.standard.python_floor)
    fits = (minor for minor in (*made, floor, *PYTHONS) if all(allows(said, minor) for said in ranges))
    return next(fits, ""), bool(near)


def _serves(place: str, at: str) -> bool:
    return place in (at, "", f"{at}/requirements".lstrip("/"))
