"""The address of a repository on its forge, from the remotes that its git directory names."""

from __future__ import annotations

import re
from pathlib import Path

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.git import Where
from mlscaffold.repo.trees.governed import GovernedTree
from mlscaffold.repo.trees.overlay import OverlayTree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.repo.trees.worktree import WorkTree

SSH = regex(r"(?:ssh://)?(?:[^@/\s]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+)?[:/](?P<path>[^\s?#]+)")
HTTP = regex(
    r"(?:https?|git)://(?:[^@/\s]*@)?(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+)?/(?P<path>[^\s?#]+)", re.I
)
SECTION = regex(r"\s*\[\s*remote\s+\"(?P<name>[^\"]*)\"\s*\]")
URL = regex(r"\s*url\s*=\s*\"?(?P<url>[^\s\"]+)")
FIRST = ("origin", "upstream")
SIZE = 65536


class Address(NamedTuple):
    """Where a repository is hosted: without logins, as a browser opens it."""

    host: str
    url: str
    remote: str = ""
    line: int | None = None


def address_of(text: str) -> Address | None:
    """The web address that a remote's URL stands for; `None` for a path or an unknown form."""
    for pattern in (HTTP, SSH):
        if found := pattern.fullmatch(text.strip()):
            path = found["path"].strip("/").removesuffix(".git")
            host = found["host"].lower()
            return Address(host, f"https://{host}/{path}") if "/" in path or host.count(".") else None
    return None


@fact
def forge_address(repo: Repo) -> Address | None:
    """The forge of `origin`, else of the first remote of a work tree.

    `None` outside git, for remotes on a disk, and for a revision, which has no remotes of its own.
    """
    where = where_of(repo.tree)
    found = _remotes(where.common / "config") if where else []
    ranked = sorted(found, key=lambda a: (a.remote not in FIRST, a.remote != "origin", a.line or 0))
    return ranked[0] if ranked else None


def where_of(tree: Tree) -> Where | None:
    """The git directory of a work tree, of one with changes in memory, or of one that a folder is part of."""
    match tree:
        case WorkTree():
            return tree.where
        case GovernedTree():
            return where_of(tree.own)
        case OverlayTree():
            return where_of(tree.below)
    return None


def _remotes(config: Path) -> list[Address]:
    """The remotes of a git configuration, read as text: git itself would obey it."""
    try:
        with config.open("rb") as file:
            text = file.read(SIZE).decode("utf-8", "replace")
    except OSError:
        return []
    found, name = [], ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("["):
            section = SECTION.match(line)
            name = section["name"] if section else ""
        elif name and (said := URL.match(line)) and (address := address_of(said["url"])):
            found.append(address._replace(remote=name, line=number))
    return found
