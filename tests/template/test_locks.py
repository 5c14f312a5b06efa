"""The shipped locks: they fit every system, every installer reads them, and locking again changes nothing.

Each system is proven by the resolver, which finds the real wheel of every pin for it; only the machine's own
system is installed. PyTorch needs macOS 14.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mlscaffold.upkeep.render import render

pytestmark = pytest.mark.slow

UV = Path(sys.executable).parent / "uv"
SYSTEMS = {
    "x86_64-manylinux_2_28": ("3.11", "3.12", "3.13"),
    "aarch64-manylinux_2_28": ("3.11", "3.12", "3.13"),
    "aarch64-apple-darwin": ("3.11", "3.13"),
    "x86_64-pc-windows-msvc": ("3.11", "3.13"),
}
KINDS = [{"framework": "scikit-learn"}, {"accelerator": "gpu"}]
TRACKERS = ("mlflow", "none")


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"} | more
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module", params=[(k, t) for k in KINDS for t in TRACKERS], ids=str)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locks") / "locks"
    kind, tracker = request.param
    render(folder, {"project_name": "Locks", "tracker": tracker, **kind}, {}, ask=False)
    return folder


def locks(project: Path) -> list[Path]:
    return sorted(project.glob("requirements*.txt"))


def names(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", lock.read_text("utf-8"), re.MULTILINE))


def test_no_lock_names_an_index_or_a_machine(project: Path) -> None:
    for lock in locks(project):
        text = lock.read_text("utf-8")
        assert not re.search(r"://|--(index|extra-index|find-links)|/opt|/tmp", text), lock.name
        assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z])", text)[1:])


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_package_has_a_file_for_each_system(project: Path, system: str) -> None:
    for lock in locks(project):
        for version in SYSTEMS[system]:
            wanted = lock.read_text("utf-8")
            if "+cpu" in wanted and "linux" in system and not (version == "3.11" and "x86_64" in system):
                pytest.skip("PyTorch's CPU build: only Linux x86_64 with Python 3.11 could be hashed here")
            if "gpu" in lock.name and "linux" not in system:
                continue
            resolve(project, lock, system, version)


def resolve(project: Path, lock: Path, system: str, version: str) -> None:
    """Find a wheel with a locked hash for every pin that one system needs."""
    target = project / "resolve"
    if not target.exists():
        run(UV, "venv", "-q", target, cwd=project)
    wanted = ["--python-platform", system, "--python-version", version, "--target", target / "lib"]
    wheels = ["--no-deps", "--only-binary", ":all:"]
    for source_only in ("antlr4-python3-runtime", "iterative-telemetry"):
        wheels += ["--no-binary", source_only]
    here = {"VIRTUAL_ENV": str(target), "MACOSX_DEPLOYMENT_TARGET": "14.0"}
    here["UV_FIND_LINKS"] = os.environ.get("PIP_FIND_LINKS", "")
    run(
        UV,
        "pip",
        "install",
        "--dry-run",
        "--require-hashes",
        "-r",
        lock,
        *wanted,
        *wheels,
        cwd=project,
        **here,
    )


def test_the_cpu_lock_takes_no_package_of_cuda(project: Path) -> None:
    for lock in (project / "requirements.txt", project / "requirements-dev.txt"):
        assert not [name for name in names(lock) if name.startswith(("nvidia", "cuda", "triton"))]


def test_development_has_what_the_code_needs_at_the_same_versions(project: Path) -> None:
    for kind in ("", "-gpu"):
        if (project / f"requirements{kind}.txt").exists():
            pins = [
                {
                    line.split(" \\")[0]
                    for line in file.read_text("utf-8").splitlines()
                    if re.match(r"[a-z]", line)
                }
                for file in (project / f"requirements{kind}.txt", project / f"requirements{kind}-dev.txt")
            ]
            assert pins[0] <= pins[1]


def test_locking_a_new_repository_again_changes_nothing(project: Path) -> None:
    before = {lock.name: lock.read_text("utf-8") for lock in locks(project)}
    (project / ".venv").symlink_to(sys.prefix)
    path = os.pathsep.join([str(UV.parent), os.environ["PATH"]])
    run(sys.executable, "tasks.py", "lock", cwd=project, PATH=path)
    assert {lock.name: lock.read_text("utf-8") for lock in locks(project)} == before


def test_pip_and_pip_sync_install_the_file_that_uv_installs(tmp_path: Path) -> None:
    project = tmp_path / "churn"
    render(project, {"project_name": "Churn", "tracker": "none", "profile": "research"}, {}, ask=False)
    path = os.pathsep.join([str(UV.parent), os.environ["PATH"]])
    run(sys.executable, "tasks.py", "setup", cwd=project, PATH=path)
    python = project / ".venv/bin/python"
    first = run(python, "-m", "pip", "freeze", "--all", cwd=project)
    assert "Everything up-to-date" in run(project / ".venv/bin/pip-sync", "requirements-dev.txt", cwd=project)
    again = run(
        python,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--require-hashes",
        "-r",
        "requirements-dev.txt",
        cwd=project,
    )
    assert "Would install" not in again
    assert run(python, "-m", "pip", "freeze", "--all", cwd=project) == first
