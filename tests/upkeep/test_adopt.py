"""`adopt` and `leave` as commands: a repository of somebody else, which stays what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from worlds import git

from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.cli import main
from mlscaffold.commands import adopt as adopt_command
from mlscaffold.commands import drift as drift_command
from mlscaffold.commands import versions
from mlscaffold.edits import File
from mlscaffold.errors import FAILED, OK, REFUSED
from mlscaffold.upkeep import offers
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.template import Template, current

ROOT = Path(__file__).parents[2]

MIT = (ROOT / "template/_parts/licenses/MIT").read_text("utf-8")
MIT = MIT.replace("{{ year }} {{ author }}", "2024 Ada Lovelace")
TRAIN = """import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


def main():
    x = np.load("data/x.npy")
    y = np.load("data/y.npy")
    x_train, x_test, y_train, y_test = train_test_split(x, y)
    print(LogisticRegression().fit(x_train, y_train).score(x_test, y_test))


if __name__ == "__main__":
    main()
"""
FILES = {
    "README.md": "# Ships\n\nTells ships apart.\n\n`pip install -r requirements.txt`, then `train.py`.\n",
    "LICENSE": MIT,
    "requirements.txt": "numpy==2.1.0\nscikit-learn==1.6.0\npytest==8.3.0\n",
    "train.py": TRAIN,
    "tests/test_train.py": "import train\n\n\ndef test_main():\n    assert callable(train.main)\n",
    ".gitignore": "data/\n",
    ".github/CODEOWNERS": "* @ada\n",
}


@pytest.fixture
def ships(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    root = tmp_path / "ships"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    commit(root, "ours")
    capsys.readouterr()
    return root


def commit(root: Path, message: str = "more") -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", message)


def changed(root: Path) -> list[str]:
    return sorted(line[3:] for line in git(root, "status", "--porcelain", "-uall").splitlines())


def test_it_starts_small_and_the_second_time_changes_nothing(
    ships: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(ships)]) == FAILED
    assert main(["adopt", str(ships), "--yes"]) == OK
    told = capsys.readouterr().out
    assert "MIT  certain" in told
    assert changed(ships) == [BASELINE, LOCK, "mlscaffold.toml"]
    lock = read_lock((ships / LOCK).read_text("utf-8"))
    assert (lock.scope, dict(lock.files)) == ("listed", {})
    assert lock.base.answers["author"] == "Ada Lovelace"
    commit(ships)
    assert main(["audit", str(ships)]) == OK, "what was there does not fail"
    before = git(ships, "rev-parse", "HEAD^{tree}")
    assert main(["adopt", str(ships), "--yes"]) == OK
    assert changed(ships) == []
    assert git(ships, "rev-parse", "HEAD^{tree}") == before
    (ships / "train.py").write_text(TRAIN.replace('"data/x.npy"', '"/home/anna/x.npy"'), "utf-8")
    commit(ships)
    assert main(["audit", str(ships)]) == FAILED, "what is new does"


def test_the_table_shows_what_a_person_gave(ships: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["adopt", str(ships), "--yes", "--data", "tracker=mlflow"]) == OK
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    at = rows.index(["tracker", "mlflow", "certain"])
    assert rows[at + 1] == ["given", "now"]
    assert read_lock((ships / LOCK).read_text("utf-8")).base.answers["tracker"] == "mlflow"


def test_a_practice_is_added_with_what_it_needs(ships: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["adopt", str(ships), "--yes"])
    commit(ships)
    capsys.readouterr()
    assert main(["adopt", str(ships), "--add", "TEAM103"]) == OK
    assert "added  TEAM103 .github/workflows/ci.yml" in capsys.readouterr().out
    assert changed(ships) == [".github/workflows/ci.yml", BASELINE, LOCK]
    assert "TEAM103 " not in (ships / BASELINE).read_text("utf-8")
    workflow = yaml.safe_load((ships / ".github/workflows/ci.yml").read_text("utf-8"))
    runs = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert any("requirements.txt" in run for run in runs)
    assert any("pytest" in run for run in runs)
    assert not any("tasks.py" in run for run in runs)
    commit(ships)
    assert main(["adopt", str(ships), "--add", "TEAM103"]) == OK
    assert changed(ships) == []
    assert main(["drift", str(ships)]) == OK


def test_next_adds_one_practice_and_all_adds_the_rest(ships: Path) -> None:
    main(["adopt", str(ships), "--yes", "--profile", "team"])
    commit(ships)
    assert main(["adopt", str(ships), "--add", "next"]) == OK
    first = changed(ships)
    assert first
    commit(ships)
    assert main(["adopt", str(ships), "--add", "all"]) == OK
    assert len(changed(ships)) > len(first)
    for path, before in FILES.items():
        text = (ships / path).read_text("utf-8")
        assert all(line in text for line in before.splitlines()), f"{path} lost a line"
    assert not (ships / "src").exists(), "no seed files in somebody's project"
    commit(ships)
    assert main(["adopt", str(ships), "--add", "all"]) == OK
    assert changed(ships) == [], "again, nothing"


def test_leaving_gives_back_what_was_there(ships: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = git(ships, "rev-parse", "HEAD^{tree}")
    main(["adopt", str(ships), "--yes", "--profile", "team"])
    commit(ships)
    main(["adopt", str(ships), "--add", "all"])
    commit(ships)
    (ships / ".gitignore").write_text((ships / ".gitignore").read_text("utf-8") + "mine/\n", "utf-8")
    commit(ships)
    capsys.readouterr()
    assert main(["leave", str(ships), "--plan"]) == OK
    assert changed(ships) == []
    assert main(["leave", str(ships)]) == OK
    assert (ships / ".gitignore").read_text("utf-8") == "data/\nmine/\n"
    (ships / ".gitignore").write_text("data/\n", "utf-8")
    commit(ships)
    assert git(ships, "rev-parse", "HEAD^{tree}") == before


def test_what_you_changed_stays_when_you_leave(ships: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["adopt", str(ships), "--yes", "--add", "TEAM103"])
    commit(ships)
    ci = ships / ".github/workflows/ci.yml"
    ci.write_text(ci.read_text("utf-8") + "# ours by now\n", "utf-8")
    commit(ships)
    capsys.readouterr()
    assert main(["leave", str(ships)]) == OK
    assert "stays  .github/workflows/ci.yml: you changed it" in capsys.readouterr().out
    assert ci.exists()


def test_each_practice_on_a_branch_of_its_own(ships: Path) -> None:
    main(["adopt", str(ships), "--yes", "--profile", "team"])
    commit(ships)
    assert main(["adopt", str(ships), "--add", "TEAM103,ENV118", "--branch", "standard"]) == OK
    assert changed(ships) == []
    for code, path in (("team103", ".github/workflows/ci.yml"), ("env118", ".github/dependabot.yml")):
        names = git(ships, "diff", "--name-only", "main", f"standard-{code}").split()
        assert names == sorted([path, LOCK])
        assert git(ships, "log", "-1", "--format=%s", f"standard-{code}").strip() == f"add {code.upper()}"


def test_an_added_file_is_updated_by_three_ways(ships: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main(["adopt", str(ships), "--yes", "--add", "TEAM103"])
    commit(ships)
    ci = ships / ".github/workflows/ci.yml"
    ci.write_text(ci.read_text("utf-8").replace("name: ", "name: our ", 1), "utf-8")
    commit(ships)
    path = "template/_parts/adopt/.github/workflows/ci.yml.jinja"
    text = current().files[path].content.decode().replace("timeout-minutes: 30", "timeout-minutes: 31")
    newer = Template("9.0.0", {**current().files, path: File(text.encode())})
    for module in (versions, drift_command, adopt_command, offers):
        monkeypatch.setattr(module, "carried", lambda: newer, raising=False)
    assert main(["update", str(ships)]) == OK
    assert changed(ships) == [".github/workflows/ci.yml", LOCK]
    assert "timeout-minutes: 31" in ci.read_text("utf-8")
    assert "name: our " in ci.read_text("utf-8")
    commit(ships)
    assert main(["update", str(ships)]) == OK
    assert changed(ships) == []


def test_a_licence_that_the_template_does_not_offer_is_never_replaced(ships: Path) -> None:
    (ships / "LICENSE").write_text("GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\n", "utf-8")
    commit(ships)
    main(["adopt", str(ships), "--yes"])
    assert read_lock((ships / LOCK).read_text("utf-8")).base.answers["license"] is None
    commit(ships)
    assert main(["update", str(ships)]) == OK
    assert changed(ships) == []


def test_a_repository_of_copier_keeps_its_answers_and_its_history(tmp_path: Path) -> None:
    from mlscaffold.upkeep.render import render

    root = tmp_path / "churn"
    render(root, {"author": "Ada", "year": "2025"}, {}, ask=False)
    git(root, "init", "-q", "-b", "main")
    commit(root, "by copier")
    assert main(["adopt", str(root), "--yes"]) == OK
    lock = read_lock((root / LOCK).read_text("utf-8"))
    assert (lock.scope, lock.base.answers["author"]) == ("all", "Ada")
    assert lock.files["tasks.py"].kind == "merged"
    commit(root)
    assert main(["update", str(root)]) == OK
    assert changed(root) == []


def test_no_repository_and_unknown_practices(
    tmp_path: Path, ships: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "plain"
    empty.mkdir()
    assert main(["adopt", str(empty), "--yes"]) == REFUSED
    assert "git init" in capsys.readouterr().err
    assert main(["adopt", str(ships), "--yes", "--add", "NOPE1"]) == REFUSED
    assert "there is no rule NOPE1" in capsys.readouterr().err
    assert changed(ships) == [], "nothing was half done"


def test_a_line_that_comes_later_into_an_added_file_outlives_updates_and_goes_with_leave(
    ships: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = git(ships, "rev-parse", "HEAD^{tree}")
    main(["adopt", str(ships), "--yes", "--add", "TEAM106"])
    commit(ships)
    (ships / "look.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],'
        ' "source": ["print(1)"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}\n',
        "utf-8",
    )
    commit(ships)
    assert main(["adopt", str(ships), "--add", "VCS109"]) == OK
    hooks = ships / ".pre-commit-config.yaml"
    assert "nbstripout" in hooks.read_text("utf-8")
    commit(ships)
    path = "template/_parts/adopt/.pre-commit-config.yaml.jinja"
    text = current().files[path].content.decode() + "# newer\n"
    newer = Template("9.0.0", {**current().files, path: File(text.encode())})
    for module in (versions, drift_command, adopt_command, offers):
        monkeypatch.setattr(module, "carried", lambda: newer, raising=False)
    assert main(["update", str(ships)]) == OK
    assert "nbstripout" in hooks.read_text("utf-8")
    git(ships, "checkout", "-q", ".")
    assert main(["leave", str(ships)]) == OK
    (ships / "look.ipynb").unlink()
    commit(ships)
    assert git(ships, "rev-parse", "HEAD^{tree}") == before
