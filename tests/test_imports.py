"""What a command may import: every module of it is read and run before anything else happens."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mlscaffold
from mlscaffold import rules, standard

RUN = """
import io, sys
from mlscaffold.cli import main
shown, sys.stdout = sys.stdout, io.StringIO()
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=shown)
"""
HEAVY = (
    {
        "asyncio",
        "base64",
        "concurrent",
        "copier",
        "csv",
        "dataclasses",
        "difflib",
        "html",
        "http",
        "importlib.metadata",
    }
    | {
        "hashlib",
        "importlib.resources",
        "inspect",
        "jinja2",
        "logging",
        "mmap",
        "multiprocessing",
        "pickle",
        "random",
        "shutil",
        "socket",
        "sqlite3",
        "tempfile",
        "tomllib",
    }
    | {"ssl", "tarfile", "unittest", "urllib.request", "xml", "yaml", "zipfile"}
)
"""What no audit needs of a small tree without YAML, and without a cache."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, which has been run once."""
    folder = tmp_path_factory.mktemp("home")
    source = Path(mlscaffold.__file__).parent
    shutil.copytree(source, folder / "mlscaffold", ignore=shutil.ignore_patterns("__pycache__"))
    imported(folder, "audit", "--no-cache", str(folder / "mlscaffold" / "report"))
    return folder


def imported(home: Path, *arguments: str) -> set[str]:
    """The modules that a new process has in the end."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", RUN, *arguments]
    env |= {"PYTHONPATH": str(home)}
    return set(
        subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=True).stdout.split()
    )


def of_ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "mlscaffold"}


def test_the_version_needs_the_command_line_alone(home: Path) -> None:
    modules = imported(home, "--version")
    assert of_ours(modules) == {"mlscaffold", "mlscaffold.arguments", "mlscaffold.cli", "mlscaffold.errors"}
    assert not modules & (HEAVY | {"pathlib", "json", "subprocess", "hashlib", "datetime"})


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text("# Waves\n\nRun `python waves.py`.\n", "utf-8")
    (tmp_path / "waves.py").write_text("import numpy as np\n\nprint(np.zeros(3))\n", "utf-8")
    return tmp_path


def test_an_audit_of_a_small_tree_imports_nothing_heavy(home: Path, small: Path) -> None:
    assert not imported(home, "audit", "--no-cache", str(small)) & HEAVY


ABSENT = {
    "baselined",
    "page",
    "repo.committed.personal_tables",
    "repo.copies",
    "repo.data.described",
    "repo.data.dvc_differences",
    "repo.data.dvc_templates",
    "repo.environments.brought_along",
    "repo.environments.lock_contents",
    "repo.environments.platforms",
    "repo.environments.setup_files",
    "repo.ignore_entries",
    "repo.kept_hits",
    "repo.pages.card_numbers",
    "repo.teamwork.tool_versions",
}
"""What reads files that a small tree has not, or pays in a large one."""


def test_readers_of_what_is_not_there_are_not_imported(home: Path, small: Path) -> None:
    modules = imported(home, "audit", "--no-cache", "--profile", "production", str(small))
    assert not modules & {f"mlscaffold.{name}" for name in ABSENT}


@pytest.mark.parametrize("profile", ["research", "production"])
def test_an_audit_imports_the_rules_that_it_asks_alone(home: Path, small: Path, profile: str) -> None:
    modules = imported(home, "audit", "--no-cache", "--profile", profile, str(small))
    strengths = standard.load().profiles[profile]
    off = {rule.module for code, rule in rules.load().items() if strengths[code] == "off"}
    assert "mlscaffold.rules.documentation.no_readme" in modules
    assert not modules & off


def test_one_selected_rule_imports_its_own_module_alone(home: Path, small: Path) -> None:
    modules = of_ours(imported(home, "audit", "--no-cache", "--select", "DOC101", str(small)))
    rooms = {rule.module for rule in rules.load().values()}
    assert modules & rooms == {rules.load()["DOC101"].module}


def test_readers_of_other_languages_are_imported_where_such_sources_lie(home: Path, small: Path) -> None:
    readers = {
        f"mlscaffold.repo.training.{name}" for name in ("r_and_julia", "r_and_julia_runs", "jvm", "jvm_runs")
    }
    asked = ("--no-cache", "--select", "REP101,EXP101,EXP105,EXP106,EXP107", str(small))
    assert not imported(home, "audit", *asked) & readers
    (small / "Train.java").write_text("import weka.core.Instances;\n", "utf-8")
    assert "mlscaffold.repo.training.jvm_runs" in imported(home, "audit", *asked)
