"""What a run leaves in the work tree and in git."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from killing import changes, git, put, repository, snapshot

from mlscaffold.apply import apply, found, recover
from mlscaffold.edits import File

OLD = {
    "a.txt": File(b"a\r\n"),
    "run.sh": File(b"#!/bin/sh\n", "100755"),
    "docs/b.txt": File(b"b"),
    "link": File(b"a.txt", "120000"),
    ".gitignore": File(b"*.log\n"),
}
NEW: dict[str, File | None] = {
    "a.txt": File(b"new\r\na\n\0\xff"),
    "run.sh": File(b"#!/bin/bash\n", "100755"),
    "docs/b.txt": None,
    "link": File(b"run.sh", "120000"),
    "it's [new]/d \n\udcff.txt": File(b"d"),
    "new/*.log": File(b"ignored by git"),
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "r", OLD)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_uncommitted_work_in_git_and_nothing_else_of_git_is_touched(root: Path) -> None:
    before = {name: row for name, row in snapshot(root, git_too=True).items() if name.startswith(".git/")}
    done = apply(root, changes(root, NEW), "a run")
    after = {name: row for name, row in snapshot(root, git_too=True).items() if name.startswith(".git/")}
    assert before == after
    assert done.written == tuple(path for path, file in NEW.items() if file)
    assert (done.removed, done.made, done.done.left) == (("docs/b.txt",), done.written[3:], ())
    status = git(root, "status", "--porcelain", "-z", "--untracked-files=all").split("\0")
    assert sorted(filter(None, status)) == sorted(
        [" M a.txt", " M run.sh", " D docs/b.txt", " M link", "?? it's [new]/d \n\udcff.txt"]
    )
    assert {path: found(root, path) for path in NEW} == {p: f and f.state for p, f in NEW.items()}
    assert not (root / "docs").exists()
    assert recover(root) is None


@posix
def test_the_undo_commands_undo(root: Path) -> None:
    start = {name: row for name, row in snapshot(root).items() if row[0] != "folder"}
    put(root, "untracked.txt", File(b"mine"))
    put(root, "new/mine.log", File(b"mine, ignored"))
    put(root, "replaced.log", File(b"mine, and git knows nothing of it"))
    done = apply(root, changes(root, NEW | {"replaced.log": File(b"new")}), "a run")
    for command in done.undo:
        assert command.isprintable()
        subprocess.run(["bash", "-c", command], cwd=root, check=True, capture_output=True)
    end = {name: row for name, row in snapshot(root).items() if row[0] != "folder"}
    assert end.pop("replaced.log")[2] == b"new"
    assert done.done.replaced
    assert (done.done.replaced / "replaced.log").read_bytes() == b"mine, and git knows nothing of it"
    assert end.pop("untracked.txt")[2] == b"mine"
    assert end.pop("new/mine.log")[2] == b"mine, ignored"
    assert end == start


def test_what_was_replaced_is_kept_also_where_git_does_not_have_it(root: Path) -> None:
    (root / "a.txt").write_bytes(b"edited, not committed")
    done = apply(root, changes(root, NEW), "a run").done
    assert done.replaced
    assert (done.replaced / "a.txt").read_bytes() == b"edited, not committed"
    assert (done.replaced / "docs/b.txt").read_bytes() == b"b"
    assert (done.replaced / "link").readlink() == Path("a.txt")


def test_ten_runs_are_kept(root: Path) -> None:
    for number in range(12):
        apply(root, changes(root, {"a.txt": File(b"%d" % number)}), "a run")
    kept = sorted((root / ".git/mlscaffold/replaced").iterdir())
    assert len(kept) == 10


@posix
@pytest.mark.parametrize(
    ("before", "after", "becomes"),
    [
        (0o600, "100644", 0o600),
        (0o664, "100644", 0o664),
        (0o444, "100644", 0o444),
        (0o640, "100755", 0o750),
        (0o600, "100755", 0o700),
        (0o750, "100755", 0o750),
        (0o700, "100644", 0o600),
        (0o775, "100644", 0o664),
    ],
)
def test_permissions_are_kept(root: Path, before: int, after: str, becomes: int) -> None:
    (root / "a.txt").chmod(before)
    apply(root, changes(root, {"a.txt": File(b"new", after)}), "a run")
    assert oct(mode(root / "a.txt")) == oct(becomes)


@posix
def test_new_files_follow_the_umask(root: Path) -> None:
    was = os.umask(0o027)
    try:
        apply(root, changes(root, {"n": File(b""), "m/x": File(b"", "100755")}), "a run")
    finally:
        os.umask(was)
    assert (mode(root / "n"), mode(root / "m"), mode(root / "m/x")) == (0o640, 0o750, 0o750)


@posix
def test_owner_and_group_are_kept(root: Path) -> None:
    if os.geteuid():
        pytest.skip("only root gives files away")
    os.chown(root / "a.txt", 1234, 4321)
    (root / "docs").chmod(0o2775)
    os.chown(root / "docs", -1, 4321)
    apply(root, changes(root, {"a.txt": File(b"new"), "docs/new": File(b"n")}), "a run")
    now, new = (root / "a.txt").stat(), (root / "docs/new").stat()
    assert (now.st_uid, now.st_gid, new.st_uid, new.st_gid) == (1234, 4321, 0, 4321)


def test_a_hard_linked_file_is_replaced_and_never_written_through(tmp_path: Path, root: Path) -> None:
    os.link(root / "a.txt", tmp_path / "other-name")
    apply(root, changes(root, {"a.txt": File(b"new")}), "a run")
    assert (tmp_path / "other-name").read_bytes() == b"a\r\n"
    assert (root / "a.txt").read_bytes() == b"new"


def test_a_link_is_replaced_and_never_written_through(root: Path) -> None:
    apply(root, changes(root, {"link": File(b"a file now")}), "a run")
    assert not (root / "link").is_symlink()
    assert (root / "a.txt").read_bytes() == b"a\r\n"


def test_a_folder_that_was_empty_before_stays(root: Path) -> None:
    (root / "outputs/empty").mkdir(parents=True)
    put(root, "outputs/run/x.txt", File(b"x"))
    apply(root, changes(root, {"outputs/run/x.txt": None}), "a run")
    assert [path.name for path in (root / "outputs").iterdir()] == ["empty"]


def test_a_linked_work_tree_has_its_own_journal(tmp_path: Path, root: Path) -> None:
    git(root, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = tmp_path / "linked"
    done = apply(linked, changes(linked, NEW), "a run").done
    assert done.replaced
    assert done.replaced.is_relative_to(root / ".git/worktrees/linked/mlscaffold")
    assert not (root / ".git/mlscaffold").exists()
    assert git(root, "status", "--porcelain") == ""


def test_a_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"packages/one/a.txt": File(b"a")})
    project = root / "packages/one"
    apply(project, changes(project, {"a.txt": File(b"new"), "b.txt": File(b"b")}), "a run")
    assert git(root, "status", "--porcelain").splitlines() == [
        " M packages/one/a.txt",
        "?? packages/one/b.txt",
    ]
    assert (root / ".git/mlscaffold").is_dir()


def test_a_folder_without_git_is_left_clean(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", File(b"a"))
    done = apply(tmp_path, changes(tmp_path, {"a.txt": File(b"b"), "c/d": File(b"d")}), "a run")
    assert (done.written, done.undo) == (("a.txt", "c/d"), ())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "c"]


def test_another_file_system(root: Path, tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is only one file system")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        private = shutil.move(root / ".git", Path(folder) / "private")
        put(root, ".git", File(os.fsencode(f"gitdir: {private}\n")))
        (root / "run.sh").chmod(0o700)
        done = apply(root, changes(root, NEW), "a run")
        assert {path: found(root, path) for path in NEW} == {p: f and f.state for p, f in NEW.items()}
        assert mode(root / "run.sh") == 0o700
        assert done.done.replaced
        assert (done.done.replaced / "docs/b.txt").read_bytes() == b"b"
        assert not list(root.rglob(".mlscaffold*"))


@posix
def test_where_git_says_that_modes_mean_nothing(root: Path) -> None:
    asked = changes(root, {"a.txt": File(b"new"), "run.sh": None})
    git(root, "config", "core.fileMode", "false")
    (root / "a.txt").chmod(0o755)
    (root / "run.sh").chmod(0o644)
    done = apply(root, asked, "a run")
    assert (done.written, done.removed) == (("a.txt",), ("run.sh",))
