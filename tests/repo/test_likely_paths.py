"""Of many paths those that a pattern can match are told, none too few."""

import re

import pytest

from mlscaffold import standard
from mlscaffold.lazy import regex
from mlscaffold.repo import likely_paths
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def repo_of(*paths: str) -> Repo:
    more = [f"src/m{number}.py" for number in range(likely_paths.MANY)]
    return Repo(MemoryTree(dict.fromkeys([*more, *paths], "")), standard.load())


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (regex(r"(?:^|/)report[^/]*\.pdf$"), ["docs/report.pdf", "report/a.md"]),
        (regex(r"REPORT", re.I), ["docs/report.pdf", "report/a.md"]),
        (regex(r"REPORT"), []),
        (regex(r"wandb/|mlruns/"), ["mlruns/0/meta.yaml"]),
    ],
)
def test_paths_that_hold_a_word_of_the_pattern(pattern: re.Pattern[str], told: list[str]) -> None:
    repo = repo_of("docs/report.pdf", "mlruns/0/meta.yaml", "report/a.md")
    assert list(likely(repo, pattern)) == told
    assert list(likely(repo, pattern)) == told, "and asked again"


def test_several_patterns_in_the_order_of_the_files() -> None:
    repo = repo_of("b/report.pdf", "a/wandb/x", "c/mlruns/y")
    assert list(likely(repo, regex("report"), regex("wandb|mlruns"))) == [
        "a/wandb/x",
        "b/report.pdf",
        "c/mlruns/y",
    ]


@pytest.mark.parametrize("pattern", [regex(r"\w"), regex(r"\.py$"), regex("ſ|report", re.I)])
def test_all_paths_where_nothing_can_be_told(pattern: re.Pattern[str]) -> None:
    repo = repo_of("report/ſ.md")
    assert list(likely(repo, pattern)) == list(repo.files)


def test_a_path_of_several_lines_makes_nothing_told() -> None:
    repo = repo_of("a\nreport.md")
    assert list(likely(repo, regex("report"))) == list(repo.files)


def test_few_paths_are_asked_each() -> None:
    repo = Repo(MemoryTree({"a.py": "", "report.md": ""}), standard.load())
    assert list(likely(repo, regex("report"))) == ["a.py", "report.md"]
