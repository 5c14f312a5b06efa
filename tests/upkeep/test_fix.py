"""`fix` in a repository that adopted nothing: what it writes, shows and leaves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from adopted import PIP
from worlds import git

from mlscaffold.cli import main
from mlscaffold.errors import OK, REFUSED
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.overlay import OverlayTree
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.upkeep.offers import offer


@pytest.fixture
def churn(tmp_path: Path) -> Path:
    root = tmp_path / "churn"
    for path, text in PIP.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "ours")
    return root


def test_a_later_fix_takes_no_earlier_one_for_a_fact(churn: Path) -> None:
    tree = open_tree(churn)
    offered = offer(Standing(churn), tree)
    after_a_fix = OverlayTree(tree, {"README.md": b"# Something else\n"})
    assert b'title: "Churn"' in offered(after_a_fix, "CITATION.cff").files["CITATION.cff"].content


def test_an_empty_patch_says_what_is_left(churn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(churn), "--select", "REP101", "--diff"]) == OK
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing to fix by itself" in told.err


def test_the_patch_is_what_would_be_written(churn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", str(churn), "--diff"]) == OK
    patch = capsys.readouterr().out
    assert git(churn, "status", "--porcelain") == ""
    subprocess.run(["git", "apply", "-"], cwd=churn, input=patch, text=True, check=True)
    git(churn, "add", "-A")
    by_patch = git(churn, "write-tree")
    git(churn, "reset", "-q", "--hard")
    assert main(["fix", str(churn)]) == OK
    git(churn, "add", "-A")
    assert git(churn, "write-tree") == by_patch
    assert git(churn, "status", "--porcelain") != ""


def test_changes_that_are_not_committed_stop_it(churn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (churn / "train.py").write_text("pass\n", "utf-8")
    assert main(["fix", str(churn)]) == REFUSED
    assert "train.py" in capsys.readouterr().err
    assert git(churn, "status", "--porcelain") == " M train.py\n"
    assert main(["fix", str(churn), "--dirty"]) == OK
    assert (churn / "train.py").read_text("utf-8") == "pass\n"
    assert (churn / "CITATION.cff").is_file()
