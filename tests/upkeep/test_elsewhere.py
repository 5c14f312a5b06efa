"""Repositories as other systems have them: line ends that git makes, file systems without execute bits."""

from __future__ import annotations

from pathlib import Path

import pytest
from adopted import PIP
from worlds import World, git, template

from mlscaffold.cli import main
from mlscaffold.errors import OK
from mlscaffold.upkeep.template import File


@pytest.fixture
def windows(tmp_path: Path) -> Path:
    """A clone whose files have line ends of Windows, as git writes them there."""
    origin, root = tmp_path / "origin", tmp_path / "churn"
    for path, text in {**PIP, ".gitignore": "*.tmp\n", "nb/a.ipynb": "{}\n"}.items():
        (origin / path).parent.mkdir(parents=True, exist_ok=True)
        (origin / path).write_text(text, "utf-8")
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "ours")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(origin), "churn")
    assert (root / ".gitignore").read_bytes() == b"*.tmp\r\n"
    return root


@pytest.mark.parametrize("command", [["fix"], ["adopt", "--data", "license=", "--add", "VCS105"]])
def test_a_branch_has_the_line_ends_of_the_repository(windows: Path, command: list[str]) -> None:
    assert main([*command, str(windows), "--branch", "standard"]) == OK
    assert git(windows, "status", "--porcelain") == ""
    changed = git(windows, "diff", "--name-only", "main", "standard").split()
    assert ".gitignore" in changed
    for path in changed:
        assert "\r" not in git(windows, "show", f"standard:{path}"), path


def test_what_is_written_is_one_change_for_git(windows: Path) -> None:
    assert main(["fix", str(windows)]) == OK
    gone = [line for line in git(windows, "diff").splitlines() if line.startswith("-") and line[:3] != "---"]
    assert gone == []
    assert b"\n" not in (windows / ".gitignore").read_bytes().replace(b"\r\n", b"")


def test_a_file_system_without_execute_bits(tmp_path: Path) -> None:
    script = File(b"#!/bin/sh\nexit 0\n", "100755")
    here = World(tmp_path / "churn", template("1.0", {"run.sh": script, "a.txt": "a\n"}))
    git(here.root, "config", "core.fileMode", "false")
    (here.root / "run.sh").chmod(0o644)
    assert git(here.root, "status", "--porcelain") == ""
    newer = File(b"#!/bin/sh\nexit 1\n", "100755")
    assert here.update(template("2.0", {"run.sh": newer, "a.txt": "a\n"})) == {"run.sh": "update"}
    assert git(here.root, "ls-files", "--stage", "run.sh").startswith("100755")
