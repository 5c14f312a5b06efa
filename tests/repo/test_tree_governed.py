"""A folder of a real repository is audited with the files of the root that serve it, and with no others."""

import subprocess
from pathlib import Path

import pytest
from real_git import ENVIRONMENT, git, make, paths

from mlscaffold import standard
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.tree import Tree

ROOT = {
    "LICENSE": "MIT\n",
    ".gitignore": "*.ckpt\n/apps/one/out/\napps/two/data/\n!apps/one/keep.ckpt\n/build\n**/tmp\nlogs/\n",
    ".github/workflows/ci.yml": "on: push\n",
    ".pre-commit-config.yaml": "repos: []\n",
    "uv.lock": "version = 1\n",
    "README.md": "# all\n",
    "pyproject.toml": "[tool.uv.workspace]\n",
    "tool.py": "",
}
ONE = {"apps/one/pyproject.toml": "[project]\n", "apps/one/train.py": "", "apps/two/a.py": ""}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make(tmp_path / "repo", **ROOT, **ONE)


def opened(folder: Path, how: str) -> Tree:
    return open_tree(folder, "HEAD" if how == "revision" else None, staged=how == "staged")


@pytest.mark.parametrize("how", ["work tree", "revision", "staged"])
def test_the_roots_licence_ci_hooks_and_lock_are_there(repo: Path, how: str) -> None:
    tree = opened(repo / "apps" / "one", how)
    assert paths(tree) == [
        ".github/workflows/ci.yml",
        ".gitignore",
        ".pre-commit-config.yaml",
        "LICENSE",
        "pyproject.toml",
        "train.py",
        "uv.lock",
    ]
    assert tree.read("LICENSE", 3) == tree.committed("LICENSE", 3) == b"MIT"
    assert tree.read("pyproject.toml", 99) == b"[project]\n"
    assert tree.commit == git(repo, "rev-parse", "HEAD")
    with pytest.raises(FileNotFoundError):
        tree.read("tool.py", 9)


@pytest.mark.parametrize("how", ["work tree", "revision", "staged"])
def test_the_roots_patterns_mean_in_the_folder_what_they_mean_to_git(repo: Path, how: str) -> None:
    found = ignored(Repo(opened(repo / "apps" / "one", how), standard.load()))
    paths = ("a.ckpt", "out/x", "data/x", "keep.ckpt", "build", "tmp/x", "logs/x")
    meant = {path: git_ignores(repo, f"apps/one/{path}") for path in paths}
    assert {path: found(path) for path in paths} == meant
    assert meant == dict(zip(paths, (True, True, False, False, False, True, True), strict=True))


def git_ignores(repo: Path, path: str) -> bool:
    asked = ["git", "check-ignore", "--no-index", "-q", path]
    return subprocess.run(asked, cwd=repo, env=ENVIRONMENT, check=False).returncode == 0


def test_a_file_of_its_own_stands_before_the_roots(repo: Path) -> None:
    (repo / "apps" / "one" / "LICENSE.md").write_text("Apache\n")
    (repo / "apps" / "one" / ".gitignore").write_text("x\n")
    tree = open_tree(repo / "apps" / "one")
    assert "LICENSE" not in paths(tree)
    assert tree.read(".gitignore", 9) == b"x\n"


def test_the_root_itself_is_as_it_is(repo: Path) -> None:
    assert paths(open_tree(repo)) == sorted([*ROOT, *ONE])
