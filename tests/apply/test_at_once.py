"""One run at a time in a repository, and people who write while one is at work."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from killing import changes, put, repository

from mlscaffold.apply import apply, recover
from mlscaffold.edits import Change, File
from mlscaffold.errors import Stop

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")


def halted(root: Path, asked: list[Change]) -> int:
    """A process that stands still in the middle of its run, with the first file written."""
    ready, tell = os.pipe()
    process = os.fork()
    if not process:

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if event == "os.rename" and str(arguments[1]).endswith("b.txt"):
                os.write(tell, b"!")
                signal.pause()

        sys.addaudithook(watch)
        try:
            apply(root, asked, "the first run")
        finally:
            os._exit(1)
    assert os.read(ready, 1) == b"!"
    return process


def end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def test_a_second_run_is_refused_and_later_finishes_what_a_killed_one_began(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a.txt": File(b"a"), "b.txt": File(b"b")})
    asked = changes(root, {"a.txt": File(b"new a"), "b.txt": File(b"new b")})
    second = [Change("c.txt", None, File(b"c"))]
    process = halted(root, asked)
    try:
        for again in (lambda: apply(root, second, "the second run"), lambda: recover(root)):
            with pytest.raises(Stop, match="another mlscaffold run is at work in"):
                again()
        assert not (root / "c.txt").exists()
    finally:
        end(process)
    done = apply(root, second, "the second run")
    assert done.recovered
    assert (done.recovered.title, done.recovered.done.written) == ("the first run", ("a.txt", "b.txt"))
    assert [(root / f"{name}.txt").read_bytes() for name in "abc"] == [b"new a", b"new b", b"c"]


def test_repositories_do_not_wait_for_each_other(tmp_path: Path) -> None:
    one, other = (repository(tmp_path / name, {"b.txt": File(b"b")}) for name in ("one", "other"))
    process = halted(one, changes(one, {"b.txt": File(b"new")}))
    try:
        assert apply(other, changes(other, {"b.txt": File(b"new")}), "a run").written == ("b.txt",)
    finally:
        end(process)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen once, when the run counts and nothing of it is written."""
    rename = Path.rename

    def renamed(path: Path, target: Path) -> Path:
        moved = rename(path, target)
        happens()
        return moved

    monkeypatch.setattr(Path, "rename", renamed)


def test_a_path_that_somebody_writes_during_the_run_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "r", {"a.txt": File(b"a"), "b.txt": File(b"b"), "c.txt": File(b"c")})
    asked = changes(
        root, {"a.txt": File(b"new a"), "b.txt": None, "c.txt": File(b"new c"), "d": File(b"new d")}
    )

    def happens() -> None:
        (root / "a.txt").write_bytes(b"mine")
        (root / "b.txt").write_bytes(b"mine")
        put(root, "d", File(b"mine"))

    meanwhile(monkeypatch, happens)
    done = apply(root, asked, "a run").done
    assert (done.written, done.removed, done.left) == (("c.txt",), (), ("a.txt", "b.txt", "d"))
    assert [(root / name).read_bytes() for name in ("a.txt", "b.txt", "c.txt", "d")] == [
        b"mine",
        b"mine",
        b"new c",
        b"mine",
    ]
    assert done.rescued
    assert (done.rescued / "a.txt").read_bytes() == b"new a"
    assert (done.rescued / "d").read_bytes() == b"new d"


def test_a_file_that_appears_at_the_last_moment_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "r", {})
    link = os.link

    def linked(source: Path, target: Path, **options: bool) -> None:
        put(root, "d", File(b"mine"))
        link(source, target, **options)

    monkeypatch.setattr(os, "link", linked)
    done = apply(root, [Change("d", None, File(b"ours"))], "a run").done
    assert (done.written, done.left) == ((), ("d",))
    assert (root / "d").read_bytes() == b"mine"
    assert done.rescued
    assert (done.rescued / "d").read_bytes() == b"ours"


def test_an_error_in_the_middle_is_told_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "r", {"a.txt": File(b"a"), "b.txt": File(b"b")})
    asked = changes(root, {"a.txt": File(b"new a"), "b.txt": File(b"new b")})
    replace = Path.replace

    def fails(path: Path, target: Path) -> Path:
        if target.name == "b.txt":
            raise OSError(5, "Input/output error", str(target))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fails)
        with pytest.raises(Stop, match="the run was cut off"):
            apply(root, asked, "the run")
    assert (root / "b.txt").read_bytes() == b"b"
    recovered = recover(root)
    assert recovered
    assert recovered.done.written == ("a.txt", "b.txt")
    assert (root / "b.txt").read_bytes() == b"new b"


def test_an_interruption_waits_until_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "r", {"a.txt": File(b"a"), "b.txt": File(b"b")})
    asked = changes(root, {"a.txt": File(b"new a"), "b.txt": File(b"new b")})
    interrupted = iter([KeyboardInterrupt])
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        for interruption in interrupted:
            raise interruption
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replaced)
    with pytest.raises(KeyboardInterrupt):
        apply(root, asked, "the run")
    assert [(root / f"{name}.txt").read_bytes() for name in "ab"] == [b"new a", b"new b"]
    assert not (root / ".git/mlscaffold/journal").exists()


def test_a_journal_that_nobody_can_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {})
    for content in (
        b"{",
        b"[]",
        b'{"format": 2}',
        b'{"format": 1, "title": "", "root": "..", "stamp": "x", "rows": []}',
    ):
        put(root, ".git/mlscaffold/journal/manifest.json", File(content))
        with pytest.raises(Stop, match="cannot be read, or a newer mlscaffold wrote it"):
            recover(root)


def test_a_journal_that_names_what_no_run_may_write(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {})
    put(root, ".git/mlscaffold/journal/0", File(b"#!/bin/sh\nevil\n", "100755"))
    for path in (".git/hooks/pre-commit", "../outside", "/tmp/x"):
        state = list(File(b"#!/bin/sh\nevil\n", "100755").state)
        manifest = (
            f'{{"format": 1, "title": "t", "root": "", "stamp": "s", "rows": [["{path}", null, {state}]]}}'
        )
        put(root, ".git/mlscaffold/journal/manifest.json", File(manifest.replace("'", '"').encode()))
        with pytest.raises(Stop):
            recover(root)
    assert not (root / ".git/hooks").exists()
    assert not (tmp_path / "outside").exists()
