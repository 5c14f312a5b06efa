"""Released versions of small templates, in a bundle of a test's own."""

import datetime
from collections.abc import Mapping
from pathlib import Path

from release.release_template import extended

from mlscaffold.upkeep import bundle as bundles
from mlscaffold.upkeep.bundle import Bundle
from mlscaffold.upkeep.history import History
from mlscaffold.upkeep.template import QUESTIONS, File, Template

FIRST_DAY = datetime.date(2026, 1, 1)
SETTINGS = "_subdirectory: template\n_templates_suffix: .jinja\n_envops: {keep_trailing_newline: true}\n"
ASKED = "project_name: {type: str, default: churn}\n"
STANDARD = "mlscaffold/standard/"


def template(version: str, files: Mapping[str, str | bytes | File], questions: str = ASKED) -> Template:
    """A version that makes these files; `questions` is YAML, and may `!include` a file of the standard."""
    found = {QUESTIONS: File((SETTINGS + questions).encode())}
    for path, content in files.items():
        place = path if path.startswith(STANDARD) else f"template/{path}"
        found[place] = _file(content)
    return Template(version, dict(sorted(found.items())))


def _file(content: str | bytes | File) -> File:
    match content:
        case File():
            return content
        case str():
            return File(content.encode())
        case _:
            return File(content)


def history(tmp_path: Path, *templates: Template) -> History:
    """These versions, released one after the other, a day apart."""
    bundle = Bundle({}, b"")
    for number, one in enumerate(templates):
        bundle = extended(bundle, one, FIRST_DAY + datetime.timedelta(number))
    file = tmp_path / "history.bundle"
    file.write_bytes(bundles.written(bundle))
    return History(file)


CI = """\
name: CI
on: [push]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: {}
"""
PYPROJECT = """\
[project]
name = "{{ project_name }}"
requires-python = ">=%s"

[tool.ruff]
line-length = 100
"""
README = "# {{ project_name }}\n\nMade by the template.\n"
SETTINGS_OF_TRAINING = "".join(f"parameter_{n}: {n}\n" for n in range(20))

THREE = (
    template(
        "0.1.0",
        {
            ".github/workflows/ci.yml": CI.format("make test"),
            "README.md.jinja": README,
            "config/settings.yaml": SETTINGS_OF_TRAINING,
            "pyproject.toml.jinja": PYPROJECT % "3.11",
            "tools/legacy.py": "print('legacy')\n",
        },
    ),
    template(
        "0.2.0",
        {
            ".github/workflows/ci.yml": CI.format("make lint test"),
            "README.md.jinja": README,
            "config/train.yaml": SETTINGS_OF_TRAINING,
            "pyproject.toml.jinja": PYPROJECT % "3.11",
            "tools/legacy.py": "print('legacy')\n",
        },
    ),
    template(
        "0.3.0",
        {
            ".github/workflows/ci.yml": CI.format("make lint test"),
            "CONTRIBUTING.md": "Run `make test` before you push.\n",
            "README.md.jinja": README,
            "config/train.yaml": SETTINGS_OF_TRAINING,
            "pyproject.toml.jinja": PYPROJECT % "3.12",
        },
        ASKED + "notebooks: {type: bool, default: true}\n",
    ),
)
"""CI changes and a file is renamed; then Python's floor rises, a file goes, one comes, one question more."""
