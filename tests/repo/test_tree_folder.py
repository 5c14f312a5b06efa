"""What may lie in a folder and must do no harm, with git around it and without."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlscaffold import standard
from mlscaffold.errors import Stop
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.folder import FolderTree
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.tree import Tree


@pytest.fixture(params=["folder", "git"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    here = tmp_path / "here"
    here.mkdir()
    if request.param == "git":
        subprocess.run(["git", "init", "-q", str(here)], check=True)
    return here


def kinds(tree: Tree) -> dict[str, str]:
    return {entry.path: entry.kind for entry in tree.entries()}


def test_links_are_listed_and_never_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to("..")
    (folder / "loop").symlink_to("loop")
    (folder / "gone").symlink_to("nowhere")
    tree = open_tree(folder)
    assert kinds(tree) == dict.fromkeys(("gone", "loop", "out", "up"), "symlink")
    for path in kinds(tree):
        with pytest.raises(OSError, match=path):
            tree.read(path, 9)


def test_pipe_and_socket_are_never_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text("a")
    os.mkfifo(folder / "pipe.py")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        tree = open_tree(folder)
        assert kinds(tree)["a.py"] == "file"
        assert set(kinds(tree).values()) <= {"file", "special"}
        with pytest.raises(OSError, match=r"pipe\.py"):
            tree.read("pipe.py", 9)


def test_file_that_became_a_pipe_or_a_link_after_the_listing(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).write_text(name)
    tree = open_tree(folder)
    assert kinds(tree) == {"a": "file", "b": "file"}
    for name in ("a", "b"):
        (folder / name).unlink()
    os.mkfifo(folder / "a")
    (folder / "b").symlink_to("/etc/hostname")
    for name in ("a", "b"):
        with pytest.raises(OSError, match=name):
            tree.read(name, 9)


def test_gigabyte_is_listed_and_not_read(folder: Path) -> None:
    with (folder / "big.csv").open("wb") as file:
        file.truncate(1 << 30)
    tree = open_tree(folder)
    assert [entry.size for entry in tree.entries()] == [1 << 30]
    assert tree.read("big.csv", 4) == b"\0" * 4
    assert Repo(tree, standard.load()).raw("big.csv") is None


@pytest.mark.parametrize(
    "name", [b"new\nline", b"\x1b[31mred", b"\xff\xfe.py", "naïve 数据.csv".encode(), b"'\"$"]
)
def test_any_name_works(folder: Path, name: bytes) -> None:
    (folder / os.fsdecode(name)).write_text("a")
    tree = open_tree(folder)
    assert [os.fsencode(entry.path) for entry in tree.entries()] == [name]
    assert tree.read(os.fsdecode(name), 9) == b"a"


def test_environments_are_not_looked_into(folder: Path) -> None:
    for path in ("a.py", "my-env/pyvenv.cfg", "my-env/lib/b.py", "node_modules/c.js", "x/__pycache__/d.pyc"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    assert list(kinds(open_tree(folder))) == ["a.py"]


def test_closed_file_and_folder_are_no_crash(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0)
    (folder / "a.py").write_text("a")
    (folder / "a.py").chmod(0)
    repo = Repo(open_tree(folder), standard.load())
    assert "a.py" in repo.files
    assert repo.raw("a.py") in {None, b"a"}


def test_too_many_files_are_said(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / str(number)).write_text("")
    with pytest.raises(Stop, match="more than 3 files"):
        FolderTree(tmp_path, most=3).entries()


def test_paths_that_are_no_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(Stop, match="there is no folder"):
        open_tree(tmp_path / "nothing")
    for path in ("file", "loop"):
        with pytest.raises(Stop, match="is not a folder"):
            open_tree(tmp_path / path)
    for path in ("x" * 5000, "a\0b"):
        with pytest.raises(Stop):
            open_tree(path)
    with pytest.raises(Stop, match="in no git repository"):
        open_tree(tmp_path, "HEAD")


def test_broken_git_file_makes_a_plain_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: ../nowhere")
    (tmp_path / "a.py").write_text("")
    tree = open_tree(tmp_path)
    assert (kinds(tree), tree.in_git) == ({"a.py": "file"}, False)
