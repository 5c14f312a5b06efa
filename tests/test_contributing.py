"""CONTRIBUTING's rule in five minutes is a rule: it is registered, and its page passes as every page does."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from mlscaffold import rule as contract
from mlscaffold import standard
from mlscaffold.page import parse
from mlscaffold.repo.repo import Repo
from mlscaffold.report.words import lines
from mlscaffold.standard import read_yaml

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")


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
    assert code not in standard.load().profiles["team"], "the example's code is taken by a real rule"


def test_contributing_opens_with_it() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.M)
    assert headings[0] == "Add a rule in five minutes"
