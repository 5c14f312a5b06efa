"""Every rule's page is its test: files in, outcome lines out, and the file after the fix."""

import datetime

import pytest

from mlscaffold import rules, standard
from mlscaffold.audit import audit
from mlscaffold.config import read_config
from mlscaffold.edits import Edit
from mlscaffold.page import Case, page_of
from mlscaffold.repo.asked import Asked
from mlscaffold.repo.repo import Repo
from mlscaffold.report.words import lines
from mlscaffold.rule import Finding, Rule

ALL = rules.load()
CASES = [
    pytest.param(rule, case, id=f"{rule.code}-{case.title}")
    for rule in ALL.values()
    for case in page_of(rule).cases
]


TODAY = datetime.date(2026, 1, 1)


def asked(rule: Rule, case: Case) -> Repo:
    """The case's repository, and for a rule that comes last what the others made of its configuration."""
    repo = Repo(case.tree(), standard.load())
    repo.asked = Asked(TODAY)
    if rule.last:
        config = read_config(repo.tree, repo.standard, ALL)
        audit(repo, config, ALL, tool="test", today=TODAY)
    return repo


def spoken(rule: Rule, repo: Repo) -> list[str]:
    if reason := rule.not_applicable(repo):
        return [f"not applicable {reason}"]
    answers = list(rule.answers(repo, repo.standard))
    return [line for answer in answers for line in lines(answer)] or ["passed"]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_page_says_what_the_rule_says(rule: Rule, case: Case) -> None:
    repo = asked(rule, case)
    assert "\n".join(spoken(rule, repo)) == "\n".join(case.outcome)


@pytest.mark.parametrize(("rule", "case"), [c for c in CASES if c.values[1].fixed])
def test_edit_gives_the_file_that_the_page_shows(rule: Rule, case: Case) -> None:
    repo = asked(rule, case)
    edits = [a.fix for a in rule.answers(repo, repo.standard) if isinstance(a, Finding)]
    assert {e.path: e.text for e in edits if isinstance(e, Edit)} == case.fixed


@pytest.mark.parametrize("rule", ALL.values(), ids=list(ALL))
def test_page_is_complete(rule: Rule) -> None:
    page = page_of(rule)
    said = [case.outcome[0].split()[0] for case in page.cases]
    assert page.title
    assert page.summary
    assert "failed" in said or "open" in said, "the page shows no case in which the rule objects"
    assert set(said) & {"passed", "not"}, "the page shows no case in which the rule stays quiet"
    for heading in ("## Why", "## How to fix", "## When it does not apply"):
        assert heading in page.text
