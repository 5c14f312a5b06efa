"""A rendering in memory is what copier writes, file by file; refusals are copier's, too."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import arrays
import pytest

from mlscaffold.errors import Stop
from mlscaffold.upkeep import render as by_copier
from mlscaffold.upkeep.answers import insist, settle
from mlscaffold.upkeep.rendering import ANSWERS_FILE, render
from mlscaffold.upkeep.template import File, Template, current, from_folder, tree_id

FEW = [
    *arrays.pairwise()[:2],
    {"project_name": "Überlauf & Co", "license": "Apache-2.0", "code_owners": "@a @b"},
]
SAME = {"author": "Ada", "year": "2026"}


def files_of(folder: Path) -> dict[str, File]:
    return {
        p.relative_to(folder).as_posix(): File(
            p.read_bytes(), "100755" if os.access(p, os.X_OK) else "100644"
        )
        for p in folder.rglob("*")
        if p.is_file() and p.name != ANSWERS_FILE
    }


@pytest.mark.parametrize(
    "row",
    [*FEW, *(pytest.param(row, marks=pytest.mark.slow) for row in arrays.pairwise()[2:])],
    ids=lambda row: "-".join(row.values())[:60],
)
def test_the_same_as_copier(row: arrays.Row, tmp_path: Path) -> None:
    made = tmp_path / "churn"
    by_copier.render(made, row | SAME, {}, ask=False)
    ours = render(current(), insist(settle(current(), row | SAME, "churn")))
    assert dict(ours) == files_of(made)


@pytest.mark.parametrize(
    "given",
    [
        {"license": "WTFPL"},
        {"project_name": "a\nb"},
        {"package_name": "class"},
        {"accelerator": "gpu", "framework": "scikit-learn"},
        {"data_remote": "s3", "data_remote_url": ""},
        {"year": "twenty"},
    ],
)
def test_refused_by_both(given: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(Stop):
        by_copier.render(tmp_path / "x", given, {}, ask=False)
    refused = settle(current(), given, "x").refused
    assert refused[0].question == list(given)[-1]
    with pytest.raises(Stop, match=refused[0].question):
        insist(settle(current(), given, "x"))


def small(text: str, **files: str) -> Template:
    parts = {"copier.yml": text} | {f"template/{name}": body for name, body in files.items()}
    return Template("1", {path: File(body.encode()) for path, body in parts.items()})


def test_a_required_question_is_missing() -> None:
    settled = settle(small("_subdirectory: template\nwho:\n  type: str\n  help: Who?\n"), {}, "x")
    assert [(r.question, r.why) for r in settled.refused] == [("who", "missing")]
    assert "Who?" in settled.refused[0].message


def test_what_is_no_question_any_more_is_told() -> None:
    assert settle(small("a: 1\n"), {"a": 2, "b": 3}, "x").unknown == ("b",)


def test_a_broken_template_is_named() -> None:
    broken = small("_subdirectory: template\na: 1\n", **{"f.txt.jinja": "{% if %}"})
    with pytest.raises(Stop, match=r"f\.txt\.jinja:1 cannot be rendered"):
        render(broken, settle(broken, {}, "x"))


def test_a_tree_has_the_id_that_git_gives(tmp_path: Path) -> None:
    files = {
        "a.txt": File(b"1"),
        "a/b": File(b"2", "100755"),
        "a-b": File(b"3"),
        "z": File(b"a.txt", "120000"),
    }
    for path, file in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        if path == "a.txt":
            continue
        if file.mode == "120000":
            (tmp_path / path).symlink_to(file.content.decode())
        else:
            (tmp_path / path).write_bytes(file.content)
            (tmp_path / path).chmod(int(file.mode[-3:], 8))
    (tmp_path / "a.txt").write_bytes(b"1")
    for argv in (["init", "-q"], ["add", "-A"], ["write-tree"]):
        done = subprocess.run(["git", *argv], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert tree_id(files) == done.stdout.strip()


def test_the_template_is_the_checkout() -> None:
    root = Path(__file__).parents[2]
    assert current().tree == from_folder(root).tree
    assert {"copier.yml", "mlscaffold/standard/upkeep.yml", "template/Makefile"} <= set(current().files)
