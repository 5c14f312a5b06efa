"""The names of packages that anything in a repository declares, locks or installs for Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import Manifest, python_manifests, table
from mlscaffold.repo.environments.requirements import normalised, requirement
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

INSTALLS = regex(
    r"\b(?:pip[\d.]*|conda|mamba|micromamba|uv|poetry|pipenv|pdm|pixi|rye|session|apt|apt-get|dnf|yum)"
    r"[\"',\s.(]+(?:[\w-]+[\"',\s]+)?(?:install|add|create|pip_install|conda_install)\b(?P<rest>(?:[^\n]*\\\n)*[^\n]*)"
    r"|\.pip_install\((?P<call>[^)]*)\)|--with[= ](?P<with>[^\n]*)"
)
WORD = regex(r"[A-Za-z][\w.-]*")
INLINE = regex(r"^# /// script\s*\n(?P<body>(?:#[^\n]*\n)*?)# ///", re.M)
COMMENT = regex(r"(?:^|\s)#[^\n]*")
MANIFEST = regex(
    r"(?:^|/)(?:pyproject\.toml|pipfile|pixi\.toml|[^/]*(?:requirement|environment)[^/]*)$", re.I
)
SCRIPTS: tuple[str, ...] = (
    "*dockerfile*",
    "*containerfile*",
    "*.def",
    "*.sh",
    "*.bat",
    "*.ps1",
    "makefile",
    "*.mk",
    "justfile",
)
SCRIPTS += ("noxfile.py", "tasks.py", "*.yml", "*.yaml", "tox.ini")
WHOLE = ("setup.py", "*.nix", "tox.ini", "cog.yaml", "python_env.yaml", "bentofile.yaml", "meta.yaml")
"""Files whose declarations are not read one by one: every word of them may be a name."""


@fact
def declared_names(repo: Repo) -> frozenset[str]:
    """The normalised names that the manifests declare, development and optional groups included."""
    names = {r.name for m in python_manifests(repo) for r in m.requirements}
    for path in own(repo, "pyproject.toml", "pixi.toml"):
        names.update(_of_tools(toml_document(repo, path) or {}, path))
    for manifest in python_manifests(repo):
        for path in _included(repo, manifest):
            names.update(_words(repo.text(path) or ""))
    return frozenset(names)


def _of_tools(document: dict[str, Any], path: str) -> Iterator[str]:
    """What hatch's environments and pixi's features declare, which is no one's run-time dependency."""
    tool = table(document, "tool") if path.endswith("pyproject.toml") else {"pixi": document}
    for environment in table(tool, "hatch", "envs").values():
        for key in ("dependencies", "extra-dependencies"):
            items = environment.get(key) if isinstance(environment, dict) else None
            for item in items if isinstance(items, list) else ():
                if isinstance(item, str) and (read := requirement(item)):
                    yield read.name
    pixi = table(tool, "pixi")
    for feature in (pixi, *table(pixi, "feature").values(), *table(pixi, "target").values()):
        for key in ("dependencies", "pypi-dependencies"):
            yield from (normalised(name) for name in table(feature, key))


def _included(repo: Repo, manifest: Manifest) -> Iterator[str]:
    """Files of any name that a requirements file or a set-up takes in."""
    for name in manifest.includes:
        parts: list[str] = []
        for part in f"{manifest.folder}/{name}".split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part not in ("", ".", ".."):
                parts.append(part)
        if "/".join(parts) in repo.files:
            yield "/".join(parts)


@fact
def installed_names(repo: Repo) -> frozenset[str]:
    """The words of locks, of install commands in scripts, images, CI and notebooks, and of computed set-ups.

    Whatever stands here is at least brought along by something; not every word is a package.
    """
    names: set[str] = set()
    for lock in locks(repo):
        names.update(_words(repo.text(lock.path) or ""))
    for path in own(repo, *WHOLE):
        names.update(_words(repo.text(path) or ""))
    for path in own(repo, *SCRIPTS):
        names.update(_commands(repo.text(path) or "") if b"install" in (repo.raw(path) or b"") else ())
    for book in notebooks(repo):
        for cell in book.cells if b"install" in book.raw else ():
            names.update(_commands(cell.source))
    for path in repo.files:
        if path.endswith(".py") and b"# /// script" in (repo.raw(path) or b""):
            names.update(_words(" ".join(m["body"] for m in INLINE.finditer(repo.text(path) or ""))))
    return frozenset(names)


def _commands(text: str) -> Iterator[str]:
    for found in INSTALLS.finditer(COMMENT.sub("", text)):
        yield from _words(" ".join(filter(None, found.groups())))


def _words(text: str) -> Iterator[str]:
    yield from (normalised(word.strip(".-_")) for word in set(WORD.findall(COMMENT.sub("", text))))


def unread_manifests(repo: Repo) -> tuple[str, ...]:
    """Manifests that their own tools could not read either, so that nobody knows what they declare."""
    python_manifests(repo)
    return tuple(sorted(path for path in repo.unreadable if MANIFEST.search(path)))
