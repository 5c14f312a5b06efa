"""`make demo`: a new project from nothing to everything green, and a bad repository for contrast."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import heap

BIN = Path(sys.executable).parent
STARTED = time.monotonic()
WHY_ENDS = "\n## Example"


def say(text: str) -> None:
    """A heading between the commands."""
    sys.stdout.write(f"\n\033[1m{text}\033[0m\n" if sys.stdout.isatty() else f"\n## {text}\n")
    sys.stdout.flush()


def run(command: str, cwd: Path, expect: int = 0, head: str = "") -> None:
    """Show a command, run it, let its output through; stop where it ends otherwise than expected.

    With `head`, only what stands before that line is shown.
    """
    sys.stdout.write(f"\n$ {command}\n")
    sys.stdout.flush()
    clean = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS")}
    clean |= {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "DVC_NO_ANALYTICS": "1", "MAKELEVEL": "0"}
    begun = time.monotonic()
    pipe = subprocess.PIPE if head else None
    done = subprocess.run(
        shlex.split(command), cwd=cwd, env=clean, stdout=pipe, encoding="utf-8", check=False
    )
    if done.returncode != expect:
        sys.exit(f"demo: `{command}` ended with {done.returncode}, not {expect}")
    if head:
        first, _, rest = done.stdout.partition(head)
        left = rest.count("\n")
        sys.stdout.write(
            f"{first.rstrip()}\n… and {left} more lines: examples, the fix, when it does not apply\n"
        )
    sys.stdout.write(f"  ({time.monotonic() - begun:.1f} s)\n")


def summary(metrics: dict[str, dict[str, float]]) -> str:
    """The last lines: what was shown, in the order of the steps."""
    scores = [f"{name} {row['accuracy']:.3f}" for name, row in metrics.items() if "accuracy" in row]
    return f"""
  new       a project from eight answers, all defaults
  setup     installed from the lock that it ships with
  test      its own tests passed, and so did its linters
  repro     trained and evaluated; accuracy: {', '.join(scores)}
  audit     nothing required is wrong in it; what only a person can write is listed
  contrast  a bad repository fails the same audit, each finding with its place and its fix

Your own: .venv/bin/mlscaffold new ../my-project
Any other: .venv/bin/mlscaffold audit ../that-repository
"""


def main() -> None:
    """The whole demonstration, in a temporary folder that is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="mlscaffold-demo-") as scratch:
        here = Path(scratch)
        say("1. A new project: eight answers, here the defaults")
        run("mlscaffold new churn --yes", here)
        project = here / "churn"
        say("2. Installed from the lock that it ships with, tested, trained")
        python = "python" if (BIN / "python").exists() else sys.executable
        for task in ("setup", "test", "repro", "lint"):
            run(f"{python} tasks.py {task}", project)
        say("3. What the run left behind")
        run("git status --short", project)
        metrics = json.loads((project / "reports/metrics.json").read_text("utf-8"))
        sys.stdout.write(f"\nreports/metrics.json: {json.dumps(metrics, indent=2)}\n")
        say("4. The audit of it: nothing required is wrong, and what only a person can write is listed")
        run("mlscaffold audit", project)
        green = time.monotonic() - STARTED
        say("5. For contrast: a repository as one finds them")
        heap.make(here / "heap")
        run("mlscaffold audit heap", here, expect=1)
        say("6. Why a practice matters: each finding has a page")
        run("mlscaffold explain REP101", here, head=WHY_ENDS)
        say(f"From nothing to a trained, tested, audited project in {green:.0f} s")
        sys.stdout.write(summary(metrics))


if __name__ == "__main__":
    main()
