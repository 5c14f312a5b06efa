"""The closed loop: what the template makes, the audit passes; what leaves the standard, it objects to."""

from __future__ import annotations

import datetime
import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import arrays
import pytest

from mlscaffold import rules, standard
from mlscaffold.audit import Report, audit
from mlscaffold.config import read_config
from mlscaffold.globs import matches
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.tree import Entry
from mlscaffold.report.words import lines
from mlscaffold.rule import Finding, Open
from mlscaffold.standard import Standard
from mlscaffold.upkeep.render import render, template_folder

ROWS = arrays.pairwise()


def as_tree(folder: Path) -> MemoryTree:
    """The rendering as git would hold it."""
    files: dict[str, str | bytes] = {}
    entries = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        files[name := path.relative_to(folder).as_posix()] = path.read_bytes()
        entries[name] = Entry(name, size=path.stat().st_size, executable=os.access(path, os.X_OK))
    return MemoryTree(files, entries=entries)


def report_of(tree: MemoryTree, by: Standard) -> Report:
    every = rules.load()
    config = read_config(tree, by, every)
    return audit(Repo(tree, by), config, every, tool="test", today=datetime.date(2026, 1, 1))


@cache
def rendered(answers: tuple[tuple[str, str], ...], folder: Path) -> MemoryTree:
    target = folder / f"r{abs(hash(answers))}" / "churn"
    render(target, dict(answers), {"author": "Ada", "year": "2026"}, ask=False)
    return as_tree(target)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rendered")


def said(report: Report, *outcomes: str) -> list[str]:
    """What the results with these outcomes say, a line each."""
    found = []
    for result in (r for r in report.results if r.outcome in outcomes):
        told = [line for answer in result.answers for line in lines(answer)] or [result.reason]
        found += [f"{result.rule.code} {line}" for line in told]
    return found


@pytest.mark.parametrize("row", ROWS, ids=arrays.name)
def test_drift_whatever_the_template_makes_the_audit_passes(row: arrays.Row, scratch: Path) -> None:
    report = report_of(rendered(tuple(row.items()), scratch), standard.load())
    assert report.config.profile == row["profile"]
    assert not said(report, "failed", "unknown", "blocked", "suppressed")
    found = {f"{r.rule.code} {a.path}" for r in report.results for a in r.answers if isinstance(a, Open)}
    declared = {item for feature in arrays.features_of(row).values() for item in feature.get("open", ())}
    package = next(
        p.split("/")[1] for p in rendered(tuple(row.items()), scratch)._bytes if p.startswith("src/")
    )
    assert found == {item.replace("src/*", f"src/{package}") for item in declared}


@pytest.mark.parametrize("row", ROWS, ids=arrays.name)
def test_features_say_which_rules_they_satisfy(row: arrays.Row, scratch: Path) -> None:
    report = report_of(rendered(tuple(row.items()), scratch), standard.load())
    outcomes = {r.rule.code: r.outcome for r in report.results}
    claimed = {code for feature in arrays.features_of(row).values() for code in feature.get("rules", ())}
    assert claimed <= set(rules.load())
    assert not {
        code: outcomes[code] for code in claimed if outcomes.get(code) in ("failed", "unknown", "blocked")
    }


@pytest.mark.parametrize("row", ROWS, ids=arrays.name)
def test_every_file_belongs_to_one_feature(row: arrays.Row, scratch: Path) -> None:
    paths = [entry.path for entry in rendered(tuple(row.items()), scratch).entries()]
    patterns = [
        (f, p.replace("*", "**")) for f, said in arrays.features_of(row).items() for p in said["files"]
    ]
    owners = {
        path: {f for f, p in patterns if matches(p, path) or path.startswith(f"{p}/")} for path in paths
    }
    assert not {path: found for path, found in owners.items() if len(found) != 1}


# ------------------------------------------------------------------------------------------------ bites
# A value that the template renders: what to change it to, the answers, and the rules of which one objects.
RENDERED: dict[str, tuple[Any, arrays.Row, set[str]]] = {
    "python_floor": ("3.13", {}, {"ENV104"}),
    "python_image": ("docker.io/library/python:latest", {}, {"ENV108"}),
}
# A threshold of a rule: what to change it to, what to add where the rendering has nothing of the kind, and
# the rules of which one objects then, but not before.
ROWS_OF_DATA = "1,2,3,4\n" * 500
SILENT = "".join(f"def read_{n}(path):\n    return path\n\n\n" for n in range(5))
THRESHOLDS: dict[str, tuple[Any, dict[str, str], set[str]]] = {
    "large_file_bytes": (1000, {}, {"VCS101"}),
    "dataset_bytes": (1000, {"data/raw/table.csv": ROWS_OF_DATA}, {"VCS103"}),
    "model_bytes": (1000, {"models/model.pkl": ROWS_OF_DATA}, {"VCS102"}),
    "docstring_percent": (100, {"src/more/__init__.py": "", "src/more/io.py": SILENT}, {"DOC130"}),
    "readme_min_words": (100_000, {"README.md": "# churn\n\n" + "Who leaves, and why. " * 10}, {"DOC101"}),
}
UNCHECKED = re.compile(r"^    (\w+):.* # no rule: \S", re.M)
"""In standard.yml a comment on the value's line says that no rule presses it on others."""


def unchecked() -> set[str]:
    return set(UNCHECKED.findall((Path(standard.__file__).parent / "standard.yml").read_text("utf-8")))


def test_every_governed_value_is_checked_or_says_that_it_is_not() -> None:
    known = set(standard.load().values)
    assert known == {*RENDERED, *THRESHOLDS, *unchecked()}


def objecting(report: Report) -> set[str]:
    return {r.rule.code for r in report.results if any(isinstance(a, Finding) for a in r.answers)}


@pytest.fixture
def changed_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the template whose standard.yml a test may change; `render` reads it from there."""
    with template_folder() as folder:
        copy = shutil.copytree(folder, tmp_path / "carried/_template")
    monkeypatch.setattr("mlscaffold.upkeep.render.PACKAGE", tmp_path / "carried")
    return copy


@pytest.mark.parametrize("value", RENDERED)
def test_bites_where_the_template_leaves_the_standard(
    value: str, changed_template: Path, tmp_path: Path
) -> None:
    other, answers, objectors = RENDERED[value]
    page = changed_template / "mlscaffold/standard/standard.yml"
    text, changes = re.subn(rf"^(    {value}: ).*$", rf'\g<1>"{other}"', page.read_text("utf-8"), flags=re.M)
    assert changes == 1
    page.write_text(text, "utf-8")
    render(tmp_path / "churn", answers, {}, ask=False)
    report = report_of(as_tree(tmp_path / "churn"), standard.load())
    assert objectors & objecting(report)


@pytest.mark.parametrize("value", THRESHOLDS)
def test_bites_where_a_threshold_moves(value: str, scratch: Path) -> None:
    other, added, objectors = THRESHOLDS[value]
    tree = rendered(tuple(ROWS[0].items()), scratch)
    if added:
        files = {e.path: tree.read(e.path, 10_000_000) for e in tree.entries()}
        tree = MemoryTree(files | added)
    assert not objectors & objecting(report_of(tree, standard.load()))
    assert objectors & objecting(report_of(tree, standard.load().changed(**{value: other})))
