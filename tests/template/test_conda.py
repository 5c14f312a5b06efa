"""environment=conda-lock on a stand-in channel: real conda-lock and real installs, from packages made here.

The channel holds a `python` package that is this machine's Python, and a `pip` that is empty; the packages of
Python come from the package index, as they do in real use.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

from mlscaffold.upkeep.render import render

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the stand-in channel is made for Linux"),
]

HERE = Path(__file__).parent
UV = Path(sys.executable).parent / "uv"
SUBDIRS = ("linux-64", "linux-aarch64", "osx-arm64", "win-64")


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    env = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"} | more
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def conda_package(channel: Path, subdir: str, content: Path | None, **index: object) -> None:
    """Write one package of the old format: files, and what info/ says about them."""
    index = {"build": "0", "build_number": 0, "depends": [], "subdir": subdir, **index}
    files = sorted(path for path in content.rglob("*") if path.is_file()) if content else []
    names = [path.relative_to(content).as_posix() for path in files] if content else []
    paths = [
        {
            "_path": name,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "size_in_bytes": path.stat().st_size,
        }
        for name, path in zip(names, files, strict=True)
    ]
    info = {
        "info/index.json": json.dumps(index),
        "info/files": "\n".join(names),
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}),
    }
    (channel / subdir).mkdir(parents=True, exist_ok=True)
    archive = channel / subdir / f"{index['name']}-{index['version']}-{index['build']}.tar.bz2"
    with tarfile.open(archive, "w:bz2", compresslevel=1) as tar:
        for name, text in info.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
        for name, path in zip(names, files, strict=True):
            tar.add(path, name)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """conda-lock and the stand-in conda on PATH, and the stand-in channel."""
    folder = tmp_path_factory.mktemp("conda")
    environment, channel, on_path = folder / "tools", folder / "channel", folder / "bin"
    run(UV, "venv", "-q", "--python", sys.executable, environment, cwd=folder)
    wanted = ("conda-lock==4.0.3", "py-rattler==0.28.0", "pyyaml")
    run(UV, "pip", "install", "-q", "--python", environment / "bin/python", *wanted, cwd=folder)
    base = getattr(sys, "_base_executable", sys.executable)
    run(base, "-m", "venv", "--copies", folder / "python", cwd=folder)
    shutil.rmtree(folder / "python/include", ignore_errors=True)
    for link in (folder / "python/bin").glob("[Aa]ctivate*"):
        link.unlink()
    for subdir in SUBDIRS:
        content = folder / "python" if subdir == "linux-64" else None
        conda_package(channel, subdir, content, name="python", version="3.11.9", depends=["zlib >=1.2"])
        conda_package(channel, subdir, None, name="zlib", version="1.3.1")
    conda_package(channel, "noarch", None, name="pip", version="26.0", noarch="generic", depends=["python"])
    run(environment / "bin/python", HERE / "stand_in_conda.py", "index", channel, cwd=folder)
    on_path.mkdir()
    (on_path / "conda-lock").symlink_to(environment / "bin/conda-lock")
    front = on_path / "conda"
    front.write_text(f'#!/bin/sh\nexec "{environment}/bin/python" "{HERE}/stand_in_conda.py" "$@"\n', "utf-8")
    front.chmod(0o755)
    path = os.pathsep.join([str(on_path), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "STAND_IN_CHANNEL": channel.as_uri(), "RATTLER_CACHE_DIR": str(folder / "cache")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "churn"
    answers = {"project_name": "Churn", "environment": "conda-lock", "tracker": "none", "profile": "research"}
    render(folder, answers, {}, ask=False)
    run("git", "init", "-q", cwd=folder)
    return folder


def test_setup_makes_an_environment_from_the_stand_in_channel(project: Path, tools: dict[str, str]) -> None:
    run("/usr/bin/env", "python3", "tasks.py", "setup", cwd=project, **tools)
    installed = {path.name.split("-")[0] for path in (project / ".venv/conda-meta").glob("*.json")}
    assert installed == {"python", "pip", "zlib"}
    code = "import churn, sklearn, pytest, sys; print(sys.prefix)"
    assert run(project / ".venv/bin/python", "-c", code, cwd=project).strip() == str(project / ".venv")


def test_lock_writes_conda_lock_for_every_system_from_the_stand_in_channel(
    project: Path, tools: dict[str, str]
) -> None:
    manifest = project / "environment.yml"
    shipped = manifest.read_text("utf-8")
    manifest.write_text(shipped.replace("conda-forge", tools["STAND_IN_CHANNEL"]), "utf-8")
    run("/usr/bin/env", "python3", "tasks.py", "lock", cwd=project, **tools)
    locked = yaml.safe_load((project / "conda-lock.yml").read_text("utf-8"))
    assert {package["platform"] for package in locked["package"]} == set(SUBDIRS)
    assert {package["name"] for package in locked["package"]} == {"python", "pip", "zlib"}
    assert all(package["hash"]["sha256"] for package in locked["package"])


def test_setup_installs_what_conda_lock_wrote(project: Path, tools: dict[str, str]) -> None:
    shutil.rmtree(project / ".venv")
    assert (project / "conda-lock.yml").exists()
    run("/usr/bin/env", "python3", "tasks.py", "setup", cwd=project, **tools)
    assert (project / ".venv/conda-meta").is_dir()
    run("/usr/bin/env", "python3", "tasks.py", "lint", cwd=project, **tools)
