"""A set of changes that cannot be made as a whole is refused with every obstacle, and nothing is changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from killing import changes, git, put, repository, snapshot

from mlscaffold.apply import apply
from mlscaffold.apply.names import clashes, unfit
from mlscaffold.edits import Change, File, State
from mlscaffold.errors import Stop

OLD = {
    "a.txt": File(b"a"),
    "docs/b.txt": File(b"b"),
    "docs/c.txt": File(b"c"),
    "link": File(b"a.txt", "120000"),
}
NEW: dict[str, File | None] = {
    "a.txt": File(b"new a"),
    "docs/b.txt": None,
    "link": File(b"docs", "120000"),
    "new/d.txt": File(b"d"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "r", OLD)


def refused(root: Path, asked: list[Change]) -> str:
    """The words of the refusal, once it is seen that nothing was changed."""
    before = snapshot(root, git_too=True)
    with pytest.raises(Stop) as stop:
        apply(root, asked, "a run")
    assert snapshot(root, git_too=True) == before
    assert not (root / ".git/mlscaffold/journal").exists()
    return str(stop.value)


def folder(place: Path) -> None:
    place.unlink(missing_ok=True)
    place.mkdir(parents=True)


def replaced_by(mode: str, content: bytes) -> Callable[[Path], None]:
    def replace(place: Path) -> None:
        place.unlink(missing_ok=True)
        put(place.parent, place.name, File(content, mode))

    return replace


def pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def outside(place: Path) -> None:
    if place.is_dir():
        shutil.move(place, place.parent.parent / "outside")
    else:
        (place.parent.parent / "outside").mkdir()
    place.symlink_to("../outside")


def clone(place: Path) -> None:
    place.mkdir(exist_ok=True)
    git(place, "init", "--quiet")


@pytest.mark.parametrize(
    ("path", "happens", "told"),
    [
        ("a.txt", lambda p: p.write_bytes(b"mine"), "a.txt was edited since"),
        ("a.txt", lambda p: p.chmod(0o755), "a.txt has another mode now"),
        ("a.txt", Path.unlink, "a.txt is gone"),
        ("a.txt", folder, "a.txt is a folder"),
        ("a.txt", pipe, "a.txt is no file"),
        ("a.txt", replaced_by("120000", b"docs/c.txt"), "a.txt is a link now"),
        ("link", replaced_by("100644", b"a.txt"), "link is no link any more"),
        ("link", replaced_by("120000", b"else"), "link was edited since"),
        ("docs/b.txt", lambda p: p.write_bytes(b"mine"), "docs/b.txt was edited since"),
        ("docs", outside, "docs/b.txt lies below docs, which is a link"),
        ("docs", clone, "docs/b.txt lies below docs, which is a repository of its own"),
        ("new/d.txt", replaced_by("100644", b"mine"), "new/d.txt is there already"),
        ("new/d.txt", replaced_by("100644", b"d"), "new/d.txt is there already"),
        ("new/d.txt", replaced_by("120000", b"nowhere"), "new/d.txt is there already"),
        ("new/d.txt", folder, "new/d.txt is a folder"),
        ("new", replaced_by("100644", b"mine"), "new/d.txt lies below new, which is no folder"),
        ("new", outside, "new/d.txt lies below new, which is a link"),
        ("new", clone, "new/d.txt lies below new, which is a repository of its own"),
    ],
)
def test_what_happened_since_the_plan(
    root: Path, path: str, happens: Callable[[Path], None], told: str
) -> None:
    asked = changes(root, NEW)
    happens(root / path)
    assert refused(root, asked).splitlines()[1:-1] == [f"  {told}"]


def test_every_obstacle_is_named(root: Path) -> None:
    asked = changes(root, NEW)
    (root / "a.txt").write_bytes(b"mine")
    (root / "link").unlink()
    put(root, "new/d.txt", File(b"mine"))
    assert refused(root, asked).splitlines()[1:-1] == [
        "  a.txt was edited since",
        "  link is gone",
        "  new/d.txt is there already",
    ]


def test_an_ignored_file_where_a_new_one_should_go(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {".gitignore": File(b".env\n")})
    put(root, ".env", File(b"TOKEN=1"))
    assert git(root, "status", "--porcelain") == ""
    assert ".env is there already" in refused(root, [Change(".env", None, File(b"TOKEN="))])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../outside",
        "docs/../../outside",
        "docs//x",
        "docs/./x",
        "docs/",
        "a\0b",
        "\ud800",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "docs/.git/config",
        ".git",
        ".git./config",
        ".git . /config",
        ".git::$INDEX_ALLOCATION/config",
        "GIT~1/config",
        ".g\u200cit/config",
        "docs\\.git\\config",
        ".mlscaffold-journal/manifest.json",
    ],
)
def test_a_path_that_is_not_the_users(root: Path, path: str) -> None:
    told = refused(root, [Change(path, None, File(b"x")), Change("fine.txt", None, File(b"x"))])
    assert "fine.txt" not in told
    assert len(told.splitlines()) == 3


@pytest.mark.parametrize(
    "path",
    ["con", "docs/NUL.txt", "Aux .md", "com1", "a:b", "a\\b", "what?", "end.", "end /x", "a\n"],
)
def test_a_name_that_windows_has_not(path: str) -> None:
    assert unfit(path, windows=True) == "is no name that Windows has for a file"
    assert unfit(path, windows=False) == ""


@pytest.mark.parametrize("path", ["console.md", "com10", ".gitignore", "nulls/x.txt", "a b.c", "é"])
def test_a_name_that_windows_has(path: str) -> None:
    assert unfit(path, windows=True) == ""


@pytest.mark.parametrize(
    "path", [".gitignore", ".github/x", "git~2", ".git-blame-ignore-revs", "a\\b", "...", "é"]
)
@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows cannot hold")
def test_a_path_that_only_looks_odd(root: Path, path: str) -> None:
    assert apply(root, [Change(path, None, File(b"x"))], "a run").written == (path,)


def test_changes_that_contradict_each_other(root: Path) -> None:
    new = Change("x", None, File(b"1"))
    assert "x is changed twice" in refused(root, [new, new])
    assert "x/y/z cannot be written beside a file x" in refused(
        root, [new, Change("x/y/z", None, File(b"2"))]
    )


def test_names_that_differ_by_case() -> None:
    both = [
        Change(path, None, File(b""))
        for path in ("docs/Readme.md", "docs/README.md", "caf\u00e9", "cafe\u0301")
    ]
    assert list(clashes(both, folds=False)) == []
    assert [path for path, _ in clashes(both, folds=True)] == sorted(change.path for change in both)


def test_a_folder_that_is_emptied_only_in_part(root: Path) -> None:
    asked = [*changes(root, {"docs/b.txt": None}), Change("docs", None, File(b"a file"))]
    assert "docs is a folder" in refused(root, asked)


def test_an_empty_folder_is_not_nothing(root: Path) -> None:
    (root / "empty/inner").mkdir(parents=True)
    assert "empty is a folder" in refused(root, [Change("empty", None, File(b"a file"))])


def test_submodules_are_not_entered(tmp_path: Path, root: Path) -> None:
    inner = repository(tmp_path / "inner", {"x": File(b"x")})
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner), "vendor/sub")
    git(root, "commit", "--quiet", "--message", "a submodule")
    asked = [Change("vendor/sub/y", None, File(b"y")), Change("vendor/sub/x", File(b"x").state, None)]
    assert refused(root, asked).count("which is a repository of its own") == 2
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", str(root), str(copy))
    assert (copy / "vendor/sub").is_dir()
    assert "vendor/sub/y lies below vendor/sub, which is a submodule" in refused(copy, asked[:1])


def test_a_folder_that_may_not_be_written(as_nobody: tuple[Path, Callable[[], None]]) -> None:
    folder, become = as_nobody
    root = repository(folder / "r", OLD)
    asked = changes(root, NEW)
    become()
    (root / "docs").chmod(0o555)
    assert refused(root, asked).splitlines()[1:-1] == [
        "  docs/b.txt lies in docs, where nothing may be written"
    ]
    (root / "docs").chmod(0o755)
    (root / ".git/mlscaffold").chmod(0o555)
    assert "nothing was changed" in refused(root, asked)
    (root / ".git/mlscaffold").chmod(0o755)
    assert apply(root, asked, "a run").removed == ("docs/b.txt",)


def test_a_full_disk(root: Path) -> None:
    resource = pytest.importorskip("resource")
    asked = [*changes(root, NEW), Change("big.bin", None, File(bytes(200_000)))]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        told = refused(root, asked)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "nothing was changed" in told


def test_a_link_that_cannot_be_made(root: Path) -> None:
    assert "nothing was changed" in refused(
        root, [*changes(root, NEW), Change("l", None, File(b"x" * 5000, "120000"))]
    )


def test_our_folder_leads_elsewhere(tmp_path: Path, root: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".git/mlscaffold").symlink_to(tmp_path / "elsewhere")
    assert "is a link" in refused(root, changes(root, NEW))
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    root = tmp_path / "r"
    put(root, ".git", File(b"gitdir: ../moved/away\n"))
    with pytest.raises(Stop, match="worktree repair"):
        apply(root, [Change("x", None, File(b"x"))], "a run")
    assert [path.name for path in root.iterdir()] == [".git"]


def test_no_work_tree(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    for folder in (tmp_path / "bare.git", tmp_path / "nothing"):
        with pytest.raises(Stop):
            apply(folder, [Change("x", None, File(b"x"))], "a run")
    assert not (tmp_path / "nothing").exists()


def test_a_change_that_changes_nothing_still_expects(root: Path) -> None:
    same = Change("a.txt", OLD["a.txt"].state, OLD["a.txt"])
    assert apply(root, [same], "a run").written == ()
    assert "a.txt was edited since" in refused(root, [same._replace(before=State("0" * 40, "100644"))])
