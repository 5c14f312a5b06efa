"""What the history of a real repository still carries."""

import random
from pathlib import Path

import pytest
from real_git import git, make

from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.past import Old, Past

LEAST = 10_000


def asked(folder: Path, revision: str = "") -> Past:
    tree = open_tree(folder, revision or None)
    first, *rows = tree.history("", LEAST).decode().split("\n")
    parts = [row.split(" ", 2) for row in rows]
    return Past(tuple(Old(path, int(size), int(packed)) for size, packed, path in parts), first)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A large file that is gone, one that moved, one on another branch, and one that is still there."""
    made = make(tmp_path / "repo")
    draw = random.Random(1)
    for name in ("gone.bin", "moved.bin", "kept.bin"):
        (made / name).write_bytes(draw.randbytes(60_000))
    git(made, "add", "-A")
    git(made, "commit", "-q", "-m", "second")
    git(made, "rm", "-q", "gone.bin")
    git(made, "mv", "moved.bin", "here.bin")
    git(made, "commit", "-q", "-m", "third")
    git(made, "switch", "-q", "-c", "other")
    (made / "other.bin").write_bytes(draw.randbytes(60_000))
    git(made, "add", "-A")
    git(made, "commit", "-q", "-m", "elsewhere")
    git(made, "switch", "-q", "main")
    return made


@pytest.mark.parametrize("packed", [False, True])
def test_only_what_the_commit_no_longer_has_is_told(repo: Path, packed: bool) -> None:
    if packed:
        git(repo, "gc", "-q")
    for revision in ("", "HEAD"):
        found = asked(repo, revision)
        assert [(old.path, old.size) for old in found.old] == [("gone.bin", 60_000)]
        assert 0 < found.old[0].packed < 61_000
        assert not found.partial
    assert asked(repo, "HEAD~1").old == ()


def test_a_small_store_is_not_looked_into(tmp_path: Path) -> None:
    made = make(tmp_path / "small", **{"gone.bin": "x" * 50_000})
    git(made, "rm", "-q", "gone.bin")
    git(made, "commit", "-q", "-m", "second")
    assert asked(made) == Past()


def test_a_shallow_clone_cannot_tell(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repo.as_uri(), "shallow")
    assert "shallow" in asked(tmp_path / "shallow").partial


def test_before_the_first_commit_there_is_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "new")
    assert asked(tmp_path / "new") == Past()


def before(folder: Path, path: str, revision: str = "") -> list[bytes]:
    reason, *contents = open_tree(folder, revision or None).history(path, 99).split(b"\0")
    assert not reason
    return contents


def test_what_a_file_held_before_is_told_newest_first_and_below_a_folder(tmp_path: Path) -> None:
    made = make(tmp_path / "repo", **{"sub/a [1].json": "1", "b": "b"})
    (made / "sub/a [1].json").write_text("2")
    git(made, "commit", "-q", "-a", "-m", "second")
    (made / "sub/a [1].json").write_text("3")
    assert before(made, "sub/a [1].json") == [b"2", b"1"]
    assert before(made, "sub/a [1].json", "HEAD") == [b"2", b"1"]
    assert before(made, "sub/a [1].json", "HEAD~1") == [b"1"]
    assert before(made / "sub", "a [1].json") == [b"2", b"1"]
    assert before(made / "sub", "a [1].json", "HEAD") == [b"2", b"1"]
    assert before(made, "never") == []
