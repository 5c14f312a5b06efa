"""We live by our standard: this repository passes its own audit."""

from pathlib import Path

from mlscaffold.commands.audit import report_of
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.report.words import lines

ROOT = Path(__file__).parents[1]


def test_this_repository_passes_its_own_audit() -> None:
    report = report_of(open_tree(ROOT))
    assert report.config.profile == "team"
    bad = [r for r in report.results if r.outcome in ("failed", "unknown", "blocked")]
    assert not [f"{r.rule.code} {line}" for r in bad for a in r.answers for line in lines(a)]
    assert not report.crashed
    assert not report.stale
    assert not report.expired
