"""git on a repository that nobody trusts: in a private GIT_DIR that shares its objects, refs and index.

An audited repository's configuration names programs that git starts even for a plain listing (fsmonitor,
filters, lazy fetch), so none of it is ever read by git; see
https://git-scm.com/docs/git-config (core.fsmonitor, filter.<driver>.process, remote.<name>.uploadpack).
"""

from __future__ import annotations

import os
import subprocess
import weakref
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.private import private_folder, remove

OLDEST = (2, 25)
SMALL = 65536
PATIENCE = 120
"""Seconds; a named pipe called `.gitignore` makes git wait for ever."""

TAKEN_OVER = {"objectformat": {"sha1", "sha256"}, "refstorage": {"files", "reftable"}}


class Where(NamedTuple):
    """Its own git directory, the one that linked work trees share, and its work tree."""

    git_dir: Path
    common: Path
    root: Path | None


def repository_at(folder: Path) -> Where | None:
    """The repository whose work tree is, or whose git directory is, `folder`; `None` where there is none."""
    dot = folder / ".git"
    inner = dot if dot.is_dir() else _pointed(dot)
    if inner and (common := _common(inner)):
        return Where(inner, common, folder)
    if (folder / "HEAD").is_file() and (common := _common(folder)):
        return Where(folder, common, None)
    return None


def repository_above(folder: Path) -> Where | None:
    """The repository whose work tree holds `folder`, looked for upwards as git does."""
    return next((where for at in (folder, *folder.parents) if (where := repository_at(at))), None)


def inside(root: Path | None, folder: Path) -> str:
    """The path of `folder` within the work tree; empty for its root."""
    where = os.path.relpath(os.path.realpath(folder), os.path.realpath(root)) if root else "."
    return "" if where == "." else where.replace(os.sep, "/")


def _pointed(dot: Path) -> Path | None:
    """Where a `.git` file of a linked work tree or a submodule points."""
    try:
        text = _head(dot)
    except OSError:
        return None
    return dot.parent / text[len("gitdir:") :].strip() if text.startswith("gitdir:") else None


def _common(git_dir: Path) -> Path | None:
    """The directory that holds objects and refs, or `None` where `git_dir` is no git directory."""
    if not os.path.lexists(git_dir / "HEAD"):
        return None
    pointer = git_dir / "commondir"
    common = git_dir / _head(pointer).strip() if pointer.is_file() else git_dir
    complete = (common / "objects").is_dir() and (common / "refs").is_dir()
    return Path(os.path.realpath(common)) if complete else None


def _head(path: Path) -> str:
    """The first bytes of a small regular file; raises OSError."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return os.fsdecode(file.read(SMALL))


class Git:
    """git commands over one repository, in a private GIT_DIR that goes away with this object."""

    def __init__(self, where: Where, index: Path | None = None) -> None:
        self.where = where
        self._index = index or where.git_dir / "index"
        try:
            private = private_folder("mlscaffold-git-")
        except OSError as error:
            raise Stop(f"no folder takes temporary files ({error.strerror}): set TMPDIR to one") from None
        weakref.finalize(self, remove, private)
        self._private = private
        self._furnish()
        self.environment = self._environment()

    def run(self, *arguments: str, cwd: Path | None = None, given: bytes = b"") -> bytes:
        """What the command prints when it is given that; raises Stop with git's own words where it fails."""
        try:
            done = subprocess.run(  # noqa: S603 (in a directory of ours)
                ["git", *arguments],  # noqa: S607 (it is the one on PATH that is meant)
                cwd=cwd or self.where.root or self._private,
                env=self.environment,
                input=given,
                capture_output=True,
                check=False,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            raise Stop(
                f"git gave no listing of {self.where.root} in {PATIENCE} s: look for a pipe there"
            ) from None
        except FileNotFoundError:
            raise self._no_program() from None
        if done.returncode:
            self.explain(done.stderr)
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A git process that answers on its pipes."""
        try:
            return subprocess.Popen(  # noqa: S603 (in a directory of ours)
                ["git", *arguments],  # noqa: S607 (it is the one on PATH that is meant)
                cwd=self._private,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            raise self._no_program() from None

    def _no_program(self) -> Stop:
        place = self.where.root or self.where.git_dir
        return Stop(f"{place} is a git repository, and git is not on PATH: install git")

    def explain(self, stderr: bytes) -> None:
        """Raise Stop for a git command that failed: too old, or what git said."""
        asked = ["git", "--version"]
        done = subprocess.run(asked, capture_output=True, check=False, env=self.environment)  # noqa: S603
        version = regex(rb"(\d+)\.(\d+)[\w.]*").search(done.stdout)
        if version and (int(version[1]), int(version[2])) < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise Stop(f"git {version[0].decode()} is too old: install git {wanted} or newer")
        said = stderr.decode("utf-8", "backslashreplace").strip().splitlines() or ["it gave no reason"]
        place = self.where.root or self.where.git_dir
        raise Stop(f"git cannot read {place} ({said[-1]}): `git fsck` there tells more")

    def _furnish(self) -> None:
        private, (git_dir, common, _) = self._private, self.where
        (private / "objects" / "info").mkdir(parents=True)
        (private / "info").mkdir()
        (private / "objects" / "info" / "alternates").write_bytes(_quoted(common / "objects") + b"\n")
        (private / "HEAD").write_bytes(_head_ref(git_dir / "HEAD"))
        (private / "config").write_text(_own_config(common / "config"), "utf-8")
        for name in ("refs", "packed-refs", "shallow", "reftable"):
            _share(common / name, private / name)
        _share(common / "info" / "exclude", private / "info" / "exclude")
        for part in git_dir.iterdir():
            if part.name.startswith("sharedindex.") and part.is_file():
                _copy(part, private / part.name)  # reading one changes its time stamp

    def _environment(self) -> dict[str, str]:
        private = str(self._private)
        kept = {k: os.environ[k] for k in ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP") if k in os.environ}
        environment = {
            **kept,
            "PATH": _absolute(os.environ.get("PATH", "")) or os.defpath,
            "HOME": private,
            "XDG_CONFIG_HOME": private,
            "GIT_DIR": private,
            "GIT_INDEX_FILE": str(self._index),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": "none",
            "LC_ALL": "C",
        }
        return environment | ({"GIT_WORK_TREE": str(self.where.root)} if self.where.root else {})


def _absolute(folders: str) -> str:
    """A search path without the folders that would lie in the repository, where git is started."""
    return os.pathsep.join(filter(os.path.isabs, folders.split(os.pathsep)))


def _quoted(path: Path) -> bytes:
    """A path as git's alternates file quotes it, whatever its bytes."""
    plain = b"".join(
        bytes([c]) if 32 <= c < 127 and c not in b'"\\' else b"\\%03o" % c for c in os.fsencode(path)
    )
    return b'"' + plain + b'"'


def _head_ref(head: Path) -> bytes:
    """HEAD's content; an old symbolic link is written as the reference that it means."""
    if head.is_symlink():
        return b"ref: " + os.fsencode(head.readlink()) + b"\n"
    return os.fsencode(_head(head))


def _share(theirs: Path, ours: Path) -> None:
    """Make `theirs` visible in our directory: a link, or a copy where the system allows no link."""
    if not theirs.exists():
        return
    try:
        ours.symlink_to(os.path.realpath(theirs))
    except OSError:
        _copy(theirs, ours)


def _copy(theirs: Path, ours: Path) -> None:
    import shutil

    (shutil.copytree if theirs.is_dir() else shutil.copyfile)(theirs, ours)


def _own_config(theirs: Path) -> str:
    """Our configuration: of theirs only the format of objects and refs, without which git reads nothing."""
    try:
        text = _head(theirs)
    except OSError:
        text = ""
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        if head := regex(r"\s*\[\s*([\w.-]+)\s*\]").match(line):
            section = head[1].lower()
        value = regex(r"\s*(?:\[[^\]]*\]\s*)?(\w+)\s*=\s*\"?(\w+)").match(line)
        if section == "extensions" and value and value[2].lower() in TAKEN_OVER.get(value[1].lower(), ()):
            found[value[1].lower()] = value[2].lower()
    rows = "".join(f"\t{key} = {value}\n" for key, value in found.items())
    extensions = f"[extensions]\n{rows}" if found else ""
    return f"[core]\n\trepositoryformatversion = {1 if found else 0}\n\tbare = false\n{extensions}"
