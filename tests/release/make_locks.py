"""Make the locks that the template ships (template/_locks), with the real resolver: `make locks`.

Combinations of answers share most packages, so the template keeps fragments: what one answer adds to those
before it. All are pinned under one set of versions. Then combinations are rendered and locked again by their
own `python tasks.py lock`, which must leave every file as it was (`--check` does only this).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import copier

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "template" / "_locks"
REMOTES = ("none", "s3", "gcs", "azure", "ssh")
FRAMEWORKS = ({"framework": "scikit-learn"}, {"framework": "pytorch"}, {"accelerator": "gpu"})
PLAIN = {"framework": "scikit-learn", "tracker": "none", "environment": "uv", "data_remote": "none"}
URLS = {
    "none": "",
    "s3": "s3://bucket",
    "gcs": "gs://bucket",
    "azure": "azure://box",
    "ssh": "ssh://host/data",
}
Answers = Mapping[str, str]


def render(folder: Path, answers: Answers) -> Path:
    """Render the template with these answers, and lend it this environment, which has uv."""
    data = {"project_name": "locks", **answers, "data_remote_url": URLS[answers["data_remote"]]}
    only = ["/*", "/*/**", "!/pyproject.toml", "!/tasks.py", "!/requirements*.txt"]
    copier.run_copy(str(ROOT), folder, data=data, defaults=True, quiet=True, vcs_ref="HEAD", exclude=only)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def lock(project: Path, *arguments: str, constraints: Path | None = None) -> None:
    """Let the project lock itself."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "UV_CONSTRAINT": str(constraints or "")}
    command = [sys.executable, "tasks.py", "lock", *arguments]
    subprocess.run(command, cwd=project, env=environment, check=True)


def stanzas(lock_file: Path) -> list[str]:
    """Return a lock's pins, each with its hashes."""
    text = re.sub(r"^#.*\n", "", lock_file.read_text("utf-8"), flags=re.MULTILINE)
    return [part for part in re.split(r"\n(?=[a-z0-9])", text.strip()) if part]


def pins(lock_file: Path) -> Iterator[str]:
    """Return a lock's versions as constraints, without PyTorch's builds and what they bring."""
    for stanza in stanzas(lock_file):
        line = stanza.partition(" \\")[0]
        if not re.match(r"(torch|triton|nvidia-|cuda-)", line):
            yield line


def one_set_of_versions(folder: Path) -> Path:
    """Resolve everything that any combination needs at once."""
    wanted = set()
    combinations = [
        {**PLAIN, "tracker": "mlflow", "environment": "pip-tools", "data_remote": r} for r in REMOTES
    ]
    for number, answers in enumerate([*combinations, {**PLAIN, "framework": "pytorch"}]):
        text = (render(folder / f"all-{number}", answers) / "pyproject.toml").read_text("utf-8")
        wanted |= set(re.findall(r'^  "([a-z].*?)"', text, re.MULTILINE))
    (folder / "all.in").write_text("\n".join(sorted(wanted)), "utf-8")
    command = [
        "uv",
        "pip",
        "compile",
        "all.in",
        "-q",
        "--universal",
        "--python-version",
        "3.11",
        "-o",
        "all.txt",
    ]
    subprocess.run([*command, "--no-annotate", "--no-header"], cwd=folder, check=True)
    result = folder / "constraints.txt"
    result.write_text("\n".join(pins(folder / "all.txt")), "utf-8")
    return result


def write_fragments(folder: Path) -> None:
    """Lock each answer beside the plain combination and keep what it adds."""
    constraints = one_set_of_versions(folder)

    def locked(name: str, **changes: str) -> Path:
        project = render(folder / name, {**PLAIN, **changes})
        lock(project, "--upgrade", constraints=constraints)
        return project

    plain = locked("plain")
    base = stanzas(plain / "requirements.txt")
    dev = stanzas(plain / "requirements-dev.txt")
    keep("base", base)
    keep("dev", dev, without=base)
    keep(
        "environment-pip-tools", stanzas(locked("pt", environment="pip-tools") / "requirements-dev.txt"), dev
    )
    mlflow = locked("mlflow", tracker="mlflow")
    keep("tracker-mlflow", stanzas(mlflow / "requirements.txt"), base)
    keep("ui", stanzas(mlflow / "requirements-ui.txt"))
    gpu = locked("gpu", framework="pytorch", accelerator="gpu")
    keep("framework-pytorch-cpu", stanzas(gpu / "requirements.txt"), base)
    keep("framework-pytorch-gpu", stanzas(gpu / "requirements-gpu.txt"), base)
    for remote in REMOTES[1:]:
        project = locked(remote, data_remote=remote)
        keep(f"remote-{remote}", stanzas(project / "requirements.txt"), base)


def keep(name: str, found: list[str], without: list[str] = ()) -> None:  # type: ignore[assignment]
    """Write one fragment; a pin that an answer takes away would be lost, so it is an error."""
    lost = set(without) - set(found)
    if lost:
        sys.exit(f"{name} changes pins of the fragments before it: {sorted(x.splitlines()[0] for x in lost)}")
    text = "\n".join(stanza for stanza in found if stanza not in set(without))
    (LOCKS / f"{name}.txt").write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{name}: {len(found) - len(without)} pins\n")


def combinations() -> Iterator[dict[str, str]]:
    """Yield combinations in which every framework meets every remote, tracker and environment."""
    for row, framework in enumerate(FRAMEWORKS):
        for column, remote in enumerate(REMOTES):
            tracker = ("mlflow", "none")[(row + column) % 2]
            environment = ("pip-tools", "uv")[(row + column // 2) % 2]
            yield {"tracker": tracker, "environment": environment, "data_remote": remote, **framework}


def check(folder: Path, answers: Answers) -> list[str]:
    """Lock a new repository again; give the files that this changes."""
    project = render(folder / "-".join(answers.values()), answers)
    before = {path: path.read_text("utf-8") for path in project.glob("requirements*.txt")}
    lock(project)
    return [path.name for path, text in before.items() if path.read_text("utf-8") != text]


def main() -> int:
    """Write the fragments (unless only `--check` is asked for) and check every combination."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "--check" not in sys.argv:
            write_fragments(folder)
        wrong = {str(answers): changed for answers in combinations() if (changed := check(folder, answers))}
    for answers, changed in wrong.items():
        sys.stdout.write(f"{answers}: {', '.join(changed)} would change\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
