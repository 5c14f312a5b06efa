"""What users install is the built wheel: it is built, installed elsewhere and used."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mlscaffold.upkeep.template import INCLUDED

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).parent / "uv"
pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert (
        not check or done.returncode == 0
    ), f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist made from this checkout, and the wheel made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = [p for p in folder.iterdir() if p.is_dir()]
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=unpacked)
    return folder


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds nothing but the wheel with its extra `new`."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (wheel,) = dist.glob("*.whl")
    run(UV, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    python = folder / "venv/bin/python"
    run(UV, "pip", "install", "--quiet", "--python", python, f"{wheel}[new]", cwd=folder)
    return folder / "venv/bin"


def of(folder: Path) -> set[str]:
    listed = run("git", "ls-files", "-z", folder.relative_to(ROOT), cwd=ROOT).stdout
    return {p for p in listed.split("\0") if p}


def test_wheel_holds_template_pages_and_the_compiled_standard(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    template = {f"mlscaffold/_template/{p}" for p in of(ROOT / "template")}
    assert template <= names, template - names
    package = of(ROOT / "mlscaffold") | {p.removeprefix("hooks/") for p in of(ROOT / "hooks")}
    package -= set(INCLUDED)  # with the template
    assert package <= names, package - names
    assert {f"mlscaffold/{room}/compiled.json" for room in ("standard", "rules")} <= names
    assert "mlscaffold/_template/copier.yml" in names
    assert not [
        n for n in names if n.endswith((".pyc", "/.standard.json")) or n.startswith(("tests/", "docs/"))
    ]


def test_version_and_rules(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "mlscaffold", "--version", cwd=tmp_path).stdout.startswith("mlscaffold-toolkit ")
    assert "VCS101" in run(installed / "mlscaffold", "rules", cwd=tmp_path).stdout
    assert "## Why" in run(installed / "mlscaffold", "explain", "VCS101", cwd=tmp_path).stdout


def test_the_installed_standard_is_the_checkout_s(installed: Path, tmp_path: Path) -> None:
    show = (
        "import json; from mlscaffold import standard; s = standard.load();"
        "print(json.dumps([s.values, s.profiles, {k: t._asdict() for k, t in s.tools.items()}]))"
    )
    ours = run(sys.executable, "-c", show, cwd=ROOT).stdout
    theirs = run(installed / "python", "-c", show, cwd=tmp_path).stdout
    assert json.loads(theirs) == json.loads(ours)


def test_the_installed_template_is_the_checkout_s_and_so_is_its_history(
    installed: Path, tmp_path: Path
) -> None:
    show = (
        "from mlscaffold.upkeep.history import History, carried; t, h = carried(), History();"
        "print(t.version, t.tree, *(h.template(v).tree for v in h.versions()))"
    )
    theirs = run(installed / "python", "-c", show, cwd=tmp_path).stdout
    assert theirs == run(sys.executable, "-c", show, cwd=ROOT).stdout


def test_new_makes_what_the_checkout_makes_and_audit_passes(installed: Path, tmp_path: Path) -> None:
    for name, tool in (("theirs", installed), ("ours", Path(sys.executable).parent)):
        run(tool / "mlscaffold", "new", f"{name}/churn", "--yes", cwd=tmp_path)
    files = [
        {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        for folder in (tmp_path / "theirs/churn", tmp_path / "ours/churn")
    ]
    theirs, ours = ({k: v for k, v in found.items() if not k.startswith(".git/")} for found in files)
    assert theirs == ours
    report = run(installed / "mlscaffold", "audit", "theirs/churn", cwd=tmp_path)
    assert report.returncode == 0
    hook = run(installed / "mlscaffold-audit", cwd=tmp_path / "theirs/churn")
    assert (
        hook.stdout
        == run(installed / "mlscaffold", "audit", "--staged", ".", cwd=tmp_path / "theirs/churn").stdout
    )


def test_without_the_extra_new_says_what_to_install(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    run(UV, "venv", "--quiet", "--python", sys.executable, "venv", cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--python", "venv/bin/python", wheel, cwd=tmp_path)
    done = run("venv/bin/mlscaffold", "new", "churn", "--yes", cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "mlscaffold-toolkit[new]" in done.stderr
    assert not (tmp_path / "churn").exists()
