"""A process that is killed at a chosen step, and what lies in a folder afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlscaffold.apply import Odd, found
from mlscaffold.edits import Change, File

STEPS = frozenset(
    f"os.{name}" for name in ("mkdir", "rename", "remove", "rmdir", "link", "symlink", "chmod", "chown")
)
Snapshot = dict[str, tuple[str, int, bytes]]
Lying = dict[str, File]


def killed(step: int, work: Callable[[], object]) -> bool:
    """Whether `work`, in a process of its own, was killed just before this file-system step of it."""
    process = os.fork()
    if not process:
        try:
            _kill_at(step)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(process, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return os.WIFSIGNALED(status)


def _kill_at(step: int) -> None:
    steps = iter(range(1, step))

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (event in STEPS or writes) and next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def fsync(_descriptor: int) -> None:  # what was written is there, whether the disk has it or not
        watch("os.link", ())

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(watch)


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@localhost", "-c", "init.defaultBranch=main")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(["git", *who, *arguments], cwd=folder, env=clean, capture_output=True, check=True)
    return os.fsdecode(done.stdout)


def put(root: Path, path: str, file: File) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if file.mode == "120000":
        place.symlink_to(os.fsdecode(file.content))
        return
    place.write_bytes(file.content)
    place.chmod(0o755 if file.mode == "100755" else 0o644)


def repository(root: Path, files: Lying) -> Path:
    """A git repository that holds these files, all committed."""
    root.mkdir(parents=True)
    git(root, "init", "--quiet", "--template=")
    for path, file in files.items():
        put(root, path, file)
    git(root, "add", "--all", "--force")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "start")
    git(root, "gc", "--quiet")
    return root


def copy(root: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return Path(shutil.copytree(root, to, symlinks=True))


def changes(root: Path, new: dict[str, File | None]) -> list[Change]:
    """What makes these paths what they are to be, on the ground of what lies there now."""
    wanted = []
    for path, after in new.items():
        before = found(root, path)
        wanted.append(Change(path, None if isinstance(before, Odd) else before, after))
    return wanted


def snapshot(folder: Path, *, git_too: bool = False) -> Snapshot:
    """Everything in a folder: kind, permissions and content; what is mlscaffold's own is left out."""
    seen: Snapshot = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        status = path.lstat()
        ours = name.startswith((".git/mlscaffold", ".mlscaffold-journal"))
        if ours or (not git_too and name.split("/")[0] == ".git"):
            continue
        kind, mode = stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)
        if stat.S_ISLNK(kind):
            seen[name] = "link", 0, os.fsencode(path.readlink())
        elif stat.S_ISREG(kind):
            seen[name] = "file", mode, path.read_bytes()
        else:
            seen[name] = "folder" if stat.S_ISDIR(kind) else "other", mode, b""
    return seen
