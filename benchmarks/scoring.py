"""How answers are counted against labels: claims that are right, wrong or missing, for each fact.

Lists are compared element by element. Of lines whose label lists only some, the listed ones must be among the
answers, and the number of answers is compared with the total. `true` and every word but `n/a` is a claim; the
keys of an object are compared one by one, numbers by how much of them is there. `unknown` claims nothing.
"""

from typing import Any, NamedTuple

NO_CLAIM = (False, None, "n/a", "unknown")


class Score(NamedTuple):
    """Claims that are right, wrong and missing, and how many repositories were answered exactly."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    exact: int = 0
    asked: int = 0

    def plus(self, other: "Score") -> "Score":
        """Both together."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float | None:
        """The share of claims that are right; `None` where nothing was claimed."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """The share of what is there that was claimed; `None` where nothing is there."""
        return self.right / (self.right + self.missing) if self.right + self.missing else None


def scored(label: dict[str, Any], answer: Any) -> Score | None:
    """One answer against one label; `None` where the label is left out of scoring."""
    if label.get("ambiguous"):
        return None
    truth = label["value"]
    if isinstance(truth, dict) and "total" not in truth:
        keys = [key for key in truth if key not in label.get("ambiguous_keys", ())]
        given = answer if isinstance(answer, dict) else {}
        total = Score()
        for key in keys:
            total = total.plus(_single(truth[key], given.get(key, "unknown")))
        right = all(given.get(key) == truth[key] for key in keys)
        return total._replace(exact=int(right), asked=1)
    return _single(truth, answer)._replace(asked=1)


def _single(truth: Any, answer: Any) -> Score:
    if isinstance(truth, dict):
        return _lines(truth, answer)
    if isinstance(truth, list):
        return _elements(truth, answer)
    if isinstance(truth, int) and not isinstance(truth, bool):
        given = answer if isinstance(answer, int) else 0
        return _amount(truth, given)
    claimed, there = answer not in NO_CLAIM, truth not in NO_CLAIM
    same = answer == truth
    return Score(int(claimed and same), int(claimed and not same), int(there and not same), int(same))


def _elements(truth: list[Any], answer: Any) -> Score:
    want, given = set(truth), set(answer) if isinstance(answer, list) else set()
    exact = isinstance(answer, list) and want == given
    return Score(len(want & given), len(given - want), len(want - given), int(exact))


def _lines(truth: dict[str, Any], answer: Any) -> Score:
    given = answer if isinstance(answer, dict) else {"list": [], "total": 0}
    if truth["total"] <= len(truth["list"]):
        return _elements(truth["list"], given["list"] if isinstance(answer, dict) else answer)
    unseen = len(set(truth["list"]) - set(given["list"]))
    counted = _amount(truth["total"], given["total"])
    missing = max(counted.missing, unseen)
    return Score(truth["total"] - missing, counted.wrong, missing, int(not missing and not counted.wrong))


def _amount(truth: int, given: int) -> Score:
    return Score(min(truth, given), max(given - truth, 0), max(truth - given, 0), int(truth == given))
