"""Repositories that git itself makes, for the tests of trees."""

import os
import subprocess
from pathlib import Path

from mlscaffold.repo.trees.tree import Tree

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def make(folder: Path, *options: str, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    for name, text in (files or {"a.py": "a\n", "sub/b.py": "b\n"}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def paths(tree: Tree) -> list[str]:
    return [entry.path for entry in tree.entries()]


def kinds(tree: Tree) -> dict[str, str]:
    return {entry.path: entry.kind for entry in tree.entries()}
