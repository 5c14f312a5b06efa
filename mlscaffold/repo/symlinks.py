"""Where a symbolic link of the repository leads, told from its text: nothing is followed on the disk."""

from __future__ import annotations

from posixpath import join, normpath

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder


def followed(repo: Repo, path: str) -> str:
    """The regular file that `path` is or leads to; empty where it leads out of the repository or nowhere."""
    links = {entry.path for entry in repo.entries if entry.kind == "symlink"}
    for _ in range(8):
        if path not in links:
            return path if path in repo.files else ""
        path = normpath(join(folder(path), _target(repo, path)))
    return ""


def _target(repo: Repo, path: str) -> str:
    for read in (repo.tree.committed, repo.tree.read):
        try:
            return read(path, 4096).decode("utf-8", "surrogateescape").rstrip("\n")
        except OSError:
            continue
    return "/"
