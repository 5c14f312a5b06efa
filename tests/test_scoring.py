"""The arithmetic by which facts are scored against labels."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from scoring import Score, scored


@pytest.mark.parametrize(
    ("truth", "answer", "score"),
    [
        (["a", "b"], ["b", "c"], Score(1, 1, 1, 0, 1)),
        ([], [], Score(0, 0, 0, 1, 1)),
        (["a"], "unknown", Score(0, 0, 1, 0, 1)),
        (True, True, Score(1, 0, 0, 1, 1)),
        (True, False, Score(0, 0, 1, 0, 1)),
        (False, True, Score(0, 1, 0, 0, 1)),
        (False, False, Score(0, 0, 0, 1, 1)),
        ("all", "partial", Score(0, 1, 1, 0, 1)),
        ("n/a", "none", Score(0, 1, 0, 0, 1)),
        ("none", "n/a", Score(0, 0, 1, 0, 1)),
        ("none", "unknown", Score(0, 0, 1, 0, 1)),
        ({"list": ["a:1"], "total": 1}, {"list": ["a:1", "a:2"], "total": 2}, Score(1, 1, 0, 0, 1)),
        ({"list": ["a:1"], "total": 4}, {"list": ["a:1", "a:2"], "total": 2}, Score(2, 0, 2, 0, 1)),
        ({"list": ["a:1"], "total": 2}, {"list": ["a:3", "a:2"], "total": 2}, Score(1, 0, 1, 0, 1)),
        ({"list": ["a:1"], "total": 2}, {"list": ["a:1", "a:2", "a:3"], "total": 3}, Score(2, 1, 0, 0, 1)),
        ({"count": 3, "with_outputs": 2}, {"count": 3, "with_outputs": 1}, Score(4, 0, 1, 0, 1)),
        ({"usage": True, "install": False}, {"usage": True, "install": True}, Score(1, 1, 0, 0, 1)),
    ],
)
def test_claims_are_counted(truth: Any, answer: Any, score: Score) -> None:
    assert scored({"value": truth}, answer) == score


def test_what_is_ambiguous_is_left_out() -> None:
    assert scored({"value": True, "ambiguous": True}, False) is None
    label = {"value": {"usage": True, "install": True}, "ambiguous_keys": ["install"]}
    assert scored(label, {"usage": True, "install": False}) == Score(1, 0, 0, 1, 1)


def test_shares() -> None:
    assert (Score(3, 1, 0).precision, Score(3, 1, 0).recall) == (0.75, 1.0)
    assert (Score().precision, Score().recall) == (None, None)
