"""Large files that the history of a commit still carries although its tree no longer has them."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import Git

SMALL = 4
"""A store of at most as many times the size that counts as large is not looked into."""

SECONDS = 10.0
"""As long may one walk over a history take."""

SHOWN = 50
ALL_OBJECTS = (
    "cat-file",
    "--batch-all-objects",
    "--unordered",
    "--buffer",
    "--batch-check=%(objecttype) %(objectsize) %(objectsize:disk) %(objectname)",
)


class Old(NamedTuple):
    """A file of the past: its size, and how much of the store it takes."""

    path: str
    size: int
    packed: int


class Past(NamedTuple):
    """What a history carries, the largest first; `partial` says why that is not all."""

    old: tuple[Old, ...] = ()
    partial: str = ""


class Late(Exception):
    """The walk took too long."""


@fact
def past(repo: Repo) -> Past:
    """The large files of the past, as far as this clone holds it."""
    try:
        raw = repo.tree.history("", int(repo.standard.large_file_bytes))
    except OSError:
        return Past()
    first, *rows = raw.decode("utf-8", "surrogateescape").split("\n")
    parts = (row.split(" ", 2) for row in rows if row.count(" ") >= 2)
    return Past(tuple(Old(path, int(size), int(packed)) for size, packed, path in parts), first)


def written(found: Past) -> bytes:
    """A history as trees give it: why it is partial, then a line for each file."""
    rows = [found.partial, *(f"{old.size} {old.packed} {old.path}" for old in found.old)]
    return "\n".join(rows).encode("utf-8", "surrogateescape")


def of(git: Git, blobs: Blobs, commit: str, path: str, limit: int) -> bytes:
    """The answer of a tree: of one file what it held before, else of the whole history."""
    from mlscaffold.repo.trees.earlier import of_path

    return of_path(git, blobs, commit, path, limit) if path else written(of_commit(git, commit, limit))


def of_commit(git: Git, commit: str, least: int) -> Past:
    """The files above `least` bytes in the history of `commit` whose content its tree does not hold."""
    common = git.where.common
    if not commit:
        return Past()
    if (common / "shallow").is_file():
        return Past(partial="this clone is shallow: fetch all of the history to see what it carries")
    if _promised(common / "objects" / "pack"):
        return Past(partial="this clone is partial: only a full one shows what the history carries")
    if stored(common / "objects") <= SMALL * least:
        return Past()
    try:
        return Past(tuple(_old(git, commit, least)))
    except Late:
        return Past(partial=f"its history is too long to be walked in {SECONDS:.0f} seconds")


def _promised(packs: Path) -> bool:
    """Whether git fetches some objects only when somebody asks for them."""
    with contextlib.suppress(OSError):
        return any(pack.name.endswith(".promisor") for pack in packs.iterdir())
    return False


def stored(objects: Path) -> int:
    """How many bytes the objects of a repository take, packed and loose."""
    total = 0
    folders: list[str] = []
    with contextlib.suppress(OSError), os.scandir(objects) as there:
        folders = [item.path for item in there if item.name == "pack" or len(item.name) == 2]
    for folder in folders:
        with contextlib.suppress(OSError), os.scandir(folder) as found:
            total += sum(entry.stat(follow_symlinks=False).st_size for entry in found)
    return total


def _old(git: Git, commit: str, least: int) -> list[Old]:
    large: dict[str, tuple[int, int]] = {}
    for line in lines_of(git, *ALL_OBJECTS):
        kind, size, packed, oid = line.split(" ", 3)
        if kind == "blob" and int(size) > least:
            large[oid] = int(size), int(packed)
    if large:
        for line in lines_of(git, "ls-tree", "-r", "--full-tree", commit):
            large.pop(line.partition("\t")[0].split(" ")[2], None)
    found: dict[str, Old] = {}
    for line in lines_of(git, "rev-list", "--objects", commit) if large else ():
        oid, _, path = line.partition(" ")
        if oid in large and oid not in found:
            found[oid] = Old(path, *large[oid])
            if len(found) == len(large):
                break
    return sorted(found.values(), key=lambda old: (-old.packed, old.path))[:SHOWN]


def lines_of(git: Git, *arguments: str) -> Iterator[str]:
    """The lines that a git command prints; raises Late where it takes too long."""
    process = git.start(*arguments)
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(SECONDS, stop)
    clock.daemon = True
    clock.start()
    try:
        if process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            for line in process.stdout:
                yield line.decode("utf-8", "surrogateescape").rstrip("\n")
        if late.is_set():
            raise Late
    finally:
        clock.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
