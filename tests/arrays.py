"""Which combinations of answers the tests render: pairwise over what the template's questions offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations, product
from typing import Any

from mlscaffold.upkeep.template import current, questions

STRUCTURE = ("profile", "environment", "tracker", "framework", "accelerator", "example")
"""Answers that change which files there are and how they work together: each pair of them is rendered."""

VALUES = ("license", "data_remote", "forge")
"""Answers that fill in one part: each is rendered once."""

URLS = {
    "s3": "s3://team/dvc",
    "gcs": "gs://team/dvc",
    "azure": "azure://team/dvc",
    "ssh": "ssh://files.example.org/dvc",
    "disk": "/mnt/team/dvc",
}

Row = dict[str, str]


@cache
def asked() -> dict[str, Any]:
    """The questions of copier.yml that somebody may answer."""
    found = questions(current())
    return {name: question for name, question in found.items() if question.get("when") is not False}


def offered(question: str) -> list[str]:
    """The answers that copier.yml offers."""
    choices = asked()[question]["choices"]
    return [str(c) for c in (choices.values() if isinstance(choices, dict) else choices)]


def allowed(row: Mapping[str, str]) -> bool:
    """Whether the template accepts this combination; the refusals themselves are tested elsewhere."""
    return not (row.get("accelerator") == "gpu" and row.get("framework") == "scikit-learn")


def full() -> list[Row]:
    """Every allowed combination of the structural answers, with the other answers taking turns."""
    return _with_values(_structures())


def _structures() -> list[Row]:
    rows = (dict(zip(STRUCTURE, values, strict=True)) for values in product(*map(offered, STRUCTURE)))
    return [row for row in rows if allowed(row)]


def pairwise() -> list[Row]:
    """Few rows in which every allowed pair of structural answers occurs, the defaults first."""
    every = _structures()
    missing = {pair for row in every for pair in _pairs(row)}
    chosen: list[Row] = []
    while missing:
        best = max(every, key=lambda row: len(missing & set(_pairs(row)))) if chosen else _default(every)
        missing -= set(_pairs(best))
        chosen.append(best)
    return _with_values(chosen)


def _default(every: Iterable[Row]) -> Row:
    known = asked()
    plain = {q: str(known[q].get("default")) for q in STRUCTURE} | {"framework": "scikit-learn"}
    return next(row for row in every if all(row[q] == plain[q] for q in STRUCTURE))


def _pairs(row: Row) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    yield from combinations([(question, row[question]) for question in STRUCTURE], 2)


def _with_values(rows: Iterable[Row]) -> list[Row]:
    out = []
    for number, row in enumerate(rows):
        turn = {q: (choices := offered(q))[number % len(choices)] for q in VALUES}
        remote = turn["data_remote"]
        url = {"data_remote_url": URLS[remote]} if remote != "none" else {}
        out.append({**row, **turn, **url})
    return out


def name(row: Mapping[str, str]) -> str:
    """A short name for a test."""
    return "-".join(row[question] for question in (*STRUCTURE, "data_remote"))


@cache
def features() -> dict[str, dict[str, Any]]:
    """The features file: what belongs to which answers."""
    found: dict[str, dict[str, Any]] = current().settings["features"]["default"]
    return found


def features_of(row: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The features that a rendering with these answers has."""
    return {
        title: feature
        for title, feature in features().items()
        if all(row.get(question) in choices for question, choices in feature.get("when", {}).items())
    }
