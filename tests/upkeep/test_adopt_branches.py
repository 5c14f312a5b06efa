"""`adopt --branch`: what a small pull request holds, and that each stands alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from adopted import PIP, TRAIN
from worlds import git

from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.cli import main
from mlscaffold.errors import OK
from mlscaffold.upkeep.lock import LOCK, read_lock


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid(tmp_path / "churn", {**PIP, "README.md": "# Churn\n\nPredicts which customers leave.\n"})


def laid(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")


def names(root: Path, branch: str) -> list[str]:
    return git(root, "diff", "--name-only", "main", branch).split()


def test_a_later_answer_alone_is_committed_to_the_branch(root: Path) -> None:
    main(["adopt", str(root), "--yes", "--data", "license="])
    commit(root)
    given = ["--data", "license=MIT", "--data", "author=Anna Lee"]
    assert main(["adopt", str(root), *given, "--branch", "answers"]) == OK
    assert git(root, "status", "--porcelain") == ""
    assert names(root, "answers") == [LOCK]
    assert read_lock(git(root, "show", f"answers:{LOCK}")).base.answers["license"] == "MIT"


def test_an_answer_that_is_recorded_makes_no_commit(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["adopt", str(root), "--yes", "--data", "license=MIT"])
    commit(root)
    capsys.readouterr()
    assert main(["adopt", str(root), "--data", "license=MIT", "--branch", "answers"]) == OK
    assert "Nothing to commit to answers" in capsys.readouterr().out
    assert git(root, "branch", "--list", "answers") == ""


def test_the_beginning_goes_to_the_branch(root: Path) -> None:
    assert main(["adopt", str(root), "--yes", "--data", "license=", "--branch", "begin"]) == OK
    assert set(names(root, "begin")) == {LOCK, BASELINE, "mlscaffold.toml"}
    git(root, "checkout", "-q", "begin")
    assert main(["audit", str(root)]) == OK


def test_a_branch_holds_the_baseline_of_what_only_shows_there(tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", {"README.md": PIP["README.md"], "train.py": TRAIN})
    main(["adopt", str(root), "--yes", "--data", "license="])
    commit(root)
    assert main(["adopt", str(root), "--add", "ENV101", "--branch", "listed"]) == OK
    assert names(root, "listed") == [BASELINE, LOCK, "requirements.txt"]
    assert "ENV102 " in git(root, "show", f"listed:{BASELINE}")
    git(root, "checkout", "-q", "listed")
    assert main(["audit", str(root)]) == OK


def test_each_of_many_branches_stands_alone(root: Path) -> None:
    main(["adopt", str(root), "--yes", "--data", "license=", "--profile", "team"])
    commit(root)
    assert main(["adopt", str(root), "--add", "TEAM104,TEAM105,DOC105,TEAM109", "--branch", "s"]) == OK
    assert "[tool.black]" in git(root, "show", "s-team104:pyproject.toml")
    assert "[tool.black]" not in git(root, "show", "s-team105:pyproject.toml")
    template = git(root, "show", "s-team109:.github/PULL_REQUEST_TEMPLATE.md")
    assert "CHANGELOG.md" not in template, "it is on another branch"
    for branch in ("s-team104", "s-team105", "s-doc105", "s-team109"):
        git(root, "checkout", "-q", branch)
        assert main(["audit", str(root)]) == OK
        assert main(["drift", str(root)]) == OK


def test_what_a_practice_meets_leaves_the_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", {"train.py": TRAIN, "requirements.txt": PIP["requirements.txt"]})
    main(["adopt", str(root), "--yes", "--data", "license="])
    commit(root)
    assert "DOC101 " in (root / BASELINE).read_text("utf-8")
    assert main(["adopt", str(root), "--add", "DOC101"]) == OK
    assert "DOC101 " not in (root / BASELINE).read_text("utf-8")
    commit(root)
    capsys.readouterr()
    assert main(["audit", str(root)]) == OK
    assert "of its places" not in capsys.readouterr().out
