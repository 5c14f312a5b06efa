"""Any changes and any interference: all of it or nothing, and what somebody else wrote is never lost."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from killing import changes, killed, put, snapshot

from mlscaffold.apply import apply, recover
from mlscaffold.edits import Change, File
from mlscaffold.errors import Stop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed and forked")

PATHS = ("a", "b", "a/x", "a/y/z", "b/w", "c/\udcff \n", "c/d/e/f", "Ü.txt")
Files = dict[str, File]

contents = st.sampled_from([b"", b"one\n", b"two\r\n", b"\0\xff", b"docs/x"])
modes = st.sampled_from(["100644", "100755", "120000"])


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """Files of which none lies below another."""
    files: Files = {}
    for path in draw(st.permutations(PATHS))[: draw(st.integers(0, len(PATHS)))]:
        if not any(f"{path}/".startswith(f"{p}/") or f"{p}/".startswith(f"{path}/") for p in files):
            mode, content = draw(modes), draw(contents)
            files[path] = (
                File(content.replace(b"\0", b"") or b"nowhere", mode)
                if mode == "120000"
                else File(content, mode)
            )
    return files


@contextmanager
def repository(files: Files) -> Iterator[Path]:
    """Enough of a git repository for a journal, with these files."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for part in ("objects", "refs", "mlscaffold"):
            (Path(folder) / ".git" / part).mkdir(parents=True)
        put(Path(folder), ".git/HEAD", File(b"ref: refs/heads/main\n"))
        for path, file in files.items():
            put(Path(folder), path, file)
        yield Path(folder)


def between(root: Path, old: Files, new: Files) -> list[Change]:
    return changes(root, {path: new.get(path) for path in [*old, *new]})


def lying(root: Path) -> Files:
    """The files as git sees them."""
    rows = snapshot(root).items()
    kinds = {"link": "120000", "file": "100644"}
    return {
        path: File(content, "100755" if kind == "file" and mode & 0o100 else kinds[kind])
        for path, (kind, mode, content) in rows
        if kind in kinds
    }


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


def write_over(root: Path, path: str, content: bytes) -> str:
    """Somebody writes there in any case; the path that then holds the content."""
    parts = path.split("/")
    for end in range(1, len(parts)):
        above = "/".join(parts[:end])
        if os.path.lexists(root / above) and not (
            (root / above).is_dir() and not (root / above).is_symlink()
        ):
            path = above
            break
    place = root / path
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.is_dir():
        path = f"{path}/somebody"
    put(root, path, File(content))
    return path


@settings(deadline=None)
@given(trees(), trees())
def test_old_becomes_new(old: Files, new: Files) -> None:
    with repository(old) as root:
        done = apply(root, between(root, old, new), "a run")
        assert lying(root) == new
        assert set(done.written) == {path for path, file in new.items() if old.get(path) != file}
        assert set(done.removed) == set(old) - set(new)
        folders = {path for path, row in snapshot(root).items() if row[0] == "folder"}
        assert folders == {str(above) for path in new for above in Path(path).parents} - {"."}


@settings(deadline=None)
@given(trees(), trees(), st.lists(st.sampled_from(PATHS), min_size=1, max_size=3))
def test_an_interference_before_the_run_stops_it(old: Files, new: Files, paths: list[str]) -> None:
    with repository(old) as root:
        asked = between(root, old, new)
        touched = {write_over(root, path, b"mine") for path in paths}
        before = snapshot(root)
        with suppress(Stop):
            apply(root, asked, "a run")
        if snapshot(root) != before:
            now = lying(root)
            assert {path: now.get(path) for path in touched} == dict.fromkeys(touched, File(b"mine"))
            assert {path: file for path, file in now.items() if path not in touched} == {
                path: file for path, file in new.items() if path not in touched
            }


@settings(deadline=None)
@given(trees(), trees(), st.integers(1, 120), st.integers(1, 40))
def test_a_killed_run_whose_recovery_is_killed(old: Files, new: Files, step: int, later: int) -> None:
    with repository(old) as root:
        asked = between(root, old, new)
        if killed(step, lambda: apply(root, asked, "a run")):
            killed(later, lambda: recover(root))
            recover(root)
        assert lying(root) in (old, new)
        assert not (root / ".git/mlscaffold/journal").exists()


@settings(deadline=None)
@given(trees(), trees(), st.integers(1, 120), st.lists(st.sampled_from(PATHS), min_size=1, max_size=3))
def test_what_somebody_writes_after_the_crash_stays(
    old: Files, new: Files, step: int, paths: list[str]
) -> None:
    with repository(old) as root:
        asked = between(root, old, new)
        killed(step, lambda: apply(root, asked, "a run"))
        mine: Mapping[str, bytes] = {
            write_over(root, path, b"mine %d" % number): b"mine %d" % number
            for number, path in enumerate(paths)
        }
        mine = {path: content for path, content in mine.items() if (root / path).is_file()}
        recovered = recover(root)
        for path, content in mine.items():
            assert (root / path).read_bytes() == content
        left = set(recovered.done.left) if recovered else set()
        if recovered:
            now = lying(root)
            settled = {
                c.path: c.after
                for c in asked
                if c.path not in left and c.before != (c.after and c.after.state)
            }
            assert {path: now.get(path) for path in settled} == settled
        shutil.rmtree(root / ".git/mlscaffold", ignore_errors=True)
