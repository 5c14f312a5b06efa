"""The image of a generated project: really built, trained in and served from, on a stand-in base image.

The stand-in is Debian with its Python, made once and kept in the user's cache folder, because no registry is
reached here; the Dockerfile is the one that ships.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlscaffold.upkeep.render import render

pytestmark = pytest.mark.slow

CERTIFICATES = Path("/usr/local/share/ca-certificates")
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
STAND_IN = "localhost/stand-in/python:3.11"
CONTAINERS = """\
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""


@dataclass(frozen=True)
class Engine:
    """Buildah and podman with a store of their own."""

    folder: Path

    def call(self, tool: str, *words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        store = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run")]
        done = subprocess.run(
            [tool, *store, *map(str, words)],
            env=os.environ | {"CONTAINERS_CONF": str(self.folder / "containers.conf")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done

    def build(self, project: Path, target: str, *more: str) -> None:
        options = ["--isolation", "chroot", "--pull=never", "--format", "docker", "--target", target]
        options += ["--build-arg", f"BASE_IMAGE={STAND_IN}", "--tag", target, *more]
        self.call("buildah", "bud", *options, project)

    def run(self, image: str, *command: str, check: bool = True) -> str:
        done = self.call("podman", "run", "--rm", "--network", "host", image, *command, check=check)
        return done.stdout + done.stderr


def base_image() -> Path:
    """The stand-in's file system, made on first use."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlscaffold-tests"
    kept = cache / "python-base-bookworm.tar"
    if kept.exists():
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    hooks = ['printf "[global]\\ncert = %s\\n" ' + f'{BUNDLE} > "$1/etc/pip.conf"']
    if CERTIFICATES.is_dir() and any(CERTIFICATES.iterdir()):
        hooks.append(f'mkdir -p "$1{CERTIFICATES}" && cp {CERTIFICATES}/*.crt "$1{CERTIFICATES}/"')
        hooks.append('chroot "$1" update-ca-certificates')
    places = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))
    sources = next(path for path in places if path.exists())
    made = cache / f"making-{os.getpid()}.tar"
    subprocess.run(
        [
            *("mmdebstrap", "--quiet", "--variant=minbase"),
            "--include=python3-minimal,python3-venv,ca-certificates",
            *(f"--dpkgopt=path-exclude=/usr/share/{kind}/*" for kind in ("doc", "man", "locale")),
            *(f"--customize-hook={hook}" for hook in hooks),
            *("bookworm", str(made), str(sources)),
        ],
        check=True,
    )
    made.rename(kept)
    return kept


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    missing = [tool for tool in ("buildah", "podman", "runc", "mmdebstrap") if not shutil.which(tool)]
    if missing or os.name != "posix" or os.geteuid() != 0:
        assert "CI" not in os.environ, f"CI must build the image; missing: {missing} (and root)"
        pytest.skip(f"building an image here needs root and {', '.join(missing)}")
    made = Engine(Path(tempfile.mkdtemp(prefix="ml-")))  # podman takes no path of over 50 characters here
    (made.folder / "containers.conf").write_text(CONTAINERS, "utf-8")
    made.call("podman", "import", "--quiet", "--change", 'CMD ["python3"]', base_image(), STAND_IN)
    yield made
    shutil.rmtree(made.folder, ignore_errors=True)  # gigabytes of layers


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("image") / "churn"
    render(folder, {"project_name": "Churn"}, {}, ask=False)
    (folder / ".env").write_text("PRIVATE=yes\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(engine: Engine, project: Path) -> str:
    """What training says in the image; index settings and certificates came as build secrets."""
    settings = engine.folder / "pip.conf"
    settings.write_text("[global]\ntimeout = 60\n", "utf-8")
    secrets = [f"--secret=id=pip_config_file,src={settings}"]
    secrets += [f"--secret=id=ca_file,src={BUNDLE}"] if BUNDLE.exists() else []
    engine.build(project, "train", *secrets)
    return engine.run("train", "sh", "-c", "id -u; ls -a; python tasks.py repro && cat reports/metrics.json")


def test_training_runs_in_the_image_on_a_stand_in_base_without_root(trained: str) -> None:
    assert trained.startswith("10001\n")
    assert "accuracy" in trained
    assert not {".env", ".git"} & set(trained.split())


def test_build_secrets_stay_out_of_the_image(trained: str, engine: Engine) -> None:
    del trained
    found = engine.run("train", "sh", "-c", "env; ls /run/secrets; cat /app/.venv/pip.conf", check=False)
    assert not {"PIP_CONFIG_FILE", "PIP_CERT", "timeout"} & set(found.replace("=", " ").split())
    assert "No such file" in found


def test_the_tracking_server_is_built_without_a_secret_and_answers(engine: Engine, project: Path) -> None:
    engine.build(project, "tracking")
    name = "tracking-under-test"
    engine.call("podman", "run", "--detach", "--rm", "--network", "host", "--name", name, "tracking")
    try:
        ask = "from urllib.request import Request, urlopen; "
        ask += "asked = Request('http://127.0.0.1:5000/health', headers={'Host': 'tracking:5000'}); "
        ask += "print(urlopen(asked).read())"
        for _ in range(60):
            said = engine.call("podman", "exec", name, "python3", "-c", ask, check=False)
            if said.returncode == 0:
                break
            time.sleep(2)
        assert "OK" in said.stdout, said.stderr
        assert engine.call("podman", "exec", name, "id", "-u").stdout == "10001\n"
    finally:
        engine.call("podman", "rm", "--force", name, check=False)


def test_only_what_serves_has_a_health_check(trained: str, engine: Engine) -> None:
    del trained
    for image, served in (("train", False), ("tracking", True)):
        inspected = json.loads(engine.call("podman", "image", "inspect", image).stdout)[0]
        assert bool(inspected.get("Healthcheck")) is served
