"""kill -9 at every step of a run: it leaves the old state, or one that the next run makes the new one."""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from killing import Snapshot, changes, copy, killed, put, repository, snapshot

from mlscaffold.apply import apply, recover
from mlscaffold.edits import Change, File

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed and forked")

STRANGE = "a\n b/\udcff.txt"
OLD = {
    "replaced.txt": File(b"old\r\n"),
    "private.txt": File(b"secret"),
    "run.sh": File(b"#!/bin/sh\n"),
    "gone/deep/er/only.txt": File(b"x"),
    "gone/stays.txt": File(b"y"),
    "file-to-folder": File(b"f"),
    "folder-to-file/in/it.txt": File(b"g"),
    "link": File(b"replaced.txt", "120000"),
    "untouched.txt": File(b"u"),
}
NEW: dict[str, File | None] = {
    "replaced.txt": File(b"new\n"),
    "private.txt": File(b"other secret"),
    "run.sh": File(b"#!/bin/sh\n", "100755"),
    "gone/deep/er/only.txt": None,
    "file-to-folder": None,
    "file-to-folder/in/it.txt": File(b"h"),
    "folder-to-file/in/it.txt": None,
    "folder-to-file": File(b"i"),
    "link": File(b"a file now"),
    "made/deep/new.txt": File(b"n"),
    "made/link": File(b"../replaced.txt", "120000"),
    STRANGE: File(b"\0\xff"),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote: only a loss of power does."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


strides = pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])


class Scene:
    """A repository before and after a run, and the changes between."""

    def __init__(self, folder: Path, *, in_git: bool) -> None:
        self.start = repository(folder / "start", OLD)
        if not in_git:
            shutil.rmtree(self.start / ".git")
        (self.start / "private.txt").chmod(0o600)
        self.changes: list[Change] = changes(self.start, NEW)
        self.at = folder / "at"
        self.old = snapshot(self.start)
        apply(copy(self.start, self.at), self.changes, "the run")
        self.new: Snapshot = snapshot(self.at)

    def killed_runs(self, stride: int) -> Iterator[Path]:
        """The repository after a run that was killed at the first step, at a later one, and so on."""
        for step in itertools.count(1, stride):
            root = copy(self.start, self.at)
            if not killed(step, lambda: apply(self.at, self.changes, "the run")):
                assert step > 60, "the steps were not seen"
                return
            yield root


@pytest.fixture(scope="module", params=[True, False], ids=["git", "no-git"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Scene(Path(folder), in_git=request.param)


def leftovers(root: Path) -> list[str]:
    kept = [*root.glob(".git/mlscaffold/*"), *root.glob(".mlscaffold-journal*")]
    return [path.name for path in kept if path.name not in {"lock", "replaced"}]


def test_the_run_itself(scene: Scene) -> None:
    assert scene.old != scene.new
    assert scene.new["private.txt"] == ("file", 0o600, b"other secret")
    assert scene.new[STRANGE][2] == b"\0\xff"
    assert "gone/deep" not in scene.new
    assert "gone" in scene.new


@strides
def test_a_killed_run_is_old_or_becomes_new(scene: Scene, stride: int) -> None:
    outcomes = []
    for root in scene.killed_runs(stride):
        counted = (root / ".git/mlscaffold/journal/manifest.json").exists() or (
            root / ".mlscaffold-journal/journal/manifest.json"
        ).exists()
        before = snapshot(root)
        recovered = recover(root)
        after = snapshot(root)
        if counted:
            assert recovered is not None
            assert (recovered.title, recovered.done.left, after) == ("the run", (), scene.new)
        else:
            assert recovered is None
            assert before == after
            assert after in (scene.old, scene.new)
        assert leftovers(root) == []
        outcomes.append(after == scene.new)
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {True, False}


@strides
def test_the_next_run_sweeps_what_a_killed_one_left(scene: Scene, stride: int) -> None:
    for root in scene.killed_runs(stride):
        recover(root)
        if snapshot(root) == scene.old:
            apply(root, scene.changes, "again")
        assert snapshot(root) == scene.new
        assert leftovers(root) == []


@strides
def test_recovery_may_be_killed_as_well(scene: Scene, stride: int) -> None:
    cut = next(root for root in scene.killed_runs(5) if [*root.rglob("manifest.json")])
    cut = copy(cut, scene.at.with_name("cut"))
    for step in itertools.count(1, stride):
        root = copy(cut, scene.at)
        if not killed(step, lambda: recover(scene.at)):
            assert step > 20
            break
        recover(root)
        assert snapshot(root) == scene.new


@strides
@pytest.mark.parametrize("path", ["replaced.txt", "made/deep/new.txt", "gone/deep/er/only.txt", "made"])
def test_what_the_user_wrote_since_stays(scene: Scene, path: str, stride: int) -> None:
    mine = File(b"mine, written after the crash")
    for root in scene.killed_runs(2 * stride):
        shutil.rmtree(root / path, ignore_errors=True)
        put(root, path, mine)
        recovered = recover(root)
        after = snapshot(root)
        assert after[path][2] == mine.content
        top = path.split("/", maxsplit=1)[0]
        others = {name for name in scene.old | scene.new if name.split("/")[0] != top}
        state = {name: row for name, row in after.items() if name in others}
        assert state in [{n: row for n, row in s.items() if n in others} for s in (scene.old, scene.new)]
        if recovered and path in NEW:
            assert path in recovered.done.left
        if recovered and recovered.done.rescued and path in NEW:
            assert (recovered.done.rescued / path).read_bytes() == NEW[path].content  # type: ignore[union-attr]


SYSTEM_CALLS = (
    *("write", "fsync", "fchmod", "link", "linkat", "rename", "renameat"),
    *("unlink", "unlinkat", "mkdir", "rmdir", "symlink", "symlinkat"),
)
RUN = """
import pickle, sys
from pathlib import Path
from mlscaffold.apply import apply
apply(Path(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes()), "the run")
"""


@pytest.mark.slow
@pytest.mark.parametrize("call", SYSTEM_CALLS)
def test_killed_by_the_system_at_every_call(scene: Scene, call: str) -> None:
    strace = shutil.which("strace")
    if not strace or subprocess.run([strace, "-o", os.devnull, "true"], check=False).returncode:
        pytest.skip("strace is missing or may not trace")
    wanted = scene.at.with_name("changes")
    wanted.write_bytes(pickle.dumps(scene.changes))
    for number in itertools.count(1):
        root = copy(scene.start, scene.at)
        kill = [
            "-f",
            "-o",
            os.devnull,
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:signal=KILL:when={number}",
        ]
        python = [sys.executable, "-B", "-c", RUN, str(root), str(wanted)]
        if subprocess.run([strace, *kill, *python], check=False).returncode == 0:
            break
        recovered = recover(root)
        assert snapshot(root) == scene.new or (recovered is None and snapshot(root) == scene.old)
        assert leftovers(root) == []
