"""Trees of real git repositories: what is listed and read, and that nothing of theirs ever runs."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from real_git import ENVIRONMENT, git, kinds, make, paths

from mlscaffold.cli import main
from mlscaffold.errors import Stop
from mlscaffold.repo.trees.blobs import Blobs
from mlscaffold.repo.trees.git import repository_at
from mlscaffold.repo.trees.heads import commit_at_head
from mlscaffold.repo.trees.open import open_tree


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return make(tmp_path / "repo")


def test_work_tree_lists_tracked_and_unignored_files(repo: Path) -> None:
    (repo / ".gitignore").write_text("*.log\n")
    (repo / "x.log").write_text("")
    (repo / "new.py").write_text("new")
    (repo / ".venv").mkdir()
    (repo / ".venv" / "lib.py").write_text("")
    tree = open_tree(repo)
    assert paths(tree) == [".gitignore", "a.py", "new.py", "sub/b.py"]
    tracked = {entry.path: entry.tracked for entry in tree.entries()}
    assert tracked == {".gitignore": False, "a.py": True, "new.py": False, "sub/b.py": True}
    assert tree.commit == git(repo, "rev-parse", "HEAD")


def test_read_gives_the_work_tree_and_committed_gives_git(repo: Path) -> None:
    (repo / "a.py").write_text("changed\n")
    tree = open_tree(repo)
    assert tree.read("a.py", 99) == b"changed\n"
    assert tree.read("a.py", 3) == b"cha"
    assert tree.committed("a.py", 99) == b"a\n"
    with pytest.raises(OSError, match="never"):
        tree.read("never", 9)


def test_what_lies_there_unchanged_is_not_asked_of_git(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    get = Blobs.get
    monkeypatch.setattr(Blobs, "get", lambda b, name, limit: (asked.append(name), get(b, name, limit))[1])
    tree = open_tree(repo)
    assert tree.committed("a.py", 1) == b"a"
    assert tree.commit == git(repo, "rev-parse", "HEAD")
    assert not asked
    (repo / "a.py").write_text("c\n")
    assert tree.committed("a.py", 9) == b"a\n"
    assert asked == [git(repo, "rev-parse", "HEAD:a.py")]


@pytest.mark.parametrize(
    "commands",
    [
        ["pack-refs --all"],
        ["pack-refs --all", "commit -q --allow-empty -m second"],
        ["checkout -q --detach"],
        ["checkout -q -b feature/a-b"],
        ["checkout -q -b odd", "pack-refs --all", "branch -q -f od HEAD~0"],
        ["worktree add -q ../linked"],
        ["symbolic-ref refs/heads/alias refs/heads/main", "symbolic-ref HEAD refs/heads/alias"],
        ["checkout -q --orphan fresh"],
    ],
)
def test_the_commit_at_head_is_what_git_says(repo: Path, commands: list[str]) -> None:
    for command in commands:
        git(repo, *command.split())
    linked = repo.parent / "linked"
    for folder in (repo, linked) if linked.exists() else (repo,):
        said = git(folder, "rev-parse", "--verify", "-q", "HEAD") if "--orphan" not in commands[0] else ""
        assert open_tree(folder).commit == said


@pytest.mark.parametrize(
    "head",
    ["ref: refs/heads/../../../outside\n", "ref: ../outside\n", "ref: refs/heads/none\n", "", "x" * 5000],
)
def test_a_head_that_leads_elsewhere_names_no_commit(repo: Path, head: str) -> None:
    (repo.parent / "outside").write_text("a" * 40 + "\n")
    where = repository_at(repo)
    assert where is not None
    (repo / ".git" / "HEAD").write_text(head)
    assert commit_at_head(where.git_dir, where.common) is None


def test_an_ignored_file_is_read_only_where_somebody_names_it_and_through_no_link(
    repo: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    (repo / ".gitignore").write_text("data/\n")
    (repo / "data").mkdir()
    (repo / "data" / "out.csv").write_text("1,2\n")
    (repo / "data" / "link.csv").symlink_to(tmp_path / "secret.csv")
    (repo / "data" / "up").symlink_to(tmp_path)
    tree = open_tree(repo)
    assert not [path for path in paths(tree) if path.startswith("data")]
    assert tree.ignored("data/out.csv", 99) == b"1,2\n"
    for path in ("data/link.csv", "data/up/secret.csv", "../secret.csv", "data/none.csv", "a.py", "data"):
        with pytest.raises(OSError, match=r".*"):
            tree.ignored(path, 99)
    with pytest.raises(FileNotFoundError):
        open_tree(repo, "HEAD").ignored("data/out.csv", 99)


def test_deleted_file_is_gone_and_one_left_out_by_sparse_checkout_is_not(repo: Path) -> None:
    git(repo, "sparse-checkout", "set", "--cone", "--sparse-index", "none")
    git(repo, "rm", "-q", "--cached", "a.py")
    tree = open_tree(repo)
    assert tree.read("sub/b.py", 9) == b"b\n"
    git(repo, "sparse-checkout", "disable")
    (repo / "sub" / "b.py").unlink()
    assert paths(open_tree(repo)) == ["a.py"]


def test_subfolder_stands_for_itself(repo: Path) -> None:
    assert paths(open_tree(repo / "sub")) == ["b.py"]
    assert paths(open_tree(repo / "sub", "HEAD")) == ["b.py"]


def test_folder_that_the_repository_around_it_ignores_is_a_plain_folder(repo: Path) -> None:
    (repo / ".gitignore").write_text("/out/\n")
    (repo / "out").mkdir()
    (repo / "out" / "c.py").write_text("c")
    tree = open_tree(repo / "out")
    assert (paths(tree), tree.in_git) == (["c.py"], False)


def test_revision_is_read_without_a_check_out(repo: Path) -> None:
    (repo / "run.sh").write_text("#!/bin/sh\n")
    (repo / "run.sh").chmod(0o755)
    (repo / "link").symlink_to("a.py")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "second")
    now, before = open_tree(repo, "main"), open_tree(repo, "HEAD~1")
    assert kinds(now) == {"a.py": "file", "link": "symlink", "run.sh": "file", "sub/b.py": "file"}
    assert [e.path for e in now.entries() if e.executable] == ["run.sh"]
    assert paths(before) == ["a.py", "sub/b.py"]
    assert now.read("a.py", 1) == b"a"
    assert {e.path: e.size for e in now.entries()}["a.py"] == 2


def test_bare_repository_stands_for_its_head(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(repo), "bare.git")
    tree = open_tree(tmp_path / "bare.git")
    assert paths(tree) == ["a.py", "sub/b.py"]
    assert tree.committed("sub/b.py", 9) == b"b\n"
    assert tree.commit == git(repo, "rev-parse", "HEAD")


def test_large_blob_does_not_disturb_the_next_read(repo: Path) -> None:
    (repo / "large").write_bytes(b"x" * 3_000_000)
    git(repo, "add", "-A")
    tree = open_tree(repo)
    assert tree.committed("large", 10) == b"x" * 10
    assert tree.committed("a.py", 10) == b"a\n"


def test_linked_work_tree(repo: Path, tmp_path: Path) -> None:
    git(repo, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    tree = open_tree(tmp_path / "linked")
    assert paths(tree) == ["a.py", "sub/b.py"]
    assert tree.commit == git(repo, "rev-parse", "other")
    assert tree.committed("a.py", 9) == b"a\n"


def test_submodule_is_an_entry_and_a_tree_of_its_own(repo: Path, tmp_path: Path) -> None:
    inner = make(tmp_path / "inner", **{"c.py": "c\n"})
    git(repo, "-c", "protocol.file.allow=always", "submodule", "-q", "add", str(inner), "vendor")
    assert kinds(open_tree(repo))["vendor"] == "submodule"
    assert "vendor/c.py" not in paths(open_tree(repo))
    assert paths(open_tree(repo / "vendor")) == ["c.py"]
    git(repo, "commit", "-q", "-m", "add it")
    assert kinds(open_tree(repo, "HEAD"))["vendor"] == "submodule"


def test_sha256_repository(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", "--object-format=sha256")
    tree = open_tree(repo)
    assert len(tree.commit) == 64
    assert tree.committed("a.py", 9) == b"a\n"
    assert paths(open_tree(repo, "HEAD")) == ["a.py", "sub/b.py"]


def test_split_index(repo: Path) -> None:
    git(repo, "update-index", "--split-index")
    (repo / "c.py").write_text("c")
    git(repo, "add", "c.py")
    before = {p.name: p.stat().st_mtime_ns for p in (repo / ".git").iterdir()}
    assert [e.path for e in open_tree(repo).entries() if e.tracked] == ["a.py", "c.py", "sub/b.py"]
    assert {p.name: p.stat().st_mtime_ns for p in (repo / ".git").iterdir()} == before


def test_unmerged_path_is_listed_once(repo: Path) -> None:
    git(repo, "checkout", "-q", "-b", "other")
    (repo / "a.py").write_text("theirs\n")
    git(repo, "commit", "-qam", "theirs")
    git(repo, "checkout", "-q", "main")
    (repo / "a.py").write_text("ours\n")
    git(repo, "commit", "-qam", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(repo, "merge", "other")
    assert paths(open_tree(repo)) == ["a.py", "sub/b.py"]


def test_missing_object_is_an_os_error_and_fetches_nothing(repo: Path) -> None:
    blob = git(repo, "rev-parse", "HEAD:a.py")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    tree = open_tree(repo, "HEAD")
    assert {e.path: e.size for e in tree.entries()} == {"a.py": -1, "sub/b.py": 2}
    with pytest.raises(OSError, match="not in this clone"):
        tree.read("a.py", 9)
    assert open_tree(repo).committed("a.py", 9) == b"a\n", "the work tree holds the same"
    (repo / "a.py").write_text("b\n")
    with pytest.raises(OSError, match="not in this clone"):
        open_tree(repo).committed("a.py", 9)
    assert tree.read("sub/b.py", 9) == b"b\n"


def test_repository_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("a")
    tree = open_tree(tmp_path)
    assert (paths(tree), tree.commit, tree.in_git) == (["a.py"], "", True)
    with pytest.raises(Stop, match="no commit yet"):
        open_tree(tmp_path, "HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "", "-n", "HEAD\nHEAD", "a" * 40, "HEAD:a.py"])
def test_unknown_revision_is_said(repo: Path, revision: str) -> None:
    with pytest.raises(Stop, match="knows no revision"):
        open_tree(repo, revision)


def test_damaged_index_is_said(repo: Path) -> None:
    (repo / ".git" / "index").write_bytes(b"nothing")
    with pytest.raises(Stop, match="git cannot read"):
        open_tree(repo).entries()


def test_missing_git_is_said(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="install git"):
        open_tree(repo).entries()


@pytest.mark.parametrize("first", [".", ""])
def test_a_program_of_the_repository_is_not_taken_for_git(
    repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: str
) -> None:
    (repo / "git").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n", "utf-8")
    (repo / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{first}{os.pathsep}{os.environ['PATH']}")
    assert [entry.path for entry in open_tree(repo).entries()]
    assert not (tmp_path / "ran").exists()


def test_old_git_is_said(repo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo git version 2.7.4 && exit 0\nexit 129\n')
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
    with pytest.raises(Stop, match=r"git 2\.7\.4 is too old: install git 2\.25 or newer"):
        open_tree(repo).entries()


def test_nothing_of_the_repository_runs(repo: Path, tmp_path: Path) -> None:
    mark, elsewhere = tmp_path / "mark", tmp_path / "elsewhere"
    elsewhere.mkdir()
    touch = f"touch {mark}-"
    hooks = repo / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\n{touch}hook\n")
        (hooks / name).chmod(0o755)
    (repo / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (repo / ".git" / "include").write_text(f"[core]\n\tfsmonitor = {touch}included\n")
    blob = git(repo, "rev-parse", "HEAD:a.py")
    with (repo / ".git" / "config").open("a") as config:
        config.write(f"""[core]
\tfsmonitor = {touch}fsmonitor
\thooksPath = {hooks}
\tworktree = {elsewhere}
\tsshCommand = {touch}ssh
\tpager = {touch}pager
\tuntrackedCache = true
[include]
\tpath = include
[filter "evil"]
\tclean = {touch}clean
\tsmudge = {touch}smudge
\tprocess = {touch}process
\trequired = true
[diff "evil"]
\ttextconv = {touch}textconv
\tcommand = {touch}external
[remote "origin"]
\turl = {tmp_path}
\tpromisor = true
\tuploadpack = {touch}uploadpack
\tpartialclonefilter = blob:none
[credential]
\thelper = {touch}credential
[extensions]
\tpartialClone = origin
""")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for tree in (*(open_tree(repo, rev) for rev in (None, "HEAD", "main~0")), open_tree(repo, staged=True)):
        for entry in tree.entries():
            for read in (tree.read, tree.committed):
                try:
                    read(entry.path, 99)
                except OSError:
                    continue
        assert tree.commit
        assert "a.py" in paths(tree)
    for options in ([], ["--staged"], ["--rev", "HEAD"], ["--history"]):
        assert main(["audit", str(repo), *options]) in (0, 1)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("mark")] == []


def test_marks_appear_where_git_reads_that_configuration_itself(repo: Path, tmp_path: Path) -> None:
    """The guard above bites: a plain listing by git runs the configured program."""
    git(repo, "config", "core.fsmonitor", f"touch {tmp_path / 'mark'}")
    subprocess.run(["git", "status", "--short"], cwd=repo, env=ENVIRONMENT, capture_output=True, check=False)
    assert (tmp_path / "mark").exists()


def test_index_that_names_paths_outside_is_not_followed(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "secre").write_text("secret")
    index = repo / ".git" / "index"
    index.write_bytes(index.read_bytes().replace(b"sub/b.py", b"../secre"))
    assert paths(open_tree(repo)) == ["a.py", "sub/b.py"]


def test_folder_replaced_by_a_link_is_not_read_through(repo: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.py").write_text("secret")
    shutil.rmtree(repo / "sub")
    (repo / "sub").symlink_to(outside)
    assert kinds(open_tree(repo)) == {"a.py": "file", "sub": "symlink"}


@pytest.mark.parametrize("options", [[], ["--staged"], ["--rev", "HEAD"]])
def test_names_with_escape_codes_pipes_and_links_outside_are_safe_to_audit(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (tmp_path / "secret.py").write_text("import torch\ntorch.load('/home/jane/x.pt')\n")
    (repo / "link.py").symlink_to(tmp_path / "secret.py")
    (repo / "up").symlink_to(tmp_path)
    (repo / "a\nb\x1b[31m.py").write_text("import torch\ntorch.load('/home/jane/x.pt')\ndef f(:\n")
    (repo / "bomb.zip").write_bytes(b"PK\x03\x04" + bytes(5000))
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "odd")
    os.mkfifo(repo / "pipe.py")
    os.mkfifo(repo / "pyproject.toml")
    for output in ("text", "json"):
        assert main(["audit", str(repo), "--all", "--format", output, *options]) in (0, 1)
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "b\\x1b[31m.py" in printed
    assert "link.py" not in printed.replace("symbolic link", "") or "secret" not in printed


def test_what_this_user_may_not_look_into_is_listed_and_refused(
    as_nobody: tuple[Path, Callable[[], None]],
) -> None:
    folder, become = as_nobody
    repo = make(folder / "repo")
    become()
    (repo / "sub").chmod(0)
    tree = open_tree(repo)
    assert paths(tree) == ["a.py", "sub/b.py"]
    with pytest.raises(PermissionError):
        tree.read("sub/b.py", 9)
    assert tree.committed("sub/b.py", 9) == b"b\n"
