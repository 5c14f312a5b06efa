"""The index of a git repository: what the next commit would hold, read from git's objects alone."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import Git, Where, inside
from mlscaffold.repo.trees.reading import harmless
from mlscaffold.repo.trees.stored import KINDS, StoredTree
from mlscaffold.repo.trees.tree import Entry

EMPTY_TREES = {40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}
EMPTY_TREES[64] = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
"""git knows its empty tree in every repository, by the length of its ids."""

EMPTY_BLOBS = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
PREFERRED = {"0": 0, "2": 1, "3": 2, "1": 3}
"""During a merge a path has stages: ours stands for it, then theirs, then what both came from."""


def index_tree(where: Where, folder: Path) -> StoredTree:
    """What is staged below `folder`. What the work tree holds besides has no part in it."""
    blobs = Blobs(Git(where, index=_own_index(where)))
    label = f"{folder}, as staged"
    return StoredTree(label, blobs, partial(_listed, blobs, folder), inside(where.root, folder))


def _listed(blobs: Blobs, folder: Path) -> dict[str, Entry]:
    listed = blobs.git.run("ls-files", "-z", "--stage", cwd=folder)
    chosen: dict[str, tuple[int, str, str]] = {}
    for record in listed.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = record.partition("\t")
        if path and harmless(path):
            mode, oid, stage = head.split(" ")
            chosen[path] = min(chosen.get(path, (9, "", "")), (PREFERRED[stage], mode, oid))
    for path in _only_intended(blobs.git, folder, chosen):
        del chosen[path]
    sizes = blobs.sizes({oid for _, mode, oid in chosen.values() if mode != "160000"})
    return {
        path: Entry(
            path,
            KINDS.get(mode, "file"),
            0 if mode == "160000" else sizes.get(oid, -1),
            executable=mode == "100755",
            oid=oid,
        )
        for path, (_, mode, oid) in chosen.items()
    }


def _only_intended(git: Git, folder: Path, chosen: dict[str, tuple[int, str, str]]) -> set[str]:
    """The paths of `git add --intent-to-add`, which a commit leaves out; they look like empty files."""
    empty = {path for path, (_, _, oid) in chosen.items() if oid in EMPTY_BLOBS}
    if not empty:
        return set()
    length = len(chosen[next(iter(empty))][2])
    real = git.run(
        "diff-index", "--cached", "-r", "-z", "--name-only", "--relative", "--no-renames",
        "--ita-invisible-in-index", EMPTY_TREES[length], cwd=folder,
    )  # fmt: skip
    return empty - set(real.decode("utf-8", "surrogateescape").split("\0"))


def _own_index(where: Where) -> Path | None:
    """The index that the commit under way uses: for `git commit -a` git names another one to its hooks."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    path = Path(os.path.realpath(named)) if named else None
    return path if path and path.parent == Path(os.path.realpath(where.git_dir)) else None
