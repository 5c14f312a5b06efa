"""A generated project, used as a newcomer uses it: cloned afresh, set up, tested, trained and audited.

Each row of answers is one project that the tests of this file share, in their order. Environments of conda
are made in tests of their own, on a stand-in channel.
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import arrays
import pytest

pytestmark = pytest.mark.slow

OURS = Path(sys.executable).parent
PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\ssrc=["']?(?:https?:)?//|"""
    r"""<link\b(?![^>]*rel=["']?(?:canonical|me|license|alternate))[^>]*\shref=["']?(?:https?:)?//|"""
    r"""url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)
"""What makes a browser ask somebody else while it shows a page; links that a reader may follow do not."""


@dataclass(frozen=True)
class Project:
    """A clone of a generated repository, and the machine as its user sees it."""

    root: Path
    row: arrays.Row
    bin: Path

    def run(self, *command: str | Path, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
        drop = ("PYTHON", "VIRTUAL_ENV", "GIT_AUTHOR", "GIT_COMMITTER", "MLSCAFFOLD", "MAKE")
        env = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
        env["PATH"] = os.pathsep.join([str(self.bin), *_system_path()])
        env["GIT_CONFIG_GLOBAL"] = str(self.bin / "gitconfig")
        done = subprocess.run(
            [str(c) for c in command],
            cwd=self.root,
            env=env | more,
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"{done.stdout[-6000:]}{done.stderr[-6000:]}"
        assert not check or done.returncode == 0, f"{command} ended with {done.returncode}\n{said}"
        return done

    def task(self, *words: str, **more: str) -> str:
        done = self.run(PYTHON, "tasks.py", *words, **more)
        return done.stdout + done.stderr

    def commit(self, message: str, **more: str) -> subprocess.CompletedProcess[str]:
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--quiet", "--message", message, check=False, **more)

    def audit(self) -> dict[str, list[str]]:
        """Codes by outcome."""
        done = self.run(OURS / "mlscaffold", "audit", ".", "--format", "json", check=False)
        report = json.loads(done.stdout)
        found: dict[str, list[str]] = {}
        for result in report["results"]:
            said = [
                f"{a.get('path', '')} {a.get('message') or a.get('reason', '')}" for a in result["answers"]
            ]
            found.setdefault(result["outcome"], []).append(f"{result['code']} {result['reason']} {said}")
        return found


def _system_path() -> list[str]:
    """PATH without our own environment, so that nothing of it helps the project along."""
    ours = {str(OURS), str(Path(sys.prefix) / "bin")}
    return [p for p in os.environ["PATH"].split(os.pathsep) if p not in ours]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    rows = arrays.full() if metafunc.config.getoption("--full-array") else arrays.pairwise()
    rows = [row for row in rows if row["environment"] != "conda-lock"]
    if "project" in metafunc.fixturenames:
        metafunc.parametrize("project", rows, ids=arrays.name, indirect=True, scope="module")


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "bin").mkdir()
    (folder / "bin/gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n", "utf-8")
    row = request.param
    data = [word for question, value in row.items() for word in ("--data", f"{question}={value}")]
    made = Project(folder, row, folder / "bin")
    made.run(OURS / "mlscaffold", "new", "origin/churn", "--yes", *data)
    made.run("git", "clone", "--quiet", "origin/churn", "churn")
    return Project(folder / "churn", row, folder / "bin")


def needs_an_example(project: Project) -> None:
    if project.row["example"] == "none":
        pytest.skip("starts empty: there is nothing to train on before somebody brings data")


def test_setup_needs_nothing_but_python(project: Project) -> None:
    project.task("setup")
    assert project.run("git", "status", "--porcelain").stdout == ""


def test_tests_pass(project: Project) -> None:
    said = project.task("test")
    assert re.search(r"\d+ passed", said), said


def test_lint_and_every_hook_pass(project: Project) -> None:
    project.task("lint")
    project.task("hooks")
    assert project.run("git", "status", "--porcelain").stdout == ""


def test_training_runs_and_runs_again_to_the_same_lock(project: Project) -> None:
    needs_an_example(project)
    project.task("repro")
    first = (project.root / "dvc.lock").read_bytes()
    changed = project.run("git", "status", "--porcelain").stdout.split("\n")
    assert {line[3:] for line in changed if line} >= {"dvc.lock", "reports/"}
    assert not [line for line in changed if line[3:].startswith(("data/", "models/", "mlruns", "mlflow"))]
    project.task("repro", "--force")
    assert (project.root / "dvc.lock").read_bytes() == first


def test_the_run_is_committed_through_the_hooks_without_an_activated_environment(project: Project) -> None:
    (project.root / "notes.md").write_text("# Notes\n\nWhat the first run showed.\n", "utf-8")
    done = project.commit("record the first run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert project.run("git", "status", "--porcelain").stdout == ""


def test_hooks_hold_back_what_is_wrong_with_an_activated_environment(project: Project) -> None:
    wrong = project.root / "src/wrong.py"
    wrong.write_text("import os\nx = {  'a':1 }\n", "utf-8")
    path = os.pathsep.join([str(project.root / ".venv/bin"), str(project.bin), *_system_path()])
    done = project.commit("this must not pass", PATH=path, VIRTUAL_ENV=str(project.root / ".venv"))
    assert done.returncode != 0
    project.run("git", "reset", "--quiet", "--hard")
    wrong.unlink(missing_ok=True)


def test_documentation_builds_and_asks_nobody(project: Project) -> None:
    project.task("docs")
    pages = list((project.root / "site").rglob("*.html"))
    assert pages
    for page in [*pages, *(project.root / "site").rglob("*.css")]:
        assert not ELSEWHERE.search(page.read_text("utf-8")), page


def test_the_audit_passes_after_the_pipeline_ran(project: Project) -> None:
    found = project.audit()
    assert not found.get("failed"), found["failed"]
    assert not found.get("unknown"), found["unknown"]
    assert project.run(OURS / "mlscaffold", "audit", ".", check=False).returncode == 0


def test_the_audit_task_and_the_hook_find_the_tool_or_say_how_to_get_it(project: Project) -> None:
    missing = project.run(PYTHON, "tasks.py", "audit", check=False)
    assert missing.returncode == 2
    assert "MLSCAFFOLD_SOURCE" in missing.stderr
    tool = project.bin / "mlscaffold"
    tool.write_text(f'#!/bin/sh\nexec "{OURS}/mlscaffold" "$@"\n', "utf-8")
    tool.chmod(0o755)
    try:
        assert "nothing required is wrong" in project.task("audit")
        (project.root / "notes.md").write_text("# Notes\n\nAudited.\n", "utf-8")
        done = project.commit("audited by the hook")
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        tool.unlink()


def own_table(target: Path) -> None:
    """A regression table whose columns have nothing in common with the shipped data."""
    draw = random.Random(7)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["rooms", "district", "built", "distance_km", "rent"])
        for _ in range(240):
            rooms, far = draw.randint(1, 6), round(draw.uniform(0.2, 20), 2)
            district = draw.choice(["north", "south", "old town"])
            rent = round(300 + 210 * rooms - 12 * far + 80 * (district == "old town") + draw.gauss(0, 25), 2)
            out.writerow([rooms, district, draw.randint(1900, 2020), far, rent])


def test_my_own_table_takes_the_place_of_the_example(project: Project) -> None:
    own_table(project.root / "data/raw/rents.csv")
    params = project.root / "params.yaml"
    text = params.read_text("utf-8")
    for key, value in (("source", "data/raw/rents.csv"), ("target", "rent"), ("task", "regression")):
        text, changes = re.subn(rf"^(  {key}: *)\S+", rf"\g<1>{value}", text, count=1, flags=re.M)
        assert changes == 1, f"params.yaml has no data.{key}"
    params.write_text(text, "utf-8")
    project.task("repro")
    dictionary = (project.root / "docs/data-dictionary.md").read_text("utf-8")
    assert all(column in dictionary for column in ("rooms", "district", "built", "distance_km", "rent"))
    assert re.search(r"\d+ passed", project.task("test"))
    project.task("lint")
    project.task("docs")
    found = project.audit()
    assert not found.get("failed"), found["failed"]
    done = project.commit("train on our own table")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_project_is_left_clean(project: Project) -> None:
    assert project.run("git", "status", "--porcelain").stdout == ""
    shutil.rmtree(project.root, ignore_errors=True)
