"""Adoption of invented repositories of many kinds: nothing of theirs changes, and what is added fits them."""

# ruff: noqa: E501 (a file a line)

from __future__ import annotations

from pathlib import Path

import pytest
from adopted import PACKAGE, PIP, README, REPOSITORIES, TEST, TRAIN, notebook
from worlds import git

from mlscaffold.baseline import NAME as BASELINE
from mlscaffold.cli import main
from mlscaffold.errors import OK, REFUSED
from mlscaffold.upkeep.lock import LOCK, read_lock

SETUP = 'from setuptools import setup\n\nsetup(name="churn", version="0.1", install_requires=["pandas", "scikit-learn"])\n'
KINDS: dict[str, dict[str, str]] = {
    "ccds": {
        "README.md": README + "\nMade with cookiecutter-data-science.\n",
        "Makefile": "PROJECT_NAME = churn\n\ntest:\n\tpytest\n",
        "setup.py": SETUP,
        "requirements.txt": "pandas==2.2.2\nscikit-learn==1.5.1\npytest==8.3.2\n",
        "churn/__init__.py": "",
        "churn/train.py": TRAIN,
        "tests/test_train.py": TEST.replace("from train", "from churn.train"),
        "notebooks/1.0-al-look.ipynb": notebook(""),
    },
    "kedro": {
        "README.md": README,
        "pyproject.toml": '[tool.kedro]\npackage_name = "churn"  # ours\nproject_name = "Churn"\nkedro_init_version = "0.19.3"\n',
        "requirements.txt": "kedro==0.19.3\npandas==2.2.2\nscikit-learn==1.5.1\n",
        "conf/base/catalog.yml": "rows:\n  type: pandas.CSVDataset\n  filepath: data/01_raw/rows.csv\n",
        "src/churn/__init__.py": "",
        "src/churn/nodes.py": TRAIN,
        "src/tests/test_nodes.py": TEST.replace("from train", "from churn.nodes"),
    },
    "hydra": {
        "README.md": README,
        "configs/train.yaml": "defaults:\n  - _self_\n  - logger: wandb\n",
        "configs/logger/wandb.yaml": "wandb:\n  _target_: lightning.pytorch.loggers.WandbLogger\n",
        "environment.yaml": "name: churn\ndependencies:\n  - python=3.11\n  - pandas\n  - scikit-learn\n  - pytest\n",
        "src/__init__.py": "",
        "src/train.py": TRAIN,
        "tests/test_train.py": TEST.replace("from train", "from src.train"),
        ".gitignore": "# ours\n*.log",
    },
    "only a README": {"README.md": README, "train.py": TRAIN},
    "julia": {
        "README.md": README,
        "Project.toml": 'name = "Churn"\nuuid = "7cbbbf6a-0000-4000-8000-000000000000"\nauthors = ["Anna Lee"]\n',
        "src/Churn.jl": "module Churn\nend\n",
        "test/runtests.jl": "using Test, Churn\n@test true\n",
    },
    "R and a Python script": {**REPOSITORIES["r"], "fetch.py": "import numpy as np\n\nprint(np.zeros(3))\n"},
    "setup.py alone": {
        "README.md": README,
        "setup.py": SETUP,
        "churn/__init__.py": TRAIN,
        "tests/test_train.py": TEST.replace("from train", "from churn"),
    },
    "monorepo of uv": {
        "README.md": README,
        "core/pyproject.toml": PACKAGE.format(name="core") + "\n[tool.uv]\npackage = true\n",
        "core/core/__init__.py": "",
        "core/tests/test_core.py": "import core\n\n\ndef test_core():\n    assert core\n",
    },
}
ALL = {**REPOSITORIES, **KINDS}


def laid(root: Path, kind: str) -> Path:
    for path, text in ALL[kind].items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")


def changed(root: Path) -> list[str]:
    return sorted(line[3:] for line in git(root, "status", "--porcelain", "-uall").splitlines())


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_kind_is_adopted_and_left_as_it_was(kind: str, tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", kind)
    before = git(root, "rev-parse", "HEAD^{tree}")
    assert main(["adopt", str(root), "--yes", "--data", "license="]) == OK
    assert set(changed(root)) <= {LOCK, BASELINE, "mlscaffold.toml"}
    commit(root)
    assert main(["audit", str(root)]) == OK, "what was there does not fail"
    assert main(["adopt", str(root), "--yes"]) == OK
    assert changed(root) == [], "the second time nothing is left to do"
    assert main(["adopt", str(root), "--add", "all", "--profile", "team"]) == OK
    rows = git(root, "diff", "--numstat", "--", ".", f":!{BASELINE}", f":!{LOCK}").splitlines()
    assert [row for row in rows if row.split("\t")[1] not in ("0", "1")] == [], "no line of theirs is gone"
    commit(root)
    assert main(["audit", str(root)]) == OK, "what was added brings no failure with it"
    assert main(["adopt", str(root), "--add", "all", "--profile", "team"]) == OK
    assert changed(root) == []
    assert main(["drift", str(root)]) == OK
    assert main(["update", str(root)]) == OK
    assert changed(root) == []
    assert main(["leave", str(root)]) == OK
    commit(root)
    assert git(root, "rev-parse", "HEAD^{tree}") == before


def test_nobody_chooses_a_licence_but_its_owner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = laid(tmp_path / "churn", "only a README")
    assert main(["adopt", str(root), "--yes"]) != OK
    told = capsys.readouterr().err
    assert "Give --data license=VALUE (MIT or " in told
    assert "decide later: --data license=" in told
    assert main(["adopt", str(root), "--yes", "--data", "license=GPL"]) != OK
    assert changed(root) == []
    assert main(["adopt", str(root), "--yes", "--data", "license="]) == OK
    assert read_lock((root / LOCK).read_text("utf-8")).base.answers["license"] is None
    commit(root)
    assert main(["adopt", str(root), "--data", "license=MIT", "--data", "author=Anna Lee"]) == OK
    assert read_lock((root / LOCK).read_text("utf-8")).base.answers["license"] == "MIT"
    assert changed(root) == [LOCK]


def test_a_plan_is_shown_with_the_question_that_only_a_person_can_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", "only a README")
    assert main(["adopt", str(root), "--plan", "--add", "TEAM104"]) == REFUSED
    told = capsys.readouterr()
    assert "start  .mlscaffold.lock" in told.out
    assert "TEAM104" in told.out
    assert "Give --data license=VALUE (MIT or " in told.err
    assert changed(root) == []


def test_tests_of_r_run_in_the_environment_of_r(tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", "R and a Python script")
    assert main(["adopt", str(root), "--yes", "--data", "license=", "--add", "ENV101"]) == OK
    assert (root / "requirements.txt").read_text("utf-8") == "numpy\n"
    commit(root)
    assert main(["adopt", str(root), "--add", "TEAM103"]) == OK
    workflow = (root / ".github/workflows/ci.yml").read_text("utf-8")
    assert "r-lib/actions/setup-renv" in workflow
    assert "setup-python" not in workflow


def test_a_practice_that_shows_another_finding_takes_it_into_the_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", "only a README")
    main(["adopt", str(root), "--yes", "--data", "license="])
    commit(root)
    capsys.readouterr()
    assert main(["adopt", str(root), "--add", "ENV101"]) == OK
    assert "listed ENV102 requirements.txt" in capsys.readouterr().out
    assert "ENV102 " in (root / BASELINE).read_text("utf-8")
    commit(root)
    assert main(["audit", str(root)]) == OK


def test_no_pyproject_is_put_beside_a_setup_file(tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", "setup.py alone")
    main(["adopt", str(root), "--yes", "--data", "license="])
    assert main(["adopt", str(root), "--add", "TEAM104,TEAM105"]) == OK
    assert not (root / "pyproject.toml").exists(), "pip would build the project in another way"
    assert "[format]" in (root / "ruff.toml").read_text("utf-8")


def test_no_ci_is_added_for_tests_that_could_not_be_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = laid(tmp_path / "churn", "setup.py alone")
    (root / "tests/test_train.py").write_text(
        "import requests\n" + ALL["setup.py alone"]["tests/test_train.py"]
    )
    commit(root)
    assert main(["adopt", str(root), "--yes", "--data", "license=", "--add", "TEAM103"]) == OK
    assert "tests/test_train.py imports requests, which nothing declares" in capsys.readouterr().out
    assert not (root / ".github/workflows/ci.yml").exists()


def test_a_gitlab_repository_stays_one(tmp_path: Path) -> None:
    root = laid(tmp_path / "churn", "gitlab")
    main(["adopt", str(root), "--yes", "--data", "license=", "--add", "all", "--profile", "team"])
    assert not (root / ".github").exists()
    assert PIP["requirements.txt"] == (root / "requirements.txt").read_text("utf-8")
