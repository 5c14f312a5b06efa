"""A monorepo's packages: folders that declare and hold a project of their own."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, own

DECLARES = {
    "pyproject.toml": regex(rb"^\[(?:project|tool\.poetry)\]", re.M),
    "setup.py": regex(rb"\bsetup\s*\("),
    "setup.cfg": regex(rb"^\[metadata\]", re.M),
    "description": regex(rb"^Package:", re.M),
    "project.toml": regex(rb"^(?:uuid|name)\s*=", re.M),
}
"""Manifests that name a project, and the line that does."""

ASIDE = regex(
    r"(?:^|/)(?:tests?|examples?|docs?|benchmarks?|fixtures?|templates?|demos?|tutorials?)(?:/|$)", re.I
)
SOURCES = (".py", ".r", ".jl", ".ipynb", ".scala", ".java")
FEWEST = 2


@fact
def packages(repo: Repo) -> tuple[str, ...]:
    """The folders of at least two packages, none inside another, sorted; empty where there are fewer."""
    found: list[str] = []
    for at in sorted({folder(path) for path in _declaring(repo)}, key=lambda f: (f.count("/"), f)):
        inside = any(at.startswith(f"{outer}/") for outer in found)
        if at and not inside and not ASIDE.search(at) and _has_sources(repo, at):
            found.append(at)
    return tuple(sorted(found)) if len(found) >= FEWEST else ()


def _declaring(repo: Repo) -> list[str]:
    named = ((path, DECLARES[path.rpartition("/")[2].lower()]) for path in own(repo, *DECLARES))
    return [path for path, declares in named if declares.search(repo.raw(path) or b"")]


def _has_sources(repo: Repo, at: str) -> bool:
    return any(
        p.startswith(f"{at}/") and p.lower().endswith(SOURCES) and "setup.py" not in p for p in repo.files
    )
