"""`make bench`: start-up, audits and `new` beside other tools, as a Markdown report that asserts nothing.

CPU is user and system time of the command and its children, the least of several runs; memory is their peak
RSS. The others are installed into an environment of their own in the user's cache folder.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import trees

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlscaffold-bench"
RIVALS = ("ml-project-doctor==0.1.1", "sp-repo-review[cli]==2026.8.14", "reprolint==0.1.0")


class Cost(NamedTuple):
    """What one command took: seconds of CPU and of wall clock, peak memory in MB, exit code."""

    cpu: float
    wall: float
    memory: float
    code: int


def cost(
    command: Sequence[str | Path], cwd: Path, runs: int = 3, before: Callable[[], object] | None = None
) -> Cost:
    """The cheapest of several runs, after one that warms caches where there are several.

    `before` makes each run face something new.
    """
    every = []
    for _ in range(runs + (runs > 1)):
        if before:
            before()
        every.append(_once(command, cwd))
    return min(every)


def _once(command: Sequence[str | Path], cwd: Path) -> Cost:
    clean = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS")}
    clean |= {
        "COPIER_CACHE_DIR": str(cwd / ".copier"),
        "NO_COLOR": "1",
        "XDG_CACHE_HOME": str(cwd / ".cache"),
        "DVC_NO_ANALYTICS": "1",
    }
    start = os.times().elapsed
    process = subprocess.Popen(
        [str(c) for c in command],
        cwd=cwd,
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 / 1024 / 1024 if sys.platform == "darwin" else 1 / 1024
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, os.times().elapsed - start, usage.ru_maxrss * scale, process.returncode)


def rivals() -> Path:
    """The bin folder of an environment with the other tools, made once."""
    venv = CACHE / "venv"
    if not (venv / "bin/reprolint").exists():
        subprocess.run([BIN / "uv", "venv", "-q", "--clear", "-p", sys.executable, venv], check=True)
        subprocess.run([BIN / "uv", "pip", "install", "-q", "-p", venv / "bin/python", *RIVALS], check=True)
    return venv / "bin"


def table(title: str, rows: Sequence[tuple[str, Cost]]) -> None:
    """Print one comparison; the first row is ours and the others are ratios to it."""
    print(f"\n### {title}\n\n| | CPU s | × | wall s | peak MB | × | exit |\n|---|---|---|---|---|---|---|")
    ours = rows[0][1]
    for name, one in rows:
        ratio, more = one.cpu / max(ours.cpu, 0.001), one.memory / max(ours.memory, 0.1)
        print(
            f"| {name} | {one.cpu:.3f} | {ratio:.1f} | {one.wall:.2f} "
            f"| {one.memory:.0f} | {more:.1f} | {one.code} |"
        )


def start_up(here: Path, other: Path) -> None:
    """`--version` of each, beside Python doing nothing."""
    commands = {
        "mlscaffold --version": [BIN / "mlscaffold", "--version"],
        "python -c pass": [BIN / "python", "-c", "pass"],
        "ml-project-doctor --version": [other / "ml-project-doctor", "--version"],
        "sp-repo-review --version": [other / "sp-repo-review", "--version"],
        "reprolint --help": [other / "reprolint", "--help"],
        "copier --version": [BIN / "copier", "--version"],
    }
    table("Start-up", [(name, cost(command, here, 5)) for name, command in commands.items()])


def audits(here: Path, other: Path, count: int, runs: int) -> None:
    """Each tool on the same invented repository."""
    tree = trees.make(here / f"tree-{count}", count)
    commands = {
        "mlscaffold audit --no-cache": [BIN / "mlscaffold", "audit", "--no-cache", tree],
        "mlscaffold audit, again": [BIN / "mlscaffold", "audit", tree],
        "mlscaffold audit, one file changed": [BIN / "mlscaffold", "audit", tree],
        "mlscaffold audit --staged, one file changed": [BIN / "mlscaffold", "audit", "--staged", tree],
        "ml-project-doctor": [other / "ml-project-doctor", tree],
        "sp-repo-review": [other / "sp-repo-review", tree],
        "reprolint": [other / "reprolint", tree],
    }
    rows = []
    for name, command in commands.items():
        if name.endswith(", again"):
            cost(command, here, 1)
        change = partial(trees.change, tree) if name.endswith("changed") else None
        rows.append((name, cost(command, here, runs, change)))
    table(f"Audit of {count:,} files", rows)


def growth(here: Path, large: int) -> None:
    """Our audit of three sizes: with an empty cache, again, and after a change of one file.

    What a file costs should stay the same.
    """
    print("\n### An audit as the repository grows\n")
    print(
        "| files | cold: CPU s | ms a file | wall s | peak MB "
        "| again: CPU s | wall s | peak MB | one file changed: CPU s | wall s | peak MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for count in (large // 9, large // 3, large):
        tree = trees.make(here / f"growth-{count}", count)
        shutil.rmtree(here / ".cache", ignore_errors=True)
        cold = cost([BIN / "mlscaffold", "audit", tree], here, 1)
        again = cost([BIN / "mlscaffold", "audit", tree], here, 3)
        changed = cost([BIN / "mlscaffold", "audit", tree], here, 3, partial(trees.change, tree))
        print(
            f"| {count:,} | {cold.cpu:.2f} | {cold.cpu / count * 1000:.2f} | {cold.wall:.2f} "
            f"| {cold.memory:.0f} | {again.cpu:.2f} | {again.wall:.2f} | {again.memory:.0f} "
            f"| {changed.cpu:.2f} | {changed.wall:.2f} | {changed.memory:.0f} |",
            flush=True,
        )


def new(here: Path) -> None:
    """A project by `mlscaffold new`, and by copier alone from the same template."""
    template = here / "template-copy"
    for name in ("copier.yml", "template", "mlscaffold/standard"):
        target = template / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, target)
    numbered = iter(range(1000))
    rows = []
    for label, argv in (
        ("mlscaffold new (with git)", [BIN / "mlscaffold", "new", "--yes"]),
        ("mlscaffold new --no-git", [BIN / "mlscaffold", "new", "--yes", "--no-git"]),
        ("copier copy", [BIN / "copier", "copy", "--defaults", "--quiet", template]),
    ):
        rows.append((label, min(cost([*argv, here / f"made-{next(numbered)}"], here, 1) for _ in range(4))))
    table("A new project", rows)


RELEASE = """
import sys
from pathlib import Path
from mlscaffold.commands import update, versions
from mlscaffold.edits import File
from mlscaffold.upkeep.template import Template, current
path, files = "template/.github/workflows/ci.yml.jinja", dict(current().files)
files[path] = File(files[path].content.replace(b"ubuntu-24.04", b"ubuntu-26.04"), files[path].mode)
versions.carried = lambda: Template("", files)
update.origin = lambda _base: current()
from mlscaffold.cli import main
sys.exit(main(["update", sys.argv[1], *sys.argv[2:]]))
"""
"""An mlscaffold whose template names a newer runner than the installed one's."""


def update(here: Path) -> None:
    """The same change of the template brought to a default project, by `mlscaffold` and by copier."""
    ours, theirs, template = here / "follows-ours", here / "follows-copier", here / "template-copy"
    git = ("git", "-c", "user.name=bench", "-c", "user.email=bench@localhost")

    def commit(folder: Path) -> None:
        for words in (["init", "-q"], ["add", "-Af"], ["commit", "-qm", "bench"], ["tag", "-f", "1.0.0"]):
            subprocess.run([*git, *words], cwd=folder, check=True, capture_output=True)

    cost([BIN / "mlscaffold", "new", "--yes", ours], here, 1)
    commit(template)
    copied = [BIN / "copier", "copy", "--defaults", "--quiet", "--vcs-ref", "1.0.0"]
    cost([*copied, template, theirs], here, 1)
    commit(theirs)
    job = template / "template/.github/workflows/ci.yml.jinja"
    job.write_text(job.read_text("utf-8").replace("ubuntu-24.04", "ubuntu-26.04"), "utf-8")
    for words in (["commit", "-qam", "newer runner"], ["tag", "2.0.0"]):
        subprocess.run([*git, *words], cwd=template, check=True, capture_output=True)
    release = [sys.executable, "-c", RELEASE, ours]
    asked = [BIN / "copier", "update", "--defaults", "--quiet", "--vcs-ref", "2.0.0", theirs]
    commands = {
        "mlscaffold update --plan": ([*release, "--plan"], 3),
        "mlscaffold update": (release, 1),
        "copier update --pretend": ([*asked[:2], "--pretend", *asked[2:]], 3),
        "copier update": (asked, 1),
    }
    table("An update of a default project", [(n, cost(c, here, r)) for n, (c, r) in commands.items()])


def green(here: Path) -> None:
    """From nothing to everything green, with the package cache as it is."""
    steps = {"new": [BIN / "mlscaffold", "new", "churn", "--yes"]}
    steps |= {name: [sys.executable, "tasks.py", name] for name in ("setup", "test", "repro", "lint")}
    steps["audit"] = [BIN / "mlscaffold", "audit", "."]
    print("\n### A new project, from nothing to everything green\n")
    print("| step | wall s | CPU s | exit |\n|---|---|---|---|")
    total = 0.0
    for name, command in steps.items():
        one = cost(command, here if name == "new" else here / "churn", 1)
        total += one.wall
        print(f"| {name} | {one.wall:.1f} | {one.cpu:.1f} | {one.code} |", flush=True)
    print(f"| together | {total:.1f} | | |")


def main() -> None:
    """Print the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", type=int, default=20_000, help="files of the large tree")
    options.add_argument("--no-green", action="store_true", help="leave the generated project out")
    options.add_argument("--only-growth", action="store_true", help="measure our audit of three sizes alone")
    given = options.parse_args()
    if given.only_growth:
        with tempfile.TemporaryDirectory(prefix="mlscaffold-bench-") as scratch:
            growth(Path(scratch), given.large)
        return
    other = rivals()
    version = subprocess.run([BIN / "mlscaffold", "--version"], capture_output=True, text=True, check=True)
    print(f"## Benchmarks of {version.stdout.strip()}\n")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.system()}. "
        f"Beside {', '.join(RIVALS)}. × is the ratio to our row."
    )
    with tempfile.TemporaryDirectory(prefix="mlscaffold-bench-") as scratch:
        here = Path(scratch)
        start_up(here, other)
        audits(here, other, 100, 3)
        audits(here, other, given.large // 10, 3)
        audits(here, other, given.large, 1)
        growth(here, given.large)
        new(here)
        update(here)
        if not given.no_green:
            green(here)


if __name__ == "__main__":
    main()
