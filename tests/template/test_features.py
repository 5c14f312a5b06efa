"""The features file says which files there are: it decides what is rendered, and nothing escapes it."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import arrays
import pytest

from mlscaffold import rules
from mlscaffold.upkeep.render import render, template_folder


def template_files() -> list[str]:
    """The paths that the template can render, with the package's folder as `*`."""
    with template_folder() as root:
        paths = [
            path.relative_to(root / "template") for path in (root / "template").rglob("*") if path.is_file()
        ]
    names = [path.as_posix() for path in paths if path.parts[0] not in ("_parts", "_locks")]
    names = [name for name in names if "__pycache__" not in name]
    return [re.sub(r"\{\{.*?\}\}", "package", name.removesuffix(".jinja")) for name in names]


def belongs(path: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(path, pattern) or path.startswith(f"{pattern}/") for pattern in patterns)


def test_every_template_file_belongs_to_one_feature() -> None:
    owners = {
        path: [name for name, feature in arrays.features().items() if belongs(path, feature["files"])]
        for path in template_files()
    }
    assert {path: names for path, names in owners.items() if len(names) != 1} == {}


def test_every_feature_names_files_questions_and_rules_that_exist() -> None:
    files, codes = template_files(), set(rules.load())
    for name, feature in arrays.features().items():
        assert set(feature) <= {"about", "when", "questions", "files", "rules", "open"}, name
        assert all(belongs_to_some(pattern, files) for pattern in feature["files"]), name
        for question, answers in feature.get("when", {}).items():
            assert set(answers) <= set(arrays.offered(question)), name
        assert set(feature.get("questions", ())) <= arrays.asked().keys(), name
        assert set(feature.get("rules", ())) <= codes, f"{name}: {set(feature['rules']) - codes}"


def belongs_to_some(pattern: str, files: list[str]) -> bool:
    return any(belongs(path, [pattern]) for path in files)


@pytest.mark.parametrize("row", arrays.pairwise(), ids=arrays.name)
def test_the_rendered_files_are_those_of_the_features_that_the_answers_ask_for(
    row: arrays.Row, tmp_path: Path
) -> None:
    render(tmp_path / "made", {"project_name": "Package", "package_name": "package", **row}, {}, ask=False)
    rendered = {path.relative_to(tmp_path / "made").as_posix() for path in (tmp_path / "made").rglob("*")}
    rendered = {path for path in rendered if (tmp_path / "made" / path).is_file()}
    patterns = [pattern for feature in arrays.features_of(row).values() for pattern in feature["files"]]
    assert rendered == {path for path in template_files() if belongs(path, patterns)}
    if row["profile"] == "research" and row["accelerator"] == "cpu":
        assert len(rendered) <= 35


def test_every_question_changes_what_is_rendered() -> None:
    used = Counter(q for feature in arrays.features().values() for q in feature.get("questions", ()))
    conditions = Counter(q for feature in arrays.features().values() for q in feature.get("when", {}))
    assert arrays.asked().keys() <= used.keys() | conditions.keys()
