"""From a path that a person gave to the tree that lies there."""

from __future__ import annotations

import os
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.git import Where, repository_above
from mlscaffold.repo.trees.tree import Tree


def open_tree(path: str | Path, rev: str | None = None, *, staged: bool = False) -> Tree:
    """The work tree, bare repository, plain folder or, with `rev`, the revision at `path`.

    With `staged` what the next commit would hold. A folder inside a repository stands for that folder with
    the files of the root that serve it, such as the licence. Raises Stop with what to do next.
    """
    folder = _folder(path)
    where = repository_above(folder)
    if staged:
        return _staged(where, folder)
    if where is None:
        if rev is not None:
            raise Stop(
                f"{folder} is in no git repository and has no revision {rev!r}: leave the revision out"
            )
        return _plain(folder)
    if where.root is None and where.git_dir != folder:
        raise Stop(f"{folder} lies inside the git directory {where.git_dir}: name that directory")
    if where.root is None or rev is not None:
        return _of_revision(where, "HEAD" if rev is None else rev, _below(where, folder))
    return _lying(where, where.root, folder)


def _plain(folder: Path) -> Tree:
    from mlscaffold.repo.trees.folder import FolderTree  # a run opens one kind of tree, and imports one

    return FolderTree(folder)


def _of_revision(where: Where, rev: str, below: str) -> Tree:
    from mlscaffold.repo.trees.revision import revision_tree

    tree = revision_tree(where, rev, below)
    return _governed(tree, revision_tree(where, rev), below) if below else tree


def _lying(where: Where, root: Path, folder: Path) -> Tree:
    from mlscaffold.repo.trees.worktree import WorkTree

    work = WorkTree(where, folder)
    if folder == root:
        return work
    if not work.entries():
        return _plain(folder)  # a folder that the repository around it ignores is nobody's part
    return _governed(work, WorkTree(where, root), _below(where, folder))


def _staged(where: Where | None, folder: Path) -> Tree:
    from mlscaffold.repo.trees.index import index_tree

    if where is None or where.root is None:
        raise Stop(f"{folder} has no work tree of git, so nothing is staged there: leave --staged out")
    tree, below = index_tree(where, folder), _below(where, folder)
    return _governed(tree, index_tree(where, where.root), below) if below else tree


def _governed(part: Tree, whole: Tree, below: str) -> Tree:
    from mlscaffold.repo.trees.governed import GovernedTree

    return GovernedTree(part, whole, below)


def _folder(given: str | Path) -> Path:
    """The real folder at the path that was given; raises Stop where there is none."""
    path = Path(given)
    try:
        if path.is_dir():
            return Path(os.path.realpath(path))
        exists = os.path.lexists(path)
    except (OSError, ValueError) as error:
        raise Stop(f"{str(path)!r} cannot be opened: {error}") from None
    if not exists and isinstance(given, str) and ("://" in given or given.startswith("git@")):
        raise Stop(
            f"{given!r} is an address, and a folder is read: git clone it, and give the clone's folder"
        )
    if not exists:
        raise Stop(f"there is no folder {str(path)!r}: give the path of a repository")
    raise Stop(f"{str(path)!r} is not a folder: give the folder of the repository")


def _below(where: Where, folder: Path) -> str:
    return "" if where.root is None or folder == where.root else folder.relative_to(where.root).as_posix()
