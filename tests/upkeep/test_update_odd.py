"""`mlscaffold update` on repositories, disks and moments that are not as one expects."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from killing import killed, snapshot
from releases import THREE, history
from worlds import World, git

from mlscaffold.cli import main
from mlscaffold.commands import update as command
from mlscaffold.commands import versions
from mlscaffold.errors import FAILED, OK, REFUSED
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.template import Template

SETTINGS = "config/settings.yaml"


def carries(patch: pytest.MonkeyPatch, folder: Path, known: tuple[Template, ...]) -> None:
    """As if the installed version carried these."""
    folder.mkdir(exist_ok=True)
    own = history(folder, *known)
    patch.setattr(versions, "carried", lambda: known[-1])
    patch.setattr(versions, "History", lambda: own)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A project of 0.1.0 with an edit, before an update to 0.3.0."""
    carries(monkeypatch, tmp_path / "installed", THREE)
    return edited(World(tmp_path / "churn", THREE[0]))


def edited(here: World) -> World:
    here.write(SETTINGS, "ours: 1\n" + here.read(SETTINGS))
    here.commit()
    return here


def updated(root: Path) -> bool:
    """Whether everything of 0.3.0 is there, and the edit."""
    text = (root / "config/train.yaml").read_text("utf-8") if (root / "config/train.yaml").exists() else ""
    return text.startswith("ours: 1\n") and (root / "CONTRIBUTING.md").exists()


def linked(here: World) -> Path:
    git(here.root, "worktree", "add", "-q", "../linked")
    return here.root.parent / "linked"


def below(here: World) -> Path:
    return here.root / "config"


def partial(here: World) -> Path:
    git(here.root, "config", "uploadpack.allowFilter", "true")
    git(here.root.parent, "clone", "-q", "--filter=blob:none", f"file://{here.root}", "clone")
    return here.root.parent / "clone"


@pytest.mark.parametrize("where", [linked, below, partial])
def test_elsewhere_than_in_the_root_of_a_plain_clone(project: World, where: Callable[[World], Path]) -> None:
    folder = where(project)
    root = Path(git(folder, "rev-parse", "--show-toplevel").strip())
    assert main(["update", str(folder)]) == OK
    assert updated(root)
    assert not (root / SETTINGS).exists()


def test_a_repository_with_longer_ids(tmp_path: Path, project: World) -> None:
    """Its own ids say nothing of ours."""
    root = tmp_path / "sha256"
    git(tmp_path, "init", "-q", "--object-format=sha256", "-b", "main", str(root))
    shutil.copytree(project.root, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    assert main(["update", str(root), "--branch", "standard"]) == OK
    git(root, "checkout", "-q", "standard")
    assert updated(root)
    assert not (root / SETTINGS).exists()


def test_before_the_first_commit(project: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(shutil.copytree(project.root, tmp_path / "fresh", ignore=shutil.ignore_patterns(".git")))
    git(root, "init", "-q")
    before = snapshot(root)
    assert main(["update", str(root)]) == REFUSED
    assert "has no commit yet" in capsys.readouterr().err
    assert snapshot(root) == before


def test_a_lock_that_is_deleted_is_not_taken_for_no_lock(
    project: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.root / LOCK).unlink()
    assert main(["update", str(project.root)]) == REFUSED
    assert f"git checkout HEAD -- {LOCK}" in capsys.readouterr().err


def test_a_lock_that_is_a_link(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / LOCK).rename(project.root / "real.lock")
    (project.root / LOCK).symlink_to("real.lock")
    assert main(["update", str(project.root)]) == REFUSED
    assert "is a link or a folder" in capsys.readouterr().err


def test_again_before_anything_is_committed(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", str(project.root)]) == OK
    after = snapshot(project.root)
    capsys.readouterr()
    assert main(["update", str(project.root)]) == OK
    assert capsys.readouterr().out == "Nothing to do: this repository follows 0.3.0.\n"
    assert snapshot(project.root) == after


def test_a_step_further_before_the_first_is_committed(project: World) -> None:
    newer = dict(THREE[2].files)
    moved = newer["template/config/train.yaml"]
    newer["template/config/train.yaml"] = moved._replace(content=moved.content + b"more: 1\n")
    assert main(["update", str(project.root)]) == OK
    after = project.read("config/train.yaml")
    plan = project.plan(THREE[2]._replace(version="0.4.0", files=newer))
    assert [(s.path, s.fate, s.why) for s in plan.steps] == [
        ("config/train.yaml", "blocked", "it lies there and is not committed")
    ]
    assert project.read("config/train.yaml") == after


def test_a_repository_that_is_newer_than_the_tool(
    project: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update", str(project.root)]) == OK
    project.commit()
    before = snapshot(project.root)
    carries(monkeypatch, tmp_path / "older", THREE[:2])
    assert main(["update", str(project.root)]) == REFUSED
    assert "follows 0.3.0, and this mlscaffold carries 0.2.0" in capsys.readouterr().err
    assert snapshot(project.root) == before
    assert main(["update", str(project.root), "--to", "0.2.0"]) == OK
    assert (project.root / "tools/legacy.py").exists()


def test_line_ends_that_git_makes(project: World, capsys: pytest.CaptureFixture[str]) -> None:
    git(project.root, "config", "core.autocrlf", "true")
    for path in (SETTINGS, LOCK):
        (project.root / path).unlink()
    git(project.root, "checkout", "-q", ".")
    assert main(["update", str(project.root)]) == OK
    assert (project.root / "config/train.yaml").read_bytes().startswith(b"ours: 1\r\n")
    assert b"\r\n" in (project.root / LOCK).read_bytes()
    project.commit()
    lock = (project.root / LOCK).read_bytes()
    capsys.readouterr()
    assert main(["update", str(project.root)]) == OK
    assert capsys.readouterr().out == "Nothing to do: this repository follows 0.3.0.\n"
    assert (project.root / LOCK).read_bytes() == lock


def test_no_folder_for_temporary_files(
    project: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(project.root / "missing"))
    monkeypatch.setattr("tempfile.tempdir", str(project.root / "missing"))
    assert main(["update", str(project.root)]) == REFUSED
    assert "set TMPDIR" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts are made by unshare")
def test_a_disk_that_takes_nothing(project: World) -> None:
    root, before = project.root, snapshot(project.root, git_too=True)
    mount = f"mount --bind '{root}' '{root}' && mount -o remount,bind,ro '{root}' && exec \"$@\""
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mounts may be made here")
    adopts = [sys.executable, "-m", "mlscaffold", "update", str(root), "--data", "author=A"]
    done = subprocess.run([*alone, *adopts], capture_output=True, text=True, check=False)
    assert done.returncode == REFUSED, done.stderr
    assert "Read-only file system" in done.stderr
    assert snapshot(root, git_too=True) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed and forked")
def test_killed_at_every_step_of_the_command(
    project: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    start = Path(shutil.copytree(project.root, tmp_path / "start", symlinks=True))
    old = snapshot(start)
    assert main(["update", str(project.root)]) == OK
    new = snapshot(project.root)
    outcomes = []
    for step in itertools.count(1, 3):
        shutil.rmtree(project.root)
        shutil.copytree(start, project.root, symlinks=True)
        cut = killed(step, lambda: main(["update", str(project.root)]))
        outcomes.append(snapshot(project.root) in (old, new))
        main(["update", str(project.root)])
        assert snapshot(project.root) == new, step
        if not cut:
            break
    assert len(outcomes) > 20
    assert False in outcomes, "it was never killed between two files"


def test_two_at_once_are_one(project: World, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(project.root, tmp_path / "alone", symlinks=True))
    assert main(["update", str(alone)]) == OK
    processes = []
    for _ in range(4):
        process = os.fork()
        if not process:
            os._exit(main(["update", str(project.root)]))
        processes.append(process)
    codes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in processes]
    assert OK in codes
    assert set(codes) <= {OK, FAILED, REFUSED}
    assert snapshot(project.root) == snapshot(alone)


def test_another_run_ends_between_the_lock_and_the_files(
    project: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def planned(*arguments: Any) -> Any:
        monkeypatch.setattr(command, "planned", now)
        assert main(["update", str(project.root)]) == OK
        return now(*arguments)

    now = command.planned
    monkeypatch.setattr(command, "planned", planned)
    assert main(["update", str(project.root)]) == REFUSED
    assert f"{LOCK} was edited since" in capsys.readouterr().err
    assert updated(project.root)
    assert read_lock(project.read(LOCK)).files["config/train.yaml"].base == "0.3.0"
