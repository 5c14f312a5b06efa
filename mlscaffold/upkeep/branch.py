"""Put changes on a branch as one commit, without touching the work tree or the index of anybody.

The commit depends on HEAD and the changes alone, so that the same input gives the same hash, and a second
run has nothing to push.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlscaffold.edits import Change
from mlscaffold.errors import Stop

NAME, EMAIL = "mlscaffold", "mlscaffold@localhost"
ISOLATED = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-c", "gc.auto=0")


def commit(root: Path, head: str, branch: str, changes: Sequence[Change], message: str) -> str:
    """Make `branch` point at one commit on `head` with these changes; its hash.

    Raises Stop where the name is no branch name, where the branch is checked out, or where a person has
    committed to it.
    """
    with tempfile.TemporaryDirectory(prefix="mlscaffold-branch-") as scratch:
        git = _Git(root, Path(scratch, "index"))
        if git.fails("check-ref-format", "--branch", branch):
            raise Stop(f"{branch!r} is no name for a branch")
        before = git.tells("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
        if before:
            _left_alone(git, branch, before, head)
        git.run("read-tree", head)
        git.run("update-index", "-z", "--index-info", given=_index(git, changes, "0" * len(head)))
        tree = git.run("write-tree").strip()
        made = _committed(git, tree, head, message)
        git.run("update-ref", f"refs/heads/{branch}", made, before or "0" * len(made))
        return made


def _index(git: _Git, changes: Sequence[Change], nothing: str) -> bytes:
    rows = []
    for change in changes:
        path = os.fsencode(change.path)
        if change.after is None:
            rows.append(b"0 " + nothing.encode() + b"\t" + path + b"\0")
        else:
            oid = git.run("hash-object", "-w", "--stdin", "--no-filters", given=change.after.content).strip()
            rows.append(f"{change.after.mode} {oid}\t".encode() + path + b"\0")
    return b"".join(rows)


def _committed(git: _Git, tree: str, head: str, message: str) -> str:
    date = git.run("show", "--no-patch", "--format=%ct", head).strip()
    who = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", NAME), ("EMAIL", EMAIL), ("DATE", f"@{date} +0000"))
    }
    return git.run(
        "commit-tree", "--no-gpg-sign", tree, "-p", head, "-F", "-", given=message.encode(), more=who
    ).strip()


def _left_alone(git: _Git, branch: str, tip: str, head: str) -> None:
    """Raise Stop unless everything on the branch that HEAD does not have is one commit of ours."""
    if git.tells("symbolic-ref", "--quiet", "HEAD") == f"refs/heads/{branch}":
        raise Stop(f"{branch} is checked out here: choose another name for the branch")
    own = git.run("log", "--format=%an <%ae>", f"{head}..{tip}").splitlines()
    if own and own != [f"{NAME} <{EMAIL}>"]:
        raise Stop(
            f"somebody has committed to {branch}, so it was left alone. Merge or delete it, or name another."
        )
    if not own:
        raise Stop(f"{branch} is a branch of yours without a commit of mlscaffold: name another")


class _Git:
    """git in the repository, with an index of our own, no hooks and no configuration that starts programs."""

    def __init__(self, root: Path, index: Path) -> None:
        self._root = root
        hidden = ("GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")
        self._environment = {k: v for k, v in os.environ.items() if k not in hidden}
        self._environment |= {"GIT_INDEX_FILE": str(index), "LC_ALL": "C"}

    def run(self, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        done = self._done(*arguments, given=given, more=more)
        if done.returncode:
            raise Stop(f"git {arguments[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()}")
        return done.stdout.decode("utf-8", "surrogateescape")

    def tells(self, *arguments: str) -> str:
        """What the command prints, or nothing where it fails."""
        done = self._done(*arguments)
        return "" if done.returncode else done.stdout.decode().strip()

    def fails(self, *arguments: str) -> bool:
        return self._done(*arguments).returncode != 0

    def _done(
        self, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 (git itself)
            ["git", *ISOLATED, *arguments],  # noqa: S607
            cwd=self._root,
            env={**self._environment, **(more or {})},
            input=given,
            capture_output=True,
            check=False,
        )
