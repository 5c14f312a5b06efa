"""A monorepo: its packages are found, and audited each with what the root gives them."""

import json
import subprocess
from pathlib import Path

import pytest

from mlscaffold import standard
from mlscaffold.cli import main
from mlscaffold.repo.packages import packages
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.separate_projects import collected
from mlscaffold.repo.trees.memory import MemoryTree

PROJECT = (
    '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["numpy==2.0.0"]\n'
)
MONOREPO = {
    "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person\n",
    ".gitignore": ".venv/\n__pycache__/\n",
    "core/pyproject.toml": PROJECT.format("core"),
    "core/uv.lock": 'requires-python = ">=3.11"\n\n[[package]]\nname = "numpy"\nversion = "2.0.0"\n',
    "core/src/core/__init__.py": "import numpy\n",
    "serving/pyproject.toml": PROJECT.format("serving"),
    "serving/app.py": 'import numpy\n\nPATH = "/home/carla/models/best.npz"\n',
}


def found(files: dict[str, str]) -> tuple[str, ...]:
    return packages(Repo(MemoryTree(files), standard.load()))


def test_packages_are_found() -> None:
    assert found(MONOREPO) == ("core", "serving")


@pytest.mark.parametrize(
    ("why", "files"),
    [
        (
            "one package in a folder is no monorepo",
            {"src/pyproject.toml": PROJECT, "src/a.py": "", "b.py": ""},
        ),
        (
            "settings of tools declare no project",
            {
                "a/pyproject.toml": "[tool.ruff]\n",
                "a/a.py": "",
                "b/pyproject.toml": "[tool.black]\n",
                "b/b.py": "",
            },
        ),
        (
            "examples are no packages",
            {f"examples/{n}/{f}": PROJECT for n in "ab" for f in ("pyproject.toml", "a.py")},
        ),
        ("a manifest without sources", {"a/pyproject.toml": PROJECT, "b/pyproject.toml": PROJECT}),
        (
            "a package inside a package belongs to it",
            {f"{at}/{f}": PROJECT for at in ("a", "a/plugins/b") for f in ("pyproject.toml", "x.py")},
        ),
    ],
)
def test_what_is_no_monorepo(why: str, files: dict[str, str]) -> None:
    assert found(files) == (), why


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    for path, text in MONOREPO.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("options", [[], ["--rev", "HEAD"]])
def test_each_package_is_asked_with_what_the_root_gives_it(
    monorepo: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(monorepo), "--packages", "--format", "json", *options]) == 1
    report = json.loads(capsys.readouterr().out)
    core, serving = report["members"]
    outcomes = {r["code"]: r for r in serving["results"]}
    assert outcomes["ENV102"]["outcome"] == "failed"
    assert outcomes["ENV102"]["answers"][0]["path"] == "serving/pyproject.toml"
    assert outcomes["DOC103"]["answers"][0] == {"kind": "satisfied", "path": "LICENSE", "by": "licence file"}
    assert "ENV102" in serving["failed"]
    assert "ENV102" not in core["failed"]
    assert {r["code"]: r["outcome"] for r in core["results"]}["ENV102"] == "passed"


def test_nothing_is_said_twice(monorepo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["audit", str(monorepo), "--packages"])
    said = capsys.readouterr().out.partition("\nNext")[0]
    assert said.count("/home/carla/models/best.npz") == 1
    assert said.count("DOC101 There is no README") == 1
    assert "\nPackage serving · " in said


def test_without_the_option_the_packages_are_named(
    monorepo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(monorepo)])
    assert "2 packages: core, serving. --packages audits each as well." in capsys.readouterr().out


TRAINS = "import torch\nloss.backward()\nif __name__ == '__main__':\n    open('/home/carla/x')\n"


def collection(*names: str) -> dict[str, str]:
    return {f"{name}/train.py": TRAINS for name in names} | {"README.md": "# Examples\n"}


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (("a", "b", "c/d", "c/e"), collection("a", "b", "c/d", "c/e")),
        ((), collection("a", "b")),
        ((), collection("a", "b", "c") | {"c/train.py": "import a.train\n" + TRAINS, "b/x.py": "import a\n"}),
        ((), collection("examples/a", "examples/b", "examples/c")),
    ],
    ids=["projects", "two halves", "imported", "examples of one library"],
)
def test_projects_of_a_collection(expected: tuple[str, ...], files: dict[str, str]) -> None:
    assert collected(Repo(MemoryTree(files), standard.load())) == expected


def test_the_projects_of_a_collection_are_named_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, text in collection("faces", "maps", "words").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    main(["audit", str(tmp_path)])
    named = "3 projects that share nothing else: faces, maps, words. --packages audits each as well."
    assert named in capsys.readouterr().out
    main(["audit", str(tmp_path), "--packages"])
    assert "\nProject maps · " in capsys.readouterr().out
