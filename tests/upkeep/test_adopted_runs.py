"""After adoption own tests and programs run as before, what was added runs, and leaving undoes it.

Everything is real: environments, hooks, and the steps of the added workflow, as a runner takes them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
import yaml
from worlds import git

from mlscaffold.cli import main
from mlscaffold.errors import OK

pytestmark = pytest.mark.slow

OURS = Path(sys.executable).parent
PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
CI = ".github/workflows/ci.yml"
TRAIN = """import json
import sys
from pathlib import Path

import yaml

from churn.settings import SECRET


def fit(rows):
    return {"mean": sum(rows) / len(rows), "secret": bool(SECRET)}


if __name__ == "__main__":
    rows = yaml.safe_load(Path("rows.yaml").read_text("utf-8"))
    Path(sys.argv[1]).write_text(json.dumps(fit(rows)), "utf-8")
"""
SETTINGS = 'from pathlib import Path\n\nSECRET = Path(".env").read_text("utf-8").partition("=")[2].strip()\n'
TEST = """import pytest

from churn.train import fit


@pytest.mark.parametrize("rows", [[1, 3], [2]])
def test_mean(rows):
    assert fit(rows)["mean"] == 2


def test_odd():
    assert fit([1])["mean"] == 7  # fails before adoption, and has to go on doing so


def test_later():
    pytest.skip("needs the real data")
"""
SHARED = {
    "README.md": "# Churn\n\nPredicts who leaves. Copy `.env.example` to `.env` first.\n",
    ".env.example": "SECRET=none\n",
    ".gitignore": "/.env\n",
    "churn/__init__.py": "",
    "churn/settings.py": SETTINGS,
    "churn/train.py": TRAIN,
    "rows.yaml": "[1, 2, 6]\n",
    "tests/test_train.py": TEST,
}
PROJECT = """[project]
name = "churn"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["PyYAML>=6"]

[dependency-groups]
dev = ["pytest>=8"]
"""
KINDS = {
    "pip": {
        "requirements.txt": "PyYAML==6.0.3\n",
        "requirements-dev.txt": "-r requirements.txt\npytest==8.4.2\n",
    },
    "uv": {"pyproject.toml": PROJECT},
    "setup.py": {
        "setup.py": "from setuptools import find_packages, setup\n\n"
        'setup(name="churn", version="0.1", packages=find_packages(), install_requires=["PyYAML>=6"])\n'
    },
}


class Machine(NamedTuple):
    """A Python of its own for each use, and the rest of the system."""

    bin: Path

    def run(self, script: str, at: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Stop at the first command that fails, as a runner of the forge does."""
        drop = ("PYTHON", "VIRTUAL_ENV", "GIT_", "MLSCAFFOLD", "MAKE", "UV_PROJECT")
        env = {key: value for key, value in os.environ.items() if not key.startswith(drop)}
        env["PATH"] = os.pathsep.join([str(self.bin), os.environ["PATH"].replace(str(OURS), str(self.bin))])
        return subprocess.run(
            ["bash", "-e", "-c", script], cwd=at, env=env | more, capture_output=True, text=True, check=False
        )


def machine(folder: Path) -> Machine:
    subprocess.run([PYTHON, "-m", "venv", folder], check=True)
    return Machine(folder / "bin")


def commit(root: Path) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")
    return git(root, "rev-parse", "HEAD^{tree}")


def laid(root: Path, files: Mapping[str, str]) -> str:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    git(root, "init", "-q", "-b", "main")
    if "pyproject.toml" in files:
        subprocess.run([OURS / "uv", "lock", "--quiet"], cwd=root, check=True)
    return commit(root)


def clone(root: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", root, folder], check=True)
    return folder


def outcomes(own: Machine, root: Path, folder: Path) -> tuple[dict[str, str], str]:
    """What each test of theirs ends with, and what their program writes, in a fresh clone."""
    at = clone(root, folder)
    own.run("cp .env.example .env; python -m pytest --junitxml=../own.xml || true", at)
    own.run("python -m churn.train ../out", at)
    cases = ElementTree.parse(at.parent / "own.xml").iter("testcase")
    said = {f"{c.get('classname')}::{c.get('name')}": next((k.tag for k in c), "passed") for c in cases}
    return said, (at.parent / "out").read_text("utf-8")


def steps(at: Path) -> list[str]:
    workflow = yaml.safe_load((at / CI).read_text("utf-8"))
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


def the_added_workflow_says_what_the_tests_say(root: Path, folder: Path) -> None:
    at = clone(root, folder / "ci")
    runner = machine(folder / "runner")
    *before, test = steps(at)
    for script in before:
        done = runner.run(script, at)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    done = runner.run(test, at)
    assert "1 failed, 2 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
    (at / "tests/test_train.py").write_text(TEST.replace("== 7", "== 1"), "utf-8")
    done = runner.run(test, at)
    assert done.returncode == 0, done.stdout + done.stderr


def the_added_hooks_pass_and_stop_a_conflict(root: Path, folder: Path) -> None:
    at = clone(root, folder / "hooks")
    run = [OURS / "pre-commit", "run", "--all-files"]
    done = subprocess.run(run, cwd=at, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(at, "status", "--porcelain") == "", "no hook changes a file"
    (at / "notes.txt").write_text("<<<<<<< HEAD\nours\n", "utf-8")
    (at / "key.txt").write_text("-----BEGIN RSA " + "PRIVATE KEY-----\n", "utf-8")
    git(at, "add", "-A")
    done = subprocess.run(run, cwd=at, check=False, capture_output=True, text=True)
    assert "private keys" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_everything_runs_before_and_after_adoption_and_after_leaving(kind: str, tmp_path: Path) -> None:
    root = tmp_path / "churn"
    root.mkdir()
    tree = laid(root, SHARED | KINDS[kind])
    own = machine(tmp_path / "own")
    done = own.run("python -m pip install -q PyYAML==6.0.3 pytest==8.4.2", root)
    assert done.returncode == 0, done.stderr
    before = outcomes(own, root, tmp_path / "clone")
    assert sorted(before[0].values()) == ["failure", "passed", "passed", "skipped"]
    assert main(["adopt", str(root), "--yes", "--data", "license="]) == OK
    commit(root)
    assert main(["adopt", str(root), "--add", "all", "--profile", "production"]) == OK
    assert commit(root) != tree
    assert outcomes(own, root, tmp_path / "clone") == before
    the_added_workflow_says_what_the_tests_say(root, tmp_path)
    the_added_hooks_pass_and_stop_a_conflict(root, tmp_path)
    assert main(["leave", str(root)]) == OK
    assert commit(root) == tree
    assert outcomes(own, root, tmp_path / "clone") == before
