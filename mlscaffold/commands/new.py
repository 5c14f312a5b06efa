"""`mlscaffold new`: make a repository from the template, with a first commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from mlscaffold.commands.given import checked, from_file, from_options
from mlscaffold.errors import OK, Stop
from mlscaffold.upkeep.history import carried
from mlscaffold.upkeep.lock import LOCK, written
from mlscaffold.upkeep.render import render
from mlscaffold.upkeep.rendering import ANSWERS_FILE
from mlscaffold.upkeep.start import started
from mlscaffold.upkeep.template import File, questions

FIRST_COMMIT = "start from mlscaffold"
NAME, EMAIL = "mlscaffold", "mlscaffold@localhost"


def new(
    path: str, *, data: Sequence[str] = (), answers: str = "", yes: bool = False, git: bool = True
) -> int:
    """Make the repository at `path`; raises Stop, with nothing left behind, where that cannot be done."""
    destination = Path(path).absolute()
    _check(destination, git=git)
    known = questions(carried())
    given = checked({**from_file(answers), **from_options(data)}, known)
    ask = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if not yes and not ask and not given:
        raise Stop("there is no terminal to ask on. Give answers by --data or --answers, or take --yes.")
    scratch = _scratch_beside(destination)
    made = scratch / destination.name
    try:
        made.mkdir()
        render(made, given, _defaults(), ask=ask)
        _lock(made)
        said = _first_commit(made) if git else ""
        _move(made, destination)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sys.stdout.write(_farewell(path, destination, said))
    return OK


def _scratch_beside(destination: Path) -> Path:
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".mlscaffold-new-", dir=destination.parent))
    except OSError as error:
        raise Stop(
            f"{destination.parent} cannot be written ({error.strerror}). Choose another folder."
        ) from None


def _check(destination: Path, *, git: bool) -> None:
    if destination.is_symlink() or (destination.exists() and not destination.is_dir()):
        raise Stop(f"{destination} is there and is no folder. Choose another name.")
    if destination.is_dir() and any(destination.iterdir()):
        raise Stop(f"{destination} is not empty. Choose a new folder; nothing was changed.")
    if git and shutil.which("git") is None:
        raise Stop("git is not installed. Install it, or make the project without (--no-git).")


def _defaults() -> dict[str, str]:
    """Who git says you are."""
    found = {}
    if shutil.which("git"):
        for question, key in (("author", "user.name"), ("author_email", "user.email")):
            got = subprocess.run(  # noqa: S603
                ["git", "config", "--get", key],  # noqa: S607
                capture_output=True,
                text=True,
                check=False,
            )
            if got.stdout.strip():
                found[question] = got.stdout.strip()
    return found


def _lock(folder: Path) -> None:
    """Record the answers and what came from the template, in place of copier's own file."""
    recorded = folder / ANSWERS_FILE
    told = yaml.safe_load(recorded.read_text("utf-8"))
    answers = {question: told[question] for question in questions(carried()) if question in told}
    recorded.unlink()
    files = {file.relative_to(folder).as_posix(): _file(file) for file in folder.rglob("*") if file.is_file()}
    (folder / LOCK).write_text(written(started(carried(), answers, files)), "utf-8", newline="\n")


def _file(path: Path) -> File:
    return File(path.read_bytes(), "100755" if os.access(path, os.X_OK) and os.name != "nt" else "100644")


def _first_commit(folder: Path) -> str:
    """Make the repository; the words to say where git did not know the author."""
    known = _git(folder, "var", "GIT_AUTHOR_IDENT", check=False).returncode == 0
    who = () if known else ("-c", f"user.name={NAME}", "-c", f"user.email={EMAIL}")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    _git(folder, *who, "commit", "--quiet", "--no-verify", "--message", FIRST_COMMIT)
    if known:
        return ""
    return f"git does not know your name yet, so the first commit is by {NAME} <{EMAIL}>.\n"


def _git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    # a GIT_DIR of the caller's, as in a git hook, must not become ours
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith("GIT_") or k.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "GIT_CONFIG"))
    }
    run = subprocess.run(  # noqa: S603
        ["git", *arguments],  # noqa: S607
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and run.returncode:
        raise Stop(f"git {arguments[0]} failed: {run.stderr.strip() or run.stdout.strip()}")
    return run


def _move(made: Path, destination: Path) -> None:
    if not destination.is_dir():
        made.rename(destination)
        return
    for child in made.iterdir():  # the folder itself stays: somebody's shell may stand in it
        child.rename(destination / child.name)


def _farewell(path: str, destination: Path, said: str) -> str:
    inside = [f.relative_to(destination) for f in destination.rglob("*") if f.is_file()]
    files = sum(1 for f in inside if f.parts[0] != ".git")
    enter = f"  cd {path}\n" if destination != Path.cwd() else ""
    return (
        f"Made {destination.name} ({files} files).\n{said}\nNext:\n{enter}"
        "  make setup    # or: python tasks.py setup\n  make test\n"
        "  make repro    # the whole pipeline, from data to the filled model card\n"
        "Your own data: README.md, Day one.\n"
    )
