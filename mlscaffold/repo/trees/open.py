"""From a path that a person gave to the tree that lies there."""

from __future__ import annotations

import os
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.folder import FolderTree
from mlscaffold.repo.trees.git import Where, repository_above
from mlscaffold.repo.trees.governed import GovernedTree
from mlscaffold.repo.trees.index import index_tree
from mlscaffold.repo.trees.revision import revision_tree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.repo.trees.worktree import WorkTree


def open_tree(path: str | Path, rev: str | None = None, *, staged: bool = False) -> Tree:
    """The work tree, bare repository, plain folder or, with `rev`, the revision at `path`.

    With `staged` what the next commit would hold. A folder inside a repository stands for that folder with
    the files of the root that serve it, such as the licence. Raises Stop with what to do next.
    """
    folder = _folder(Path(path))
    where = repository_above(folder)
    if staged:
        return _staged(where, folder)
    if where is None:
        if rev is not None:
            raise Stop(
                f"{folder} is in no git repository and has no revision {rev!r}: leave the revision out"
            )
        return FolderTree(folder)
    if where.root is None:
        if where.git_dir != folder:
            raise Stop(f"{folder} lies inside the git directory {where.git_dir}: name that directory")
        return revision_tree(where, rev or "HEAD")
    if rev is not None:
        below = _below(where, folder)
        tree = revision_tree(where, rev, below)
        return GovernedTree(tree, revision_tree(where, rev), below) if below else tree
    return _lying(where, where.root, folder)


def _lying(where: Where, root: Path, folder: Path) -> Tree:
    work = WorkTree(where, folder)
    if folder == root:
        return work
    if not work.entries():
        return FolderTree(folder)  # a folder that the repository around it ignores is nobody's part
    return GovernedTree(work, WorkTree(where, root), _below(where, folder))


def _staged(where: Where | None, folder: Path) -> Tree:
    if where is None or where.root is None:
        raise Stop(f"{folder} has no work tree of git, so nothing is staged there: leave --staged out")
    tree, below = index_tree(where, folder), _below(where, folder)
    return GovernedTree(tree, index_tree(where, where.root), below) if below else tree


def _folder(path: Path) -> Path:
    """The real folder at `path`; raises Stop where there is none."""
    try:
        if path.is_dir():
            return Path(os.path.realpath(path))
        exists = os.path.lexists(path)
    except (OSError, ValueError) as error:
        raise Stop(f"{str(path)!r} cannot be opened: {error}") from None
    if not exists:
        raise Stop(f"there is no folder {str(path)!r}: give the path of a repository")
    raise Stop(f"{str(path)!r} is not a folder: give the folder of the repository")


def _below(where: Where, folder: Path) -> str:
    return "" if where.root is None or folder == where.root else folder.relative_to(where.root).as_posix()
