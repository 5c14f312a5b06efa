"""`audit --history` on real git: which revisions are told, and what is told of each."""

import json
import subprocess
from pathlib import Path

import pytest
from real_git import ENVIRONMENT, git, make

from mlscaffold.cli import main

DATES = ("2025-12-30", "2026-01-02", "2026-01-20", "2026-03-01", "2026-03-02")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Five commits; the first and the third are tagged, one tag with a message."""
    made = make(tmp_path / "repo", **{"train.py": "import torch\ntorch.rand(3)\nloss.backward()\n"})
    for number, date in enumerate(DATES):
        when = f"{date}T12:00:00+0000"
        environment = ENVIRONMENT | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        if number == 2:
            (made / "README.md").write_text("# x\n\nRun `python train.py`.\n")
        if number == 4:
            (made / "train.py").write_text(
                "import torch\ntorch.manual_seed(0)\ntorch.rand(3)\nloss.backward()\n"
            )
        amend = ["--amend"] if number == 0 else ["--allow-empty"]
        for arguments in (
            ["add", "-A"],
            ["commit", "-q", "-m", str(number), *amend],
            *([["tag", "v9"]] if number == 0 else []),
            *([["tag", "-a", "-m", "two", "v10"]] if number == 2 else []),
        ):
            subprocess.run(["git", *arguments], cwd=made, env=environment, check=True)
    return made


def told(repo: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, dict[str, object]]:
    assert main(["audit", str(repo), "--format", "json", *options]) == 0
    return {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)["revisions"]}


def test_a_revision_is_judged_by_its_own_day(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    when = "2026-03-03T12:00:00+0000"
    (repo / "RUNBOOK.md").write_text("---\nowner: operations\nreview-by: 2026-03-09\n---\n\n# Runbook\n")
    environment = ENVIRONMENT | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    for arguments in (["add", "-A"], ["commit", "-q", "-m", "runbook"], ["tag", "v11"]):
        subprocess.run(["git", *arguments], cwd=repo, env=environment, check=True)
    asked = ["audit", str(repo), "--profile", "team", "--select", "DOC136", "--format", "json"]
    outcomes = []
    for source in ([], ["--rev", "v11"]):
        main([*asked, *source])
        outcomes.append(json.loads(capsys.readouterr().out)["results"][0]["outcome"])
    assert outcomes == ["failed", "passed"]
    found = told(repo, capsys, "--history", "--profile", "team", "--select", "DOC136")
    assert "DOC136" not in str(found["v11"])


def test_tags_and_head_by_default(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(repo, capsys, "--history")
    assert [(name, entry["date"]) for name, entry in found.items()] == [
        ("v9", "2025-12-30"),
        ("v10", "2026-01-20"),
        ("HEAD", "2026-03-02"),
    ]
    assert found["HEAD"]["commit"] == git(repo, "rev-parse", "HEAD")
    assert found["v10"]["commit"] == git(repo, "rev-parse", "v10^{commit}")
    assert ["DOC101" in str(entry["required"]) for entry in found.values()] == [True, False, False]
    assert ["REP101" in str(entry["required"]) for entry in found.values()] == [True, True, False]


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("month", ["2025-12", "2026-01", "2026-03"]),
        ("week", ["2026-W01", "2026-W04", "2026-W09", "2026-W10"]),
        ("4", ["2025-12-30", "2026-03-02"]),
    ],
)
def test_by_date_or_by_number(
    repo: Path, capsys: pytest.CaptureFixture[str], step: str, names: list[str]
) -> None:
    found = told(repo, capsys, "--every", step)
    assert [entry["date"] if step == "4" else name for name, entry in found.items()] == names


def test_the_table_says_what_became_wrong_and_right(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(repo), "--history", "--select", "DOC101,REP101"]) == 0
    assert capsys.readouterr().out == (
        "revision  date        required  advised  unknown  passed\n"
        "v9        2025-12-30         2        0        0       0\n"
        "v10       2026-01-20         1        0        0       1  −DOC101\n"
        "HEAD      2026-03-02         0        0        0       2  −REP101\n"
        "\n"
        "required and advised count the rules that failed; + became wrong, − became right.\n"
    )


def test_all_are_measured_by_the_configuration_of_head(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "mlscaffold.toml").write_text('select = ["DOC101"]\n')
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "configure")
    found = told(repo, capsys, "--history")
    assert {name: entry["required"] for name, entry in found.items()} == {
        "v9": ["DOC101"],
        "v10": [],
        "HEAD": [],
    }


def test_a_folder_that_was_not_there_yet_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "a.py").write_text("")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "sub")
    found = told(repo / "sub", capsys, "--history")
    assert "there is no folder 'sub'" in str(found["v9"]["reason"])
    assert "counts" in found["HEAD"]


def test_only_the_newest_of_many_are_told(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlscaffold.repo.trees.history.MOST", 2)
    assert main(["audit", str(repo), "--history"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "1 older revisions are left out."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--history", "--strict"], "takes none of"),
        (["--every", "week", "--rev", "HEAD"], "takes none of"),
        (["--every", "never"], "can be tag, month, week or a number"),
        (["--every", "0"], "can be tag, month, week or a number"),
    ],
)
def test_wrong_use_is_refused(
    repo: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    try:
        code = main(["audit", str(repo), *options])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    assert said in capsys.readouterr().err


def test_without_a_commit_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path), "--history"]) == 2
    git(tmp_path, "init", "-q")
    assert main(["audit", str(tmp_path), "--history"]) == 2
    assert "has no commit yet" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [".git"]
