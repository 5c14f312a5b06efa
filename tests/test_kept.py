"""A report is given again while everything that it was made from is the same, and only then."""

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest

from mlscaffold import kept, rules, standard
from mlscaffold.audit import Report, audit
from mlscaffold.config import Config, Ignore
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.report import json, text
from mlscaffold.report.terminal import Terminal

DAY = datetime.date(2026, 1, 2)
FILES = {
    "train.py": "import torch\nimport numpy as np\nnp.random.rand(3)\ntorch.load('/home/jane/a.pt')\n",
    "README.md": "# x\n\nRun `python train.py`.\n",
    "pyproject.toml": "[",
}
IGNORED = Ignore("VCS", "because", ("*.toml",), datetime.date(2027, 1, 1), "Ada")
EXPIRED = Ignore("REP", "because", until=datetime.date(2020, 1, 1))
ASKED = Config(ignore=(IGNORED, EXPIRED))


class Asking:
    """Audits through the cache, and counts the audits that were really made."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "facts.sqlite"
        self.made = 0

    def __call__(self, tree: Tree, config: Config = ASKED, today: datetime.date = DAY) -> Report:
        def make(tree: Tree) -> Report:
            self.made += 1
            return audit(
                Repo(tree, standard.load()), config, rules.load(), tool="1", today=datetime.date(2026, 1, 2)
            )

        cache = Cache(self.file)
        report = kept.report(tree, cache, config, today, make)
        cache.close()
        return report


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asking:
    monkeypatch.setattr(kept, "WORTH", 0)
    return Asking(tmp_path)


def test_the_same_tree_gives_the_same_report_without_an_audit(ask: Asking) -> None:
    first, second = ask(MemoryTree(FILES)), ask(MemoryTree(FILES))
    assert ask.made == 1
    assert first.failed
    assert any(result.suppressed for result in second.results)
    for everything in (False, True):
        assert text.render(first, Terminal(), everything=everything) == text.render(
            second, Terminal(), everything=everything
        )
    assert json.render(first) == json.render(second)
    assert (second.stale, second.expired) == (first.stale, first.expired)


@pytest.mark.parametrize(
    "changed",
    [
        {**FILES, "train.py": FILES["train.py"].replace("jane", "john")},
        {**FILES, "new.py": ""},
        {name: content for name, content in FILES.items() if name != "README.md"},
    ],
)
def test_whatever_changes_is_audited_anew(ask: Asking, changed: Mapping[str, str]) -> None:
    ask(MemoryTree(FILES))
    report = ask(MemoryTree(changed))
    assert ask.made == 2
    assert json.render(report) == json.render(Asking(ask.file.parent / "new")(MemoryTree(changed)))
    ask(MemoryTree(changed))
    assert ask.made == 2


def test_another_day_configuration_or_place_in_git_is_another_report(ask: Asking) -> None:
    tree = MemoryTree(FILES)
    ask(tree)
    ask(tree, today=datetime.date(2026, 1, 3))
    ask(tree, Config(profile="team"))
    ask(MemoryTree(FILES, in_git=False))
    assert ask.made == 4


@pytest.mark.parametrize("said", ["mlscaffold.rules.version", "mlscaffold.repo.cache.stamp"])
def test_other_rules_or_readers_make_another_report(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    ask(MemoryTree(FILES))
    monkeypatch.setattr(said, lambda *_, **__: ["another"])
    ask(MemoryTree(FILES))
    assert ask.made == 2


def test_a_file_that_git_ignores_counts_where_it_was_asked_for() -> None:
    files = FILES | {
        "dvc.yaml": "stages:\n  a:\n    cmd: python train.py\n    metrics: [metrics.json]\n",
        ".gitignore": "*.json\n",
    }
    asked = kept.RecordedTree(MemoryTree(files, ignored={"metrics.json": "{}"}))
    assert asked.ignored("metrics.json", 9) == b"{}"
    assert kept.RecordedTree(MemoryTree(files, ignored={"metrics.json": "{}"})).same(asked.answers())
    assert not kept.RecordedTree(MemoryTree(files, ignored={"metrics.json": "[]"})).same(asked.answers())
    assert not kept.RecordedTree(MemoryTree(files)).same(asked.answers())


def test_an_answer_that_failed_must_fail_again() -> None:
    gone = kept.RecordedTree(MemoryTree({}))
    with pytest.raises(FileNotFoundError):
        gone.read("a", 9)
    assert kept.RecordedTree(MemoryTree({})).same(gone.answers())
    assert not kept.RecordedTree(MemoryTree({"a": ""})).same(gone.answers())


def test_a_crashed_rule_is_asked_again(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*given: object) -> None:
        raise ZeroDivisionError(given)

    every = rules.load()
    code = next(iter(every))
    monkeypatch.setattr(rules, "load", lambda: every | {code: every[code]._replace(check=crash, when=())})
    assert ask(MemoryTree(FILES)).crashed
    assert ask(MemoryTree(FILES)).crashed
    assert ask.made == 2


def test_a_small_tree_is_not_worth_it(tmp_path: Path) -> None:
    ask = Asking(tmp_path)
    ask(MemoryTree(FILES))
    assert not ask.file.exists()
