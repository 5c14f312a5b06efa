"""Files that are added to somebody else's repository: they work there, and claim nothing that is not so."""

import datetime
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from adopted import REPOSITORIES

from mlscaffold import rules, standard
from mlscaffold.audit import Report, audit
from mlscaffold.config import Config
from mlscaffold.edits import FromTemplate
from mlscaffold.repo.memory import MemoryTree
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.adoptable import Offer, Withheld, offered, source
from mlscaffold.upkeep.infer import inferred
from mlscaffold.upkeep.practices import PRACTICES
from mlscaffold.upkeep.template import current

BIN = Path(sys.executable).parent
TODAY = datetime.date(2026, 1, 1)
ALL = rules.load()
CASES = [pytest.param(name, path, id=f"{name}-{path}") for name in REPOSITORIES for path in PRACTICES]
OURS = re.compile(r"tasks\.py|\.venv/hook|requirements-ui|mlscaffold|make (?:setup|repro|lint)")


def repo(files: Mapping[str, str]) -> Repo:
    return Repo(MemoryTree(files), standard.load())


def answers(files: Mapping[str, str]) -> dict[str, Any]:
    return {
        a.question: a.value
        for a in inferred(repo(files))
        if a.value is not None and a.confidence != "default"
    }


def offer(files: Mapping[str, str], path: str, **more: str) -> Offer | Withheld:
    return offered(path, current(), {**answers(files), **more}, repo(files))


def laid(files: Mapping[str, str], made: Offer) -> dict[str, str]:
    return {**files, **{path: file.content.decode() for path, file in made.files.items()}}


def audited(files: Mapping[str, str]) -> Report:
    return audit(repo(files), Config(profile="production"), ALL, tool="test", today=TODAY)


def failing(report: Report) -> dict[str, set[str]]:
    return {r.rule.code: {f"{f.path} {f.key or f.message}" for f in r.findings} for r in report.of("failed")}


@pytest.mark.parametrize(("name", "path"), CASES)
def test_what_is_added_is_right_there(name: str, path: str) -> None:
    files = REPOSITORIES[name]
    made = offer(files, path)
    if isinstance(made, Withheld):
        assert made.reason[-1:] not in ("", ".")
        return
    after = laid(files, made)
    before, now = failing(audited(files)), failing(audited(after))
    assert set(now) <= set(before), {code: now[code] for code in set(now) - set(before)}
    for code, finding in asking(audited(files), path):
        assert finding not in now.get(code, set()), f"{code} asked for {path}, and still fails"
    for added, file in made.files.items():
        text = file.content.decode()
        assert re.search(r"[^\n]\n\Z", text), added
        assert not re.search(r"\n\n\n|[ \t]$", text, re.M), added
        assert not OURS.search(text), f"{added}: {OURS.search(text)}"
        parses(added, text)


def asking(report: Report, path: str) -> list[tuple[str, str]]:
    """The findings that ask for the template's `path`, as `failing` writes them."""
    found = [(r.rule.code, f) for r in report.of("failed") for f in r.findings]
    return [(code, f"{f.path} {f.key or f.message}") for code, f in found if f.fix == FromTemplate(path)]


def parses(path: str, text: str) -> None:
    end = path.rpartition(".")[2]
    if end in ("yml", "yaml", "cff"):
        assert yaml.safe_load(text)
    elif end == "json":
        assert json.loads(text)
    elif end == "toml":
        assert tomllib.loads(text)


def written(folder: Path, path: str) -> list[str]:
    """What is offered for `path` in every repository, as files."""
    names = []
    for name, files in REPOSITORIES.items():
        made = offer(files, path)
        if isinstance(made, Offer):
            place = folder / name / path
            place.parent.mkdir(parents=True)
            place.write_bytes(made.files[path].content)
            names.append(str(place))
    assert len(names) >= 4
    return names


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (".github/workflows/ci.yml", ("check-jsonschema", "--builtin-schema", "vendor.github-workflows")),
        (".github/workflows/ci.yml", ("zizmor", "--offline", "--quiet")),
        (".github/dependabot.yml", ("check-jsonschema", "--builtin-schema", "vendor.dependabot")),
        (".pre-commit-config.yaml", ("pre-commit", "validate-config")),
    ],
    ids=["schema", "zizmor", "dependabot", "pre-commit"],
)
def test_the_tools_that_read_them_accept_them(path: str, command: tuple[str, ...], tmp_path: Path) -> None:
    tool, *options = command
    command = (str(BIN / tool), *options, *written(tmp_path, path))
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_practice_has_its_text() -> None:
    assert [path for path in PRACTICES if source(path) not in current().files] == []
