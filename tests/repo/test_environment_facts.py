import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlscaffold import rules, standard
from mlscaffold.repo.environments.containers import dockerfiles, filled, instructions, pin
from mlscaffold.repo.environments.locks import deps_pinned, locks, other_locks
from mlscaffold.repo.environments.manifests import manifests
from mlscaffold.repo.environments.python_version import allows, image_python, python_versions
from mlscaffold.repo.environments.requirements import read_requirements, requirement
from mlscaffold.repo.python.third_party import third_party
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.ci import runs_tests
from mlscaffold.repo.teamwork.commands import expand, targets
from mlscaffold.repo.teamwork.tests import asserting
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report.words import lines

OURS = [
    rule
    for code, rule in rules.load().items()
    if code.startswith("ENV")
    or code in ("REP106", "TEAM101", "TEAM103", "TEAM104", "TEAM105", "TEAM106", "TEAM107")
]


def words(text):
    return text.split()


PATHS = words("""
    requirements.txt requirements/dev.in pyproject.toml setup.py setup.cfg Pipfile Pipfile.lock
    environment.yml uv.lock conda-lock.yml Dockerfile docker/x.Dockerfile compose.yaml
    .devcontainer/devcontainer.json x.def Jenkinsfile .github/workflows/ci.yml .gitlab-ci.yml
    .travis.yml azure-pipelines.yml lefthook.yml prek.toml .pre-commit-config.yaml Makefile justfile
    tox.ini noxfile.py tasks.py package.json dvc.yaml tests/test_a.py default.nix .python-version
    DESCRIPTION Project.toml pixi.toml README.md Taskfile.yml
""")
PIECES = [
    *words("""
    : = == >= [ ] { } ( ) ' " # - -r -e @ $ ${A} ${{ && | ; << EOF * , . / numpy 1.0 3.11 make pytest test:
    FROM AS ARG RUN COPY USER pip install project dependencies [project] [tool.poetry] jobs: requires-python
    steps: run: script: repos: hooks: id: on: services: image: assert import from null &a *a --hash=sha256:
    true name git+https://a/b [testenv] commands [tool.black] [[package]] version
"""),
    "\n",
    " \t",
    "\\\n",
    "def test_a():",
    "# via",
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join).map(str.encode)


def spoken(files):
    repo = Repo(MemoryTree(files), standard.load())
    answers = [a for rule in OURS if not rule.not_applicable(repo) for a in rule.answers(repo, repo.standard)]
    return [line for answer in answers for line in lines(answer)]


def repo_of(**files):
    return Repo(MemoryTree({name.replace("__", "/"): text for name, text in files.items()}), standard.load())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(PATHS), st.one_of(SOUP, st.binary(max_size=80))), min_size=1, max_size=4
    )
)
def test_any_bytes_in_any_of_our_files_give_answers_and_no_crash(files):
    spoken({"a.py": b"import numpy", **dict(files)})


@pytest.mark.parametrize(
    "piece", ["a", " ", "[", "(", "-", "#", "\\\n", "$(", "${", "make ", "a:", "import a,", "\t", "==", "a\n"]
)
def test_a_long_run_of_anything_takes_no_long_time(piece):
    body = (piece * 40_000)[:120_000].encode()
    spoken(
        dict.fromkeys(
            ("requirements.txt", "Dockerfile", "Makefile", "a.py", "tests/test_a.py", "setup.py", "x.def"),
            body,
        )
    )


@pytest.mark.parametrize(
    ("text", "name", "exact", "series"),
    [
        ("numpy", "numpy", False, False),
        ("scikit_learn == 0.21.3", "scikit-learn", True, False),
        ("torch==1.8.*", "torch", False, True),
        ("a.b[x,y]~=1.2 ; python_version<'3'", "a-b", False, True),
        ("x>=1,<2", "x", False, False),
        ("git+https://github.com/a/smac.git", "smac", False, False),
        ("-e git+https://github.com/a/b.git@0123abc#egg=c", "c", True, False),
        ("p @ https://example.org/p-1.0.whl", "p", False, False),
    ],
)
def test_a_requirement_tells_how_much_of_it_is_pinned(text, name, exact, series):
    read = requirement(text)
    assert (read.name, read.exact, read.series) == (name, exact, series)


def test_a_path_or_an_option_is_no_requirement():
    read = read_requirements("./local\npackages/mine\n--index-url x\n-r base.txt\n-c limits.txt\n# a\n")
    assert (read.requirements, read.includes, read.constraints) == ((), ("base.txt",), ("limits.txt",))


LISTED = "# $ conda create --name <env> --file <this file>\nnumpy=1.26=pypi_0\npython=3.11.4=he1021f5_0\n"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("numpy==1.26\r\n".encode("utf-16"), (["numpy"], "exact", [])),
        ("numpy\r\n".encode("utf-16"), (["numpy"], "none", [])),
        (LISTED.encode(), (["numpy"], "exact", ["3.11.4"])),
        (LISTED.encode("utf-16"), (["numpy"], "exact", ["3.11.4"])),
        (b"numpy=1.26\npython==3.11\n", (["numpy", "python"], "partial", [])),
    ],
)
def test_lists_of_conda_and_of_powershell_are_read(content: bytes, found: object) -> None:
    repo = Repo(MemoryTree({"requirements.txt": content}), standard.load())
    names = [r.name for m in manifests(repo) for r in m.requirements]
    assert (names, deps_pinned(repo), [p.said for p in python_versions(repo)]) == found


def test_a_line_end_of_one_byte_after_characters_of_two_is_told() -> None:
    content = "numpy==1.26\n".encode("utf-16") + b"\n"
    repo = Repo(MemoryTree({"requirements.txt": content}), standard.load())
    assert [r.name for m in manifests(repo) for r in m.requirements] == ["numpy"]
    assert repo.unreadable["requirements.txt"].reason == "ends within a character of UTF-16"


def test_only_text_may_be_of_two_bytes_a_character() -> None:
    content = "dependencies: [numpy=1.26]\n".encode("utf-16")
    repo = Repo(MemoryTree({"environment.yml": content}), standard.load())
    assert repo.text("environment.yml") is None
    assert list(repo.unreadable) == ["environment.yml"]


@pytest.mark.parametrize(
    ("spec", "minor", "allowed"),
    [
        (">=3.9,<3.12", "3.12", False),
        (">=3.9,<3.12", "3.11", True),
        ("^3.9", "3.13", True),
        ("^3.9", "3.8", False),
        ("~=3.10", "3.12", True),
        ("~=3.10.2", "3.11", False),
        ("3.11.*", "3.11", True),
        ("==3.7", "3.8", False),
        (">=3", "3.8", True),
        (">=3.7.1,<3.10", "3.10", False),
        ("3.8 || 3.9", "3.9", True),
    ],
)
def test_a_range_has_room_for_a_version_or_not(spec, minor, allowed):
    assert allows(spec, minor) is allowed


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("python:3.11-slim", "3.11"),
        ("public.ecr.aws/lambda/python:3.7", "3.7"),
        ("mcr.microsoft.com/devcontainers/python:1-3.12-bullseye", "3.12"),
        ("example.org/training:2.4.1-gpu-py37-cu110", "3.7"),
        ("nvcr.io/nvidia/pytorch:22.11-py3", ""),
        ("continuumio/miniconda3:4.7.12", ""),
    ],
)
def test_an_image_states_a_python_version_or_none(image, version):
    assert image_python(image) == version


def test_a_port_of_a_registry_is_no_tag():
    assert pin("localhost:5000/a/b") == "latest/untagged"


def test_arguments_are_filled_in_with_their_defaults():
    assert filled("${A:-x}/$B:${C}", {"B": "b"}) == "x/b:${C}"


def test_comments_and_here_documents_do_not_end_an_instruction():
    text = "FROM a\nRUN x && \\\n  # why\n  y\nRUN <<EOF\nFROM b\nEOF\nUSER ml\n"
    assert [(i.word, i.line) for i in instructions(text)] == [
        ("FROM", 1),
        ("RUN", 2),
        ("RUN", 5),
        ("USER", 8),
    ]


def test_four_empty_dockerfiles_are_none():
    assert dockerfiles(repo_of(Dockerfile="", a__Dockerfile="\n", b__Dockerfile="# FROM a\n")) == ()


def test_a_lock_serves_the_manifest_that_it_was_made_from():
    repo = repo_of(
        **{
            "requirements__prod.in": "six\n",
            "requirements__prod.txt": "six==1.16.0\n    # via -r requirements/prod.in\n",
        }
    )
    assert locks(repo)[0].serves == ("requirements/prod.in", "requirements/prod.txt")


def test_the_lock_of_another_language_is_no_python_lock():
    repo = repo_of(**{"renv.lock": "{}", "package-lock.json": "{}", "dvc.lock": "schema: '2.0'\n"})
    assert (locks(repo), [lock.path for lock in other_locks(repo)]) == (
        (),
        ["package-lock.json", "renv.lock"],
    )


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("a==1\nb==2\n", "exact"),
        ("a==1\nb\n", "partial"),
        ("a~=1.0\nb>=2\n", "partial"),
        ("a\nb>=2\n", "none"),
        ("", "none"),
    ],
)
def test_pins_are_counted_over_everything_that_is_declared(text, level):
    assert deps_pinned(repo_of(**{"requirements.txt": text})) == level


def test_dependencies_are_read_from_a_package_without_running_it():
    call = "setup(install_requires=['a>=1'], python_requires='>=3.9')"
    setup = f"import os\nos.abort()\nfrom setuptools import setup\n{call}\n"
    manifest = manifests(repo_of(**{"setup.py": setup}))[0]
    assert ([r.name for r in manifest.requirements], manifest.python, manifest.python_line) == (
        ["a"],
        ">=3.9",
        4,
    )


@pytest.mark.parametrize(
    ("command", "tests"),
    [
        ("pytest -q", True),
        ("python3 -m unittest discover", True),
        ("$(VENV)/bin/pytest", True),
        ("poetry run pytest", True),
        ("pip install pytest", False),
        ("uv pip install pytest==8.0", False),
        ("python pytest_report.py", False),
        ("cat pytest.ini", False),
    ],
)
def test_a_command_runs_tests_or_only_names_a_runner(command, tests):
    assert runs_tests(command) is tests


def test_a_command_is_followed_through_targets_in_circles():
    repo = repo_of(Makefile="a: b\n\tmake b\nb:\n\tmake a\n\tbash x.sh\n", **{"x.sh": "make a\npytest\n"})
    assert "pytest" in list(expand(repo, "make a"))


def test_a_variable_of_make_is_no_target():
    assert [t.name for t in targets(repo_of(Makefile="A := b\nB=c:d\nall: x\n\techo $(A)\n"))] == ["all"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def test_a():\n    print(1)\n\nassert True\n", 0),
        ("def test_a(\n    x,\n):\n    assert x\n", 1),
        ("class TestA:\n    def test_a(self):\n        with pytest.raises(E):\n            f()\n", 1),
        ("class Trainer:\n    def test_a(self):\n        assert 1\n", 0),
        ("def test(model, rows):\n    assert rows\n", 0),
        ("def test():\n    assert 1\n", 1),
        ("def test_a(): assert 1\ndef test_b():\n    # assert\n    pass\n", 1),
    ],
)
def test_only_functions_that_assert_are_tests(text, count):
    assert asserting(text) == count


def test_prose_and_own_modules_are_no_imports_of_others():
    files = {
        "a.py": '"""\nimport the data\nfrom here on\n"""\nimport b, os\nfrom c.d import e\n',
        "c/d.py": "import torch as th\n",
    }
    names = [i.name for i in third_party(Repo(MemoryTree(files), standard.load()))]
    assert names == ["b", "torch"]


def test_every_pattern_of_the_catalogue_compiles():
    for tool in standard.load().tools.values():
        for command in tool.facts.get("commands", ()):
            re.compile(command)
