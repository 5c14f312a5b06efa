"""CONTRIBUTING's rule in five minutes is a rule: it is registered, and its page passes as every page does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mlscaffold import rule as contract
from mlscaffold import standard
from mlscaffold.page import parse
from mlscaffold.repo.repo import Repo
from mlscaffold.report.words import lines
from mlscaffold.standard import read_yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
ROOM = {
    m[2]: m[3] for m in re.finditer(r'^(`{3,})\w+ title="(mlscaffold/.+?)"\n(.*?)^\1$', TEXT, re.M | re.S)
}
COUNTED = (
    "tests/test_house.py",
    "tests/test_pages.py",
    "tests/test_contributing.py",
    "tests/test_audit.py",
)


def fence(kind: str) -> str:
    return next(m[2] for m in re.finditer(r"^(`{3,})" + kind + r"[^\n]*\n(.*?)^\1$", TEXT, re.M | re.S))


def test_the_rule_of_contributing_does_what_its_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "RULES", {})
    module = ModuleType("untitled_notebook")
    exec(compile(fence("python"), "CONTRIBUTING.md", "exec"), module.__dict__)
    ((code, rule),) = contract.RULES.items()
    page = parse(fence("markdown"))
    said = []
    for case in page.cases:
        repo = Repo(case.tree(), standard.load())
        reason = rule.not_applicable(repo)
        answers = [line for a in rule.answers(repo, repo.standard) for line in lines(a)]
        told = [f"not applicable {reason}"] if reason else answers or ["passed"]
        assert told == case.outcome
        said.append(told[0].split()[0])
    assert said == ["failed", "passed"]
    assert list(read_yaml(fence("yaml"))) == [code]
    free = code not in standard.load().profiles["team"]
    assert free or pasted(ROOT), "the example's code is taken by a real rule"


def pasted(root: Path) -> bool:
    """Whether somebody tries the example: its two files lie there exactly as they are shown."""
    return all((root / p).is_file() and (root / p).read_text("utf-8") == body for p, body in ROOM.items())


@pytest.mark.slow
def test_nothing_else_has_to_be_touched(tmp_path: Path) -> None:
    """The steps, followed to the letter in a copy; the transcripts are what `make transcripts` is for."""
    git = ("git", "-c", "core.hooksPath=/dev/null")
    listed = subprocess.run([*git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for path in filter(None, listed.stdout.split("\0")):
        if (ROOT / path).is_file():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tmp_path / path)
    if not pasted(ROOT):
        for path, body in ROOM.items():
            (tmp_path / path).write_text(body, "utf-8")
        with (tmp_path / "mlscaffold/standard/profiles.yml").open("a", encoding="utf-8") as profiles:
            profiles.write(fence("yaml"))
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run([*git, "add", "--force", "."], cwd=tmp_path, check=True)
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *COUNTED]
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    lint = [sys.executable, "-m", "ruff", "check", "--quiet", "mlscaffold/rules"]
    done = subprocess.run(lint, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    told = [sys.executable, "-m", "mlscaffold", "explain", "VCS199"]
    said = subprocess.run(told, cwd=tmp_path, env=env, capture_output=True, text=True, check=True).stdout
    assert "A notebook has no name" in said


def test_contributing_opens_with_it() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.M)
    assert headings[0] == "Add a rule in five minutes"
