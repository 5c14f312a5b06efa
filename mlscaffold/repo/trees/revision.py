"""A commit of a git repository, bare or not, read from its objects without a check-out."""

from __future__ import annotations

from functools import partial

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import Git, Where
from mlscaffold.repo.trees.stored import KINDS, StoredTree
from mlscaffold.repo.trees.tree import Entry


def revision_tree(where: Where, revision: str, folder: str = "") -> StoredTree:
    """The files of one commit, below `folder` where that is not empty; raises Stop where there is none."""
    place = str(where.root or where.git_dir)
    blobs = Blobs(Git(where))
    commit = _resolve(blobs, revision, place)
    label = f"{place}/{folder} at {revision}" if folder else f"{place} at {revision}"
    return StoredTree(label, blobs, partial(_listed, blobs, commit, folder, label), folder, commit)


def _resolve(blobs: Blobs, revision: str, place: str) -> str:
    try:
        return blobs.get(f"{revision}^{{commit}}", 0).oid
    except OSError:
        pass
    if revision == "HEAD":
        raise Stop(f"{place} has no commit yet: make one, or audit its work tree")
    raise Stop(f"{place} knows no revision {revision!r}: name a branch, a tag or a commit")


def _listed(blobs: Blobs, commit: str, folder: str, label: str) -> dict[str, Entry]:
    tree = f"{commit}:{folder}"
    try:
        blobs.get(tree, 0)
    except OSError:
        raise Stop(f"there is no folder {folder!r} in {label}") from None
    listed = blobs.git.run("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
    records = listed.decode("utf-8", "surrogateescape").split("\0")
    return {entry.path: entry for record in records if record for entry in [_entry(record)]}


def _entry(record: str) -> Entry:
    """One record: `MODE TYPE OID SIZE<tab>PATH`, where the size may be `-` or `BAD`."""
    head, _, path = record.partition("\t")
    mode, _, oid, size = head.split()
    known = int(size) if size.isdigit() else 0 if size == "-" else -1
    return Entry(path, KINDS.get(mode, "file"), known, executable=mode == "100755", oid=oid)
