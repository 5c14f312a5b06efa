"""Files that are made to take time or memory without end: an answer in seconds, and what was cut is said."""

import datetime
import json
import time

import pytest

from mlscaffold import rules, standard
from mlscaffold.audit import Report, audit
from mlscaffold.config import Config
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.rule import Unknown

SIZE = 1_500_000
SECONDS = 20
"""An endless file would take hours; this is generous on a slow machine."""

BODIES = {
    "blank lines": b"\n" * SIZE,
    "one word": b"a" * SIZE,
    "brackets": b"[" * SIZE,
    "aliases": b"a: &a [x, x]\nb: &b [*a, *a]\n" + b"c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n" * 9,
    "a long list": b"[" + b"1," * (SIZE // 2) + b"1]",
    "nested keys": b'{"a":' * (SIZE // 5),
    "continued lines": b"a \\\n" * (SIZE // 4),
    "NUL": b"\0" * SIZE,
    "stars": b"**/" * (SIZE // 3),
    "escapes": b"\x1b[2J\x1b]0;title\x07" * (SIZE // 20),
}
NAMES = (
    "a.py", "setup.py", "README.md", "requirements.txt", "environment.yml", "pyproject.toml", "Dockerfile",
    "Makefile", ".gitignore", "dvc.yaml", ".github/workflows/ci.yml", "a.ipynb", "run.sh", "metrics.json",
    "data/README.md", "LICENSE", "CITATION.cff", "poetry.lock", "package.json", "a.R",
)  # fmt: skip


def report_of(files: dict[str, bytes]) -> Report:
    tree = MemoryTree({"train.py": b"import torch\nloss.backward()\n"} | files)
    repo = Repo(tree, standard.load())
    return audit(repo, Config(), rules.load(), tool="1", today=datetime.date(2026, 1, 1))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", BODIES)
def test_no_file_takes_time_without_end_or_crashes_a_rule(name: str, body: str) -> None:
    start = time.process_time()
    report = report_of({name: BODIES[body]})
    assert time.process_time() - start < SECONDS
    assert [(result.rule.code, result.reason) for result in report.crashed] == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("dvc.yaml", b"a: [" + b"1," * 600_000 + b"1]", "cannot be read: it is longer than"),
        ("a.py", b"import torch" + b"\n" * 600_000, "cannot be read: it holds more blank lines"),
        ("b.py", b"#" * 6_000_000, "cannot be read: it is larger than 5,000,000 bytes"),
    ],
)
def test_what_was_not_read_is_unknown_with_its_reason(name: str, content: bytes, reason: str) -> None:
    (result,) = (r for r in report_of({name: content}).results if r.rule.code == "VCS122")
    (said,) = (a for a in result.answers if isinstance(a, Unknown))
    assert said.path == name
    assert said.reason.startswith(reason)


def test_a_notebook_that_nests_without_end_is_a_finding() -> None:
    deep = json.dumps({"cells": [], "metadata": {}}).replace("{}", "[" * 99_999 + "]" * 99_999)
    (result,) = (r for r in report_of({"a.ipynb": deep.encode()}).results if r.rule.code == "VCS122")
    assert [finding.path for finding in result.findings] == ["a.ipynb"]


def test_a_pattern_longer_than_any_path_ignores_nothing() -> None:
    assert not report_of({".gitignore": b"[a" * 500_000}).crashed
