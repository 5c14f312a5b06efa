"""Run the commands that only a tool can do, in the repository, and tell what came of each."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from mlscaffold.edits import Command


def started(root: Path, commands: Sequence[Command]) -> str:
    """Run each command; what each one came to, a line each. One that fails does not stop the others."""
    return "".join(f"  {shlex.join(command.argv)}: {_run(root, command)}\n" for command in commands)


def _run(root: Path, command: Command) -> str:
    program = shutil.which(command.argv[0])
    if program is None:
        return f"{command.argv[0]} is not installed"
    done = subprocess.run(  # noqa: S603 (asked for with --unsafe)
        [program, *command.argv[1:]], cwd=root, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode == 0:
        return "done"
    said = (done.stderr.strip() or done.stdout.strip() or "it gave no reason").splitlines()[-1]
    return f"failed ({said})"
