"""Files that are added to somebody else's repository: they work there, and claim nothing that is not so."""

import datetime
import json
import os
import posixpath
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from adopted import REPOSITORIES, notebook

from mlscaffold import rules, standard
from mlscaffold.audit import audit
from mlscaffold.config import Config
from mlscaffold.edits import FromTemplate
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.rule import Finding
from mlscaffold.upkeep.adding.adoptable import Offer, Withheld, offered, source
from mlscaffold.upkeep.adding.practices import PRACTICES
from mlscaffold.upkeep.answering.infer import inferred
from mlscaffold.upkeep.template import current

BIN = Path(sys.executable).parent
TODAY = datetime.date(2026, 1, 1)
ALL = rules.load()
PRODUCTION = Config(profile="production")
OFTEN = ("pip", "notebooks", "r", "gitlab", "mkdocs", "stated")
"""The other repositories are tried where there is time."""

CASES = [
    pytest.param(name, path, id=f"{name}-{path}", marks=() if name in OFTEN else pytest.mark.slow)
    for name in REPOSITORIES
    for path in PRACTICES
]
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


Asked = dict[tuple[str, str, str], str]
"""Findings by code, path and key, each with the path of the template that it asks for."""


def findings(files: Mapping[str, str]) -> Asked:
    """Every finding, those that wait for the cause of another one too."""
    tree = repo(files)
    report = audit(tree, PRODUCTION, ALL, tool="test", today=TODAY)
    assert not report.crashed
    waiting = [r.rule for r in report.of("blocked") if not r.rule.not_applicable(tree)]
    found = [(rule.code, a) for rule in waiting for a in rule.answers(tree, tree.standard)]
    found += [(r.rule.code, a) for r in report.of("failed") for a in r.findings]
    return {
        (code, f.path, f.key or f.message): f.fix.path if isinstance(f.fix, FromTemplate) else ""
        for code, f in found
        if isinstance(f, Finding)
    }


@cache
def before(name: str) -> Asked:
    return findings(REPOSITORIES[name])


@pytest.mark.parametrize(("name", "path"), CASES)
def test_what_is_added_is_right_there(name: str, path: str) -> None:
    files = REPOSITORIES[name]
    made = offer(files, path)
    if isinstance(made, Withheld):
        assert made.reason[-1:] not in ("", ".")
        return
    after = laid(files, made)
    now = findings(after)
    assert {code for code, *_ in now} <= {code for code, *_ in before(name)}
    assert [finding for finding, asked in before(name).items() if asked == path and finding in now] == []
    for added, file in made.files.items():
        text = file.content.decode()
        assert re.search(r"[^\n]\n\Z", text), added
        assert not re.search(r"\n\n\n|[ \t]$", text, re.M), added
        assert not OURS.search(text), f"{added}: {OURS.search(text)}"
        assert not [p for p in named(added, text) if not there(after, p)], added
        parses(added, text)


def named(path: str, text: str) -> list[str]:
    """The paths that a text names as files or folders of the repository, from its root."""
    home = posixpath.dirname(path)
    links = [posixpath.normpath(posixpath.join(home, p)) for p in re.findall(r"\]\(([^)#:]+)[^):]*\)", text)]
    literals = re.findall(r"`([\w.-]+/[\w./-]*|[\w-]+\.(?:py|md|toml|yml))`", text)
    lines = re.findall(r"(?:-r|--file|COPY(?: --chown=\S+)?) ([\w./-]+)", text)
    return [*links, *literals, *(p for p in lines if p != ".")]


def there(files: Mapping[str, str], path: str) -> bool:
    return path in files or any(p.startswith(path.rstrip("/") + "/") for p in files)


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


def test_a_licence_is_never_chosen_for_its_owner() -> None:
    files = REPOSITORIES["pip"]
    assert isinstance(offer(files, "LICENSE"), Withheld)
    made = offer(files, "LICENSE", license="MIT", author="Anna Lee")
    assert isinstance(made, Offer)
    assert b"Anna Lee" in made.files["LICENSE"].content


def test_a_page_brings_its_entry_in_the_navigation_and_keeps_the_rest() -> None:
    files = REPOSITORIES["mkdocs"]
    made = offer(files, "docs/roles.md")
    assert isinstance(made, Offer)
    entry = "  - Roles: roles.md\n"
    assert made.files["mkdocs.yml"].content.decode().replace(entry, "") == files["mkdocs.yml"]
    assert {"Roles": "roles.md"} in yaml.safe_load(made.files["mkdocs.yml"].content)["nav"]


def test_what_a_person_must_write_is_said() -> None:
    made = offer(REPOSITORIES["pip"], "docs/data-dictionary.md")
    assert isinstance(made, Offer)
    assert made.open[0] == "docs/data-dictionary.md:7: what a means, and its unit"
    assert len(made.open) == 5


@pytest.mark.parametrize(
    ("name", "command"),
    [("uv", "uv run python src/churn/train.py"), ("conda", "python train.py"), ("pip", "python train.py")],
)
def test_a_command_runs_in_the_environment_of_its_manager(name: str, command: str) -> None:
    made = offer(REPOSITORIES[name], "docs/onboarding.md")
    assert isinstance(made, Offer)
    assert f"\n{command}\n" in made.files["docs/onboarding.md"].content.decode()


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("bare", ".github/workflows/ci.yml", "no test asserts anything: write one first (TEAM101)"),
        ("gitlab", ".github/workflows/ci.yml", "the repository is on GitLab, which does not read it"),
        ("lefthook and just", ".pre-commit-config.yaml", "lefthook.yml is what runs hooks already"),
        ("pip", "README.md", "README.md is there already"),
        ("conda", ".github/dependabot.yml", "nothing here is of a kind that Dependabot renews"),
        ("pip", "tasks.py", "the template has no text of it for a repository that it did not make"),
        ("pip", "src/churn/train.py", "the template has no text of it for a repository that it did not make"),
        (
            "bare",
            "Dockerfile",
            "nothing holds the versions that an image would install: lock them first (ENV102)",
        ),
    ],
)
def test_what_is_withheld_and_why(name: str, path: str, reason: str) -> None:
    assert offer(REPOSITORIES[name], path) == Withheld(reason)


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        ("pip", ["python -m pip install -r requirements-dev.txt", "python -m pytest tests"]),
        ("uv", ["python -m pip install uv==0.13.9\nuv sync --locked", "uv run python -m pytest tests"]),
        ("poetry", ["python -m pip install poetry==1.8.3\npoetry install --no-interaction", "make test"]),
    ],
)
def test_ci_runs_what_the_repository_has(name: str, commands: list[str]) -> None:
    made = offer(REPOSITORIES[name], ".github/workflows/ci.yml")
    assert isinstance(made, Offer)
    assert [step.strip() for step in steps(made)] == commands


def steps(made: Offer) -> list[str]:
    """The shell commands of the first job."""
    workflow = yaml.safe_load(made.files[".github/workflows/ci.yml"].content)
    return [step["run"] for step in next(iter(workflow["jobs"].values()))["steps"] if "run" in step]


SMALL = {
    "README.md": "# Words\n",
    "words.py": "def count(text):\n    return len(text.split())\n",
    "tests/test_words.py": "from words import count\n\n\ndef test_count():\n    assert count('a b') == 2\n",
    "requirements.txt": "six==1.17.0\n",
}


def lay(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def shell(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """As a runner of the forge does: stop at the first command that fails."""
    path = f"{folder.parent / 'python' / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.slow
def test_the_job_really_installs_and_runs_the_tests(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    made = offer(SMALL, ".github/workflows/ci.yml")
    assert isinstance(made, Offer)
    lay(folder, laid(SMALL, made))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True)
    install, test = steps(made)
    done = shell(folder, install)
    assert done.returncode == 0, done.stderr
    assert "1 passed" in shell(folder, test).stdout
    (folder / "words.py").write_text("def count(text):\n    return 0\n", "utf-8")
    assert shell(folder, test).returncode == 1


@pytest.mark.slow
def test_the_hooks_really_stop_a_key_and_change_no_file(tmp_path: Path) -> None:
    files = {**SMALL, "a.ipynb": notebook("").replace("\n", " \n")}
    made = offer(files, ".pre-commit-config.yaml")
    assert isinstance(made, Offer)
    lay(tmp_path, laid(files, made))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    run = [str(BIN / "pre-commit"), "run", "--all-files"]
    done = subprocess.run(run, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    lay(tmp_path, {"key.txt": "-----BEGIN RSA " + "PRIVATE KEY-----\n", "a.ipynb": notebook("said")})
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    done = subprocess.run(run, cwd=tmp_path, check=False, capture_output=True, text=True)
    failed = re.findall(r"^(.*?)\.+Failed$", done.stdout, re.M)
    assert failed == ["private keys", "notebooks without outputs (clear them before the commit)"]
    assert subprocess.run(["git", "diff", "--quiet"], cwd=tmp_path, check=False).returncode == 0
