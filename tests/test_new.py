"""`mlscaffold new`: what it makes, what it refuses, and that a refusal leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mlscaffold.cli import main
from mlscaffold.errors import OK, REFUSED


def git(folder: Path, *arguments: str) -> str:
    run = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_a_new_project_is_a_clean_repository_with_one_commit(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("profile: research\nlicense: Apache-2.0\n", "utf-8")
    made = tmp_path / "deep" / "wine-quality"
    options = ["--yes", "--answers", str(answers), "--data", "description=Grades wine: well"]
    assert main(["new", str(made), *options]) == OK
    assert git(made, "log", "--format=%s") == "start from mlscaffold"
    assert git(made, "status", "--porcelain", "--ignored") == ""
    assert git(made, "branch", "--show-current") == "main"
    recorded = yaml.safe_load((made / ".mlscaffold.lock").read_text("utf-8"))["answers"]
    assert recorded["profile"] == "research"
    assert recorded["description"] == "Grades wine: well"
    assert str(tmp_path) not in (made / ".mlscaffold.lock").read_text("utf-8")
    assert "Apache License" in (made / "LICENSE").read_text("utf-8")
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["wine-quality"]


def test_without_git_it_makes_plain_files_even_in_an_empty_folder_that_is_there(tmp_path: Path) -> None:
    made = tmp_path / "plain"
    made.mkdir()
    place = made.stat().st_ino
    assert main(["new", str(made), "--yes", "--no-git"]) == OK
    assert not (made / ".git").exists()
    assert made.stat().st_ino == place, "a shell that stands in the folder would lose it"
    assert (made / "README.md").is_file()


def test_an_unknown_author_does_not_stop_the_first_commit(tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "EMAIL"))}
    clean |= {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    clean |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true"}
    command = [sys.executable, "-m", "mlscaffold", "new", str(tmp_path / "made"), "--yes"]
    run = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    assert run.returncode == OK, run.stderr
    assert "git does not know your name yet" in run.stdout
    assert git(tmp_path / "made", "log", "--format=%an") == "mlscaffold"


def test_inside_a_git_hook_the_callers_repository_stays_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(outer / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(outer / ".git" / "index"))
    assert main(["new", str(tmp_path / "made"), "--yes"]) == OK
    monkeypatch.undo()
    assert not (outer / ".git" / "index").exists()
    assert git(tmp_path / "made", "rev-list", "--count", "HEAD") == "1"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["full", "--yes"], "is not empty. Choose a new folder; nothing was changed."),
        (["file", "--yes"], "is there and is no folder"),
        (["made"], "there is no terminal to ask on"),
        (["made", "--data", "profil=team"], "no question named 'profil'. Did you mean profile?"),
        (["made", "--data", "profile"], "write it as KEY=VALUE"),
        (["made", "--data", "standard={}"], "standard is not a question"),
        (["made", "--data", "profile=huge"], "profile"),
        (["made", "--data", "accelerator=gpu", "--data", "framework=scikit-learn"], "scikit-learn"),
        (["made", "--data", "package_name=class"], "class"),
        (["/proc/none/made", "--yes"], "cannot be written"),
        (["made", "--answers", "none.yml"], "No such file or directory. Give a YAML file of answers."),
        (["made", "--answers", "list.yml"], "holds no answers"),
        (["made", "--answers", "broken.yml"], "broken.yml is not valid YAML"),
    ],
)
def test_a_refusal_says_why_and_leaves_nothing_behind(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    for name, text in {"full/a": "", "file": "", "list.yml": "- 1", "broken.yml": "a: ["}.items():
        (tmp_path / name).write_text(text, "utf-8")
    before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
    assert main(["new", *arguments]) == REFUSED
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before
