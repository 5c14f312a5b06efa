"""Answers that other generators recorded, in the formats in which they record them."""

# ruff: noqa: E501 (a case a line)

import json

import pytest

from mlscaffold import standard
from mlscaffold.errors import Stop
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.upkeep.answering.foreign import foreign
from mlscaffold.upkeep.answering.infer import inferred
from mlscaffold.upkeep.answering.proven import Answer

CRUFT = {
    "template": "https://anna:token@forge.org/anna/template",
    "commit": "0",
    "context": {"cookiecutter": {
        "project_name": "Of Tides", "package_name": "of_tides", "author": "Anna Ek", "email": "a@ek.se",
        "license": "BSD 3-Clause License", "copyright_year": "2023", "_template": "x",
    }},
}  # fmt: skip


def recorded(files: dict[str, str]) -> dict[str, Answer]:
    return {a.question: a for a in foreign(Repo(MemoryTree(files), standard.load()))}


def values(files: dict[str, str]) -> dict[str, str | None]:
    return {question: answer.value for question, answer in recorded(files).items()}


def merged(files: dict[str, str]) -> dict[str, Answer]:
    return {a.question: a for a in inferred(Repo(MemoryTree(files), standard.load()))}


def test_cruft() -> None:
    assert values({".cruft.json": json.dumps(CRUFT, indent=2)}) == {
        "project_name": "Of Tides",
        "package_name": "of_tides",
        "author": "Anna Ek",
        "author_email": "a@ek.se",
        "license": "BSD-3-Clause",
        "year": "2023",
    }


def test_evidence_names_the_line_and_the_template_without_its_login() -> None:
    place = recorded({".cruft.json": json.dumps(CRUFT, indent=2)})["author"].evidence[0]
    assert place == (".cruft.json", 8, "author of https://forge.org/anna/template")


def test_copier_answers_of_another_template() -> None:
    text = (
        "_commit: 1.11.2\n_src_path: gh:anna/template\nauthor_fullname: Anna Ek\ncopyright_license: ISC\n"
        "copyright_date: '2020'\nproject_description: When the sea rises.\npython_package_import_name: tides\n"
        "python_package_distribution_name: of-tides\n"
    )
    assert values({".copier-answers.yml": text}) == {
        "description": "When the sea rises.",
        "author": "Anna Ek",
        "license": None,
        "package_name": "tides",
        "distribution_name": "of-tides",
        "year": "2020",
    }


def test_our_own_record_answers_every_question_as_it_stands() -> None:
    text = (
        "accelerator: cpu\nenvironment: uv\nlicense: MIT\nprofile: production\nproject_name: Of Tides\n"
        "tracker: none\nyear: '2024'\n_commit: v1\n"
    )
    found = merged({".copier-answers.yml": text, "LICENSE": "GNU GENERAL PUBLIC LICENSE\nVersion 3\n"})
    assert found["profile"].value == "production"
    assert found["environment"].value == "uv"
    assert found["year"].value == "2024"
    assert found["license"].value is None
    assert found["license"].said == "its licence is GPL-3.0; .copier-answers.yml records MIT"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".cookiecutter.json", '{"full_name": "Anna Ek", "_template": "gh:a/b"}'),
        (".cookiecutterrc", "default_context:\n    full_name: 'Anna Ek'\n"),
        (".cookiecutter.yml", "default_context:\n  full_name: Anna Ek\n"),
        (".cookiecutter.yaml", "cookiecutter:\n  full_name: Anna Ek\n"),
    ],
)
def test_contexts_of_cookiecutter(name: str, text: str) -> None:
    assert values({name: text}) == {"author": "Anna Ek"}


def test_cookiecutter_data_science_tells_storage_and_manager() -> None:
    context = {
        "environment_manager": "conda",
        "dataset_storage": {"s3": {"bucket": "b"}},
        "module_name": "tides",
    }
    text = json.dumps({"context": {"cookiecutter": context}})
    assert values({".cruft.json": text}) == {"environment": "conda-lock", "package_name": "tides"}


def test_a_manager_that_we_have_not_is_not_expressible() -> None:
    text = json.dumps({"context": {"cookiecutter": {"environment_manager": "poetry"}}})
    assert merged({".cruft.json": text})["environment"].said == ".cruft.json records poetry"


def test_a_layout_of_cookiecutter_data_science_names_the_project_in_its_makefile() -> None:
    files = {"README.md": "# X\n\n[x](https://drivendata.github.io/cookiecutter-data-science/)\n"}
    assert values(files) == {}
    assert values({**files, "Makefile": "PROJECT_NAME = of-tides\n"}) == {"project_name": "of-tides"}


def test_kedro() -> None:
    text = '[tool.kedro]\npackage_name = "tides"\nproject_name = "Of Tides"\n'
    assert values({"pyproject.toml": text}) == {"project_name": "Of Tides", "package_name": "tides"}
    assert values({"pyproject.toml": '[tool.kedro]\nproject_name = "New Kedro Project"\n'}) == {}


def test_what_nobody_filled_in_is_no_answer() -> None:
    assert (
        values({".cookiecutter.json": '{"full_name": "Your name", "project_name": "{{ x }}", "vcs": true}'})
        == {}
    )


def test_the_code_wins_over_the_record_and_the_difference_is_said() -> None:
    files = {".cookiecutter.json": '{"package_name": "old"}', "src/new/__init__.py": ""}
    found = merged(files)["package_name"]
    assert (found.value, found.said) == ("new", ".cookiecutter.json records old")
    assert [place.path for place in found.evidence] == ["src/new/__init__.py", ".cookiecutter.json"]


def test_the_record_wins_where_the_files_say_nothing() -> None:
    found = merged({".cookiecutter.json": '{"full_name": "Anna Ek"}'})["author"]
    assert (found.value, found.confidence) == ("Anna Ek", "certain")


def test_names_that_differ_in_spelling_agree() -> None:
    files = {
        ".cookiecutter.json": '{"project_name": "Of Tides"}',
        "setup.cfg": "[metadata]\nname = of-tides\n",
    }
    found = merged(files)["project_name"]
    assert (found.value, found.said) == ("Of Tides", "")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (".copier-answers.yml", "a: 1\nb: [\n", r"^\.copier-answers\.yml:\d is not valid YAML"),
        (".cruft.json", '{"a": 1,\n}', r"^\.cruft\.json:2 is not valid JSON"),
        (".cookiecutter.yml", "- 1\n", r"^\.cookiecutter\.yml holds no answers"),
    ],
)
def test_a_broken_record_is_named_at_its_line_and_not_passed_over(name: str, text: str, said: str) -> None:
    with pytest.raises(Stop, match=said):
        recorded({name: text})
