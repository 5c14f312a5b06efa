"""Three-way merges of texts by git, in a private repository that nobody's configuration reaches."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

MERGE_TREE = (2, 38)
"""The first git whose `merge-tree` writes a tree; an older one merges file by file."""
LABELS = ("yours", "before", "template")


class Sides(NamedTuple):
    """One file as it came, as it stands here, and as the template has it now."""

    base: bytes
    ours: bytes
    theirs: bytes


class Text(NamedTuple):
    """What a merge made. With conflicts `content` holds both sides between markers."""

    content: bytes
    conflict: bool = False


def merge(sides: Sequence[Sides], git: tuple[int, int] | None = None) -> list[Text]:
    """Merge each file; `git` is the version to go by, for which the installed one stands.

    Raises Stop where git is missing or fails.
    """
    if not sides:
        return []
    with tempfile.TemporaryDirectory(prefix="mlscaffold-merge-") as scratch:
        by = _merge_trees if (git or installed()) >= MERGE_TREE else _merge_files
        return by(sides, Path(scratch))


@cache
def installed() -> tuple[int, int]:
    """The version of the git on PATH; raises Stop where there is none."""
    program = shutil.which("git")
    if not program:
        raise Stop("git is not installed: install it")
    asked = [program, "--version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = regex(r"(\d+)\.(\d+)").search(told)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _merge_trees(sides: Sequence[Sides], scratch: Path) -> list[Text]:
    """All files in one merge of three commits, each named by its number: no path of anybody's matters."""
    _git(scratch, "init", "--quiet", "--bare")
    _git(scratch, "fast-import", "--quiet", given=_commits(sides))
    settings = ("-c", "merge.renames=false", "-c", "merge.conflictStyle=diff3")
    asked = ("merge-tree", "--write-tree", "--no-messages", "-z", "yours", "template")
    tree, _, conflicted = _git(scratch, *settings, *asked, allowed=(0, 1)).out.partition(b"\0")
    marked = {int(number) for number in regex(rb"\d+ [0-9a-f]+ [123]\t(\d+)\0").findall(conflicted)}
    wanted = b"".join(b"%s:%d\n" % (tree, number) for number in range(len(sides)))
    contents = _batch(_git(scratch, "cat-file", "--batch", given=wanted).out)
    return [Text(_labelled(content), number in marked) for number, content in enumerate(contents)]


def _labelled(content: bytes) -> bytes:
    """Git names what came first by its commit, which is nobody's."""
    return regex(rb"(?m)^\|{7} [0-9a-f]{7,}(?=\r?$)").sub(b"||||||| before", content)


def _commits(sides: Sequence[Sides]) -> bytes:
    """Three commits for `git fast-import`: what came first, and what each side made of it."""
    parts = []
    for mark, branch in enumerate(("base", "yours", "template"), 1):
        after = b"" if mark == 1 else b"from :1\n"
        parts.append(b"commit refs/heads/%s\nmark :%d\n" % (branch.encode(), mark))
        parts.append(b"committer mlscaffold <mlscaffold@localhost> 0 +0000\ndata 0\n" + after)
        for number, side in enumerate(sides):
            content = side[("base", "yours", "template").index(branch)]
            parts.append(b"M 100644 inline %d\ndata %d\n%s\n" % (number, len(content), content))
    return b"".join(parts)


def _batch(told: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(told):
        end = told.index(b"\n", at)
        size = int(told[at:end].split()[2])
        found.append(told[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def _merge_files(sides: Sequence[Sides], scratch: Path) -> list[Text]:
    return [_merge_file(side, scratch) for side in sides]


def _merge_file(side: Sides, scratch: Path) -> Text:
    names = ("ours", "base", "theirs")
    for name, content in zip(names, (side.ours, side.base, side.theirs), strict=True):
        (scratch / name).write_bytes(content)
    labels = [part for label in LABELS for part in ("-L", label)]
    done = _git(scratch, "merge-file", "-p", "--diff3", *labels, *names, allowed=range(256))
    refused = done.code > 127  # a binary file: neither side can be taken for the other
    return Text(side.ours if refused else done.out, conflict=done.code != 0)


class _Done(NamedTuple):
    out: bytes
    code: int


def _git(folder: Path, *arguments: str, given: bytes = b"", allowed: Sequence[int] = (0,)) -> _Done:
    kept = {k: os.environ[k] for k in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP") if k in os.environ}
    alone = {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "GIT_DIR": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "mlscaffold",
        "GIT_AUTHOR_EMAIL": "mlscaffold@localhost",
        "GIT_COMMITTER_NAME": "mlscaffold",
        "GIT_COMMITTER_EMAIL": "mlscaffold@localhost",
        "LC_ALL": "C",
    }
    done = subprocess.run(  # noqa: S603 (git itself, in a folder of ours)
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        env=kept | alone,
        input=given,
        capture_output=True,
        check=False,
    )
    if done.returncode not in allowed:
        raise Stop(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return _Done(done.stdout, done.returncode)
