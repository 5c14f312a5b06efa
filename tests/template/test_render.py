"""Rendering: whatever is answered, the files are well formed, formatted and complete, or it is refused."""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import arrays
import pytest
import yaml

from mlscaffold.errors import Stop
from mlscaffold.upkeep.render import render, template_folder

AWKWARD = {
    "project_name": "Ün «Ω» \"q\" 'n' \\back\\ {braces} #1: a*b_c|d <x> & $HOME 🚀",
    "description": 'It says "no": \\n {stays} — 100 % of #tags, [links](x) and emoji 🎉',
    "author": 'O\'Brien & Søn: "the team"',
}
UNRENDERED = re.compile(r"(?<!\$)\{\{[^}]|\{%[ -]|\{#[ -]")


def make(folder: Path, **answers: str) -> Path:
    """Render into `folder` without asking."""
    render(folder / "made", {"project_name": "Churn model", **answers}, {}, ask=False)
    return folder / "made"


def texts(root: Path) -> dict[str, str]:
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def parse(name: str, text: str) -> Any:
    """Parse a file by the kind that its name tells."""
    if name.endswith((".json", ".ipynb")):
        return json.loads(text)
    if name.endswith(".toml"):
        return tomllib.loads(text)
    if name == "mkdocs.yml":
        return yaml.load(text, Loader=yaml.BaseLoader)  # it names Python objects
    if name.endswith((".yml", ".yaml", ".cff")):
        return yaml.safe_load(text)
    return compile(text, name, "exec") if name.endswith(".py") else text


def check_well_formed(root: Path) -> None:
    for name, text in texts(root).items():
        parse(name, text)
        assert not UNRENDERED.search(re.sub(r"\$\{\{.*?\}\}", "", text)), name
        assert text == "" or text.endswith("\n"), f"{name} has no last line end"
        assert not text.endswith("\n\n"), f"{name} ends with empty lines"
    assert not [path for path in root.rglob("*") if path.is_dir() and not any(path.iterdir())]


def check_formatted(root: Path) -> None:
    """Black and ruff as the generated project calls them change and find nothing."""
    for command in (["black", "--check", "--diff", "-q", "."], ["ruff", "check", "--no-cache", "."]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("row", arrays.pairwise(), ids=arrays.name)
def test_every_pair_of_answers_gives_well_formed_files(row: arrays.Row, tmp_path: Path) -> None:
    root = make(tmp_path, **row)
    check_well_formed(root)
    check_formatted(root)


def test_free_text_with_quotes_braces_and_emoji_is_kept_as_it_was_typed(tmp_path: Path) -> None:
    root = make(tmp_path, **AWKWARD, profile="production")
    check_well_formed(root)
    check_formatted(root)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["description"] == AWKWARD["description"]
    assert project["authors"][0]["name"] == AWKWARD["author"]
    container = json.loads((root / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert container["name"] == AWKWARD["project_name"]
    answers = yaml.safe_load((root / ".copier-answers.yml").read_text("utf-8"))
    assert {key: answers[key] for key in AWKWARD} == AWKWARD


@pytest.mark.parametrize("package", ["x", "a" * 40, "a_" * 19 + "b"])
def test_code_stays_formatted_whatever_the_length_of_the_package_name(package: str, tmp_path: Path) -> None:
    root = make(tmp_path, package_name=package, accelerator="gpu")
    check_formatted(root)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("Churn model", "churn_model"),
        ("Größe & Maß", "grosse_mass"),
        ("Модель", "model"),
        ("Ωmega Ångström", "omega_angstrom"),
        ("3D shapes", "project_3d_shapes"),
        ("机器学习", "project"),
        ("class", "class_project"),
        ("email", "email_project"),
        ("NumPy", "numpy_project"),
        ("a very long name that goes on and on and on", "a_very_long_name_that_goes_on"),
    ],
)
def test_the_package_is_named_after_the_project(name: str, package: str, tmp_path: Path) -> None:
    root = make(tmp_path, project_name=name, profile="research")
    assert [folder.name for folder in (root / "src").iterdir()] == [package]
    assert package.isidentifier()
    assert not keyword.iskeyword(package)


def test_no_module_of_the_standard_library_can_be_hidden() -> None:
    with template_folder() as folder:
        known = set((folder / "template/_parts/names.jinja").read_text("utf-8").split())
    assert {name for name in sys.stdlib_module_names if not name.startswith("_")} <= known
    assert {name for name in keyword.kwlist if name.islower()} <= known


REFUSED = [
    ({"project_name": ""}, "must contain a letter"),
    ({"project_name": "x" * 61}, "at most 60"),
    ({"project_name": "two\nlines"}, "one line"),
    ({"project_name": " blank "}, "begin or end with a blank"),
    ({"project_name": "{{ name }}"}, "never rendered"),
    ({"description": "x" * 201}, "at most 200"),
    ({"package_name": "class"}, "keyword of Python"),
    ({"package_name": "json"}, "standard library"),
    ({"package_name": "sklearn"}, "taken by a dependency"),
    ({"package_name": "my-pkg"}, "lower-case letter"),
    ({"package_name": "a" * 41}, "at most 40"),
    ({"distribution_name": "-x-"}, "distribution name"),
    ({"distribution_name": "mlscaffold"}, "taken by a dependency"),
    ({"accelerator": "gpu", "framework": "scikit-learn"}, "does not train on a GPU"),
    ({"license": "GPL"}, "license"),
    ({"data_remote": "s3"}, "begins with s3://"),
    ({"data_remote_url": "s3://x"}, "data_remote is none"),
    ({"data_remote": "ssh", "data_remote_url": "ssh://me:pw@host/x"}, "password"),
    ({"repository_url": "example.org"}, "https://"),
    ({"author_email": "nobody"}, "e-mail"),
    ({"code_owners": "me"}, "begins with @"),
    ({"year": "26"}, "four digits"),
    ({"standard": "{}"}, "is no answer"),
    ({"features": "{}"}, "are no answer"),
]


@pytest.mark.parametrize(("answers", "sentence"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_work_is_refused_with_a_sentence(
    answers: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(Stop, match=re.escape(sentence)):
        make(tmp_path, **answers)
    assert not (tmp_path / "made").exists() or not any((tmp_path / "made").iterdir())


def test_every_advanced_answer_is_kept_for_updates(tmp_path: Path) -> None:
    given = {
        "package_name": "kept",
        "data_remote": "disk",
        "data_remote_url": "/mnt/data",
        "code_owners": "@a/b",
    }
    answers = yaml.safe_load((make(tmp_path, **given) / ".copier-answers.yml").read_text("utf-8"))
    assert {key: answers[key] for key in given} == given
    assert not {"standard", "features"} & answers.keys()


def test_at_most_eight_questions_are_asked_and_each_has_an_answer() -> None:
    asked = {name: q for name, q in arrays.asked().items() if q.get("ask", True) and q.get("when", True)}
    assert len(asked) <= 8
    assert all("default" in question for question in arrays.asked().values())
