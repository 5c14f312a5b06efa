"""The index of real git repositories: what the next commit would hold, whatever lies in the work tree."""

import subprocess
from pathlib import Path

import pytest
from real_git import git, kinds, make, paths

from mlscaffold.errors import Stop
from mlscaffold.repo.trees.blobs import AT_ONCE, Blobs
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.stored import SMALL
from mlscaffold.repo.trees.tree import Tree


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make(tmp_path / "repo")


def staged(folder: Path) -> Tree:
    return open_tree(folder, staged=True)


def test_staged_bytes_count_and_those_of_the_work_tree_do_not(repo: Path) -> None:
    (repo / "a.py").write_text("staged\n")
    (repo / "new.py").write_text("staged too\n")
    git(repo, "add", "-A")
    (repo / "a.py").write_text("changed after that\n")
    (repo / "new.py").unlink()
    (repo / "untracked.py").write_text("")
    tree = staged(repo)
    assert paths(tree) == ["a.py", "new.py", "sub/b.py"]
    assert tree.read("a.py", 99) == tree.committed("a.py", 99) == b"staged\n"
    assert tree.read("new.py", 6) == b"staged"
    assert {entry.path: entry.size for entry in tree.entries()} == {"a.py": 7, "new.py": 11, "sub/b.py": 2}
    assert all(entry.tracked for entry in tree.entries())
    assert tree.commit == git(repo, "rev-parse", "HEAD")
    for path in ("untracked.py", "nowhere.py"):
        with pytest.raises(FileNotFoundError):
            tree.read(path, 9)


def test_many_files_are_asked_of_git_at_once_and_each_gives_its_own_bytes(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {f"m{n}.py": f"print({n})\n" for n in range(AT_ONCE + 9)}
    written |= {"notes/a.md": "words\n", "notes/b.md": "", "notes/c.md": "print(7)\n", "data": "x" * SMALL}
    written |= {"large.py": "#" * (SMALL + 1)}
    for path, text in written.items():
        (repo / path).parent.mkdir(exist_ok=True)
        (repo / path).write_text(text)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "many")
    asked: list[int] = []
    several = Blobs.several
    monkeypatch.setattr(Blobs, "several", lambda b, oids: (asked.append(len(oids)), several(b, oids))[1])
    for tree in (staged(repo), open_tree(repo, "HEAD")):
        asked.clear()
        for path, text in sorted(written.items(), reverse=True):
            assert tree.read(path, SMALL * 2).decode() == text, path
            assert tree.read(path, 3).decode() == text[:3], path
        assert len(asked) <= 5
        assert max(asked) == AT_ONCE


def test_a_staged_deletion_is_gone_although_the_file_still_lies_there(repo: Path) -> None:
    git(repo, "rm", "-q", "--cached", "a.py")
    assert (repo / "a.py").exists()
    assert paths(staged(repo)) == ["sub/b.py"]


def test_a_path_that_is_only_intended_is_not_part_of_the_next_commit(repo: Path) -> None:
    (repo / "later.py").write_text("later\n")
    (repo / "empty.py").write_text("")
    git(repo, "add", "--intent-to-add", "later.py")
    git(repo, "add", "empty.py")
    assert paths(staged(repo)) == ["a.py", "empty.py", "sub/b.py"]


def test_during_a_merge_ours_stands_for_a_path_then_theirs(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "other")
    (repo / "a.py").write_text("theirs\n")
    (repo / "sub" / "b.py").write_text("theirs\n")
    git(repo, "commit", "-qam", "theirs")
    git(repo, "checkout", "-q", "main")
    (repo / "a.py").write_text("ours\n")
    git(repo, "rm", "-q", "sub/b.py")
    git(repo, "commit", "-qam", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(repo, "merge", "other")
    tree = staged(repo)
    assert paths(tree) == ["a.py", "sub/b.py"]
    assert tree.read("a.py", 99) == b"ours\n"
    assert tree.read("sub/b.py", 99) == b"theirs\n"


def test_modes_links_and_submodules(repo: Path, tmp_path: Path) -> None:
    inner = make(tmp_path / "inner", **{"c.py": "c\n"})
    git(repo, "-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner), "vendor")
    (repo / "link").symlink_to("../outside")
    (repo / "run.sh").write_text("#!/bin/sh\n")
    (repo / "run.sh").chmod(0o755)
    git(repo, "add", "-A")
    tree = staged(repo)
    assert kinds(tree) == {
        ".gitmodules": "file",
        "a.py": "file",
        "link": "symlink",
        "run.sh": "file",
        "sub/b.py": "file",
        "vendor": "submodule",
    }
    assert [entry.path for entry in tree.entries() if entry.executable] == ["run.sh"]
    assert tree.committed("link", 99) == b"../outside"
    for path in ("link", "vendor"):
        with pytest.raises(FileNotFoundError):
            tree.read(path, 9)


def test_a_folder_stands_for_itself_also_in_sha256_and_before_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    for name in ("a.py", "sub/b.py", "sub/later.py", "sub/empty.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("" if "empty" in name else name)
    git(tmp_path, "add", "a.py", "sub/b.py", "sub/empty.py")
    git(tmp_path, "add", "--intent-to-add", "sub/later.py")
    tree = staged(tmp_path / "sub")
    assert (paths(tree), tree.commit) == (["b.py", "empty.py"], "")
    assert tree.read("b.py", 99) == b"sub/b.py"


def test_a_linked_work_tree_has_an_index_of_its_own(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked" / "c.py").write_text("c\n")
    git(tmp_path / "linked", "add", "c.py")
    assert paths(staged(tmp_path / "linked")) == ["a.py", "c.py", "sub/b.py"]
    assert paths(staged(repo)) == ["a.py", "sub/b.py"]


def test_the_index_that_git_names_to_its_hooks_is_read_and_no_other(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git commit -a` and `git commit PATH` prepare the commit in another file than `.git/index`."""
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo / ".git" / "next-index"))
    (repo / ".git" / "next-index").write_bytes((repo / ".git" / "index").read_bytes())
    (repo / "a.py").unlink()
    git(repo, "add", "-u")
    assert paths(staged(repo)) == ["a.py", "sub/b.py"]
    monkeypatch.setenv("GIT_INDEX_FILE", str(make(tmp_path / "foreign", **{"x.py": ""}) / ".git" / "index"))
    assert paths(staged(repo)) == ["sub/b.py"]


def test_a_missing_object_is_noted_and_its_path_stays(repo: Path) -> None:
    blob = git(repo, "rev-parse", "HEAD:a.py")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    tree = staged(repo)
    assert {entry.path: entry.size for entry in tree.entries()} == {"a.py": -1, "sub/b.py": 2}
    with pytest.raises(OSError, match="not in this clone"):
        tree.read("a.py", 9)


def test_a_path_that_leads_outside_is_left_out(repo: Path) -> None:
    index = repo / ".git" / "index"
    index.write_bytes(index.read_bytes().replace(b"sub/b.py", b"../secre"))
    assert paths(staged(repo)) == ["a.py"]


def test_where_nothing_can_be_staged_it_is_said(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    (tmp_path / "plain").mkdir()
    for folder in ("bare.git", "plain"):
        with pytest.raises(Stop, match="nothing is staged there"):
            staged(tmp_path / folder)
