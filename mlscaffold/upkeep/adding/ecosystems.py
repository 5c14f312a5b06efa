"""What an update bot can renew in a repository: each kind of package, and the folders that declare it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import dockerfiles
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import declaring, manifests
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder, own

PIP = ("pip", "pyproject", "poetry", "pipenv", "setuptools")
BY_TOOL = {"npm": "npm", "maven": "maven", "gradle": "gradle"}
ASIDE = regex(r"/(?:tests?|fixtures|templates?|cookiecutter)/", re.I)
"""Folders whose manifests are fed to tests, or are copied into projects of others."""

MOST = 10
"""Folders of one kind: a longer list is no small change."""


class Ecosystem(NamedTuple):
    """One kind of package as Dependabot calls it, and a folder that declares some."""

    name: str
    folders: tuple[str, ...]


def ecosystems(repo: Repo) -> tuple[Ecosystem, ...]:
    """The kinds that are really here. What conda alone installs is none."""
    found: dict[str, dict[str, None]] = {}
    for name, at in (*_python(repo), *_others(repo)):
        if ASIDE.search(f"/{at}/"):
            continue
        found.setdefault(name, {})[f"/{at}"] = None
    return tuple(Ecosystem(name, tuple(at)[:MOST]) for name, at in found.items())


def _python(repo: Repo) -> Iterator[tuple[str, str]]:
    kept_by_uv = {folder(lock.path) for lock in locks(repo) if lock.tool == "uv"}
    for manifest in declaring(repo):
        if manifest.tool in PIP:
            yield ("uv" if manifest.folder in kept_by_uv else "pip"), manifest.folder


def _others(repo: Repo) -> Iterator[tuple[str, str]]:
    for manifest in manifests(repo):
        if manifest.tool in BY_TOOL:
            yield BY_TOOL[manifest.tool], manifest.folder
    for container in dockerfiles(repo):
        yield "docker", folder(container.path)
    for path in own(repo, "*.tf"):
        yield "terraform", folder(path)
    if any(path.startswith(".github/workflows/") for path in repo.files):
        yield "github-actions", ""
