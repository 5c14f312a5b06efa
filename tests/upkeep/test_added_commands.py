"""The commands of an added workflow and image bring what the tests and the program need."""

from __future__ import annotations

import pytest
from test_adoptable import SMALL, offer, steps

from mlscaffold.upkeep.adding.adoptable import Offer


@pytest.mark.parametrize(
    ("more", "first"),
    [
        ({"README.md": "# Words\n\nCopy `.env.example` to `.env`.\n"}, "cp .env.example .env"),
        ({"README.md": "# Words\n\nSee `.env.example`.\n"}, "python -m pip install -r requirements.txt"),
        ({".env": "KEY=1\n"}, "python -m pip install -r requirements.txt"),
    ],
    ids=["as the README tells", "nobody tells", "is there"],
)
def test_ci_makes_the_settings_that_the_readme_tells_to_copy(more: dict[str, str], first: str) -> None:
    made = offer(SMALL | {".env.example": "KEY=\n"} | more, ".github/workflows/ci.yml")
    assert isinstance(made, Offer)
    assert steps(made)[0].splitlines()[0] == first


@pytest.mark.parametrize(
    ("more", "brings"),
    [
        ({}, "python -m pip install pytest=="),
        ({"Makefile": "test:\n\tpytest\n"}, "python -m pip install pytest=="),
        ({"uv.lock": "version = 1\n", "Makefile": "test:\n\tpytest\n"}, "uv run --with pytest=="),
    ],
    ids=["plain", "make", "make in an environment of uv"],
)
def test_ci_brings_pytest_where_only_the_tests_name_it(more: dict[str, str], brings: str) -> None:
    test = {"tests/test_words.py": "import pytest\n\n" + SMALL["tests/test_words.py"]}
    project = {"pyproject.toml": '[project]\nname = "words"\nversion = "1"\n'} if "uv.lock" in more else {}
    made = offer(SMALL | test | project | more, ".github/workflows/ci.yml")
    assert isinstance(made, Offer), made
    assert brings in "\n".join(steps(made))


@pytest.mark.parametrize(
    ("more", "command"),
    [
        ({"uv.lock": "version = 1\n"}, "RUN uv sync --locked --no-dev"),
        (
            {"poetry.lock": '[[package]]\nname = "six"\nversion = "1.17.0"\n'},
            "RUN poetry install --no-interaction --only-root",
        ),
    ],
    ids=["uv", "poetry"],
)
def test_an_image_holds_the_package_itself(more: dict[str, str], command: str) -> None:
    package = '[project]\nname = "words"\nversion = "1"\ndependencies = ["six"]\n'
    system = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    made = offer({"words/__init__.py": "", "pyproject.toml": package + system} | more, "Dockerfile")
    assert isinstance(made, Offer), made
    lines = made.files["Dockerfile"].content.decode().splitlines()
    assert lines.index("COPY --chown=app . .") < lines.index(command) < lines.index("USER app")
