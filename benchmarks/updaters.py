"""Three tools that bring a template's next version to a project, each run as its users run it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

BIN = Path(sys.executable).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlscaffold-bench"
VERSIONS = {"copier": "9.19.1", "cruft": "2.16.0"}
TOOLS = ("mlscaffold", "copier", "cruft")
STATE = {"mlscaffold": ".mlscaffold.lock", "copier": ".copier-answers.yml", "cruft": ".cruft.json"}
"""Where each keeps which version of which template a project follows."""
Body = str | bytes
Files = Mapping[str, Body]
"""Contents by path; those of `link -> target` are symbolic links, and a text that begins with #! runs."""


class Version(NamedTuple):
    """One version of a small template: its files, its questions with default or choices, and `upkeep`."""

    files: Files
    asks: Mapping[str, str | tuple[str, ...] | None] = {}
    upkeep: str = ""


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    said: str


def installed() -> Path:
    """The folder of the other tools' programs, installed once."""
    venv = CACHE / "updaters"
    if not (venv / "bin/cruft").exists():
        wanted = [f"{name}=={version}" for name, version in VERSIONS.items()]
        subprocess.run([BIN / "uv", "venv", "-q", "--clear", "-p", sys.executable, venv], check=True)
        subprocess.run([BIN / "uv", "pip", "install", "-q", "-p", venv / "bin/python", *wanted], check=True)
    return venv / "bin"


class Scene:
    """A folder with a template of some versions, as one tool wants it, and a project made from the first."""

    def __init__(self, folder: Path, tool: str, versions: tuple[Version, ...], answers: Mapping[str, str]):
        self.folder, self.tool, self.answers = folder, tool, answers
        self.template, self.root = folder / "template", folder / "churn"
        self.home = folder / "home"
        self.path = os.environ["PATH"]
        self.home.mkdir(parents=True)
        settings = "[user]\n name = Ada\n email = ada@localhost\n[init]\n defaultBranch = main\n"
        (self.home / ".gitconfig").write_text(settings + '[protocol "file"]\n allow = always\n', "utf-8")
        self.template.mkdir()
        self.git(self.template, "init", "-q")
        for number, version in enumerate(versions, 1):
            self._release(f"{number}.0", version)
        self._make()
        shutil.copytree(self.template, folder / "carried")  # a wheel brings its template along
        self.git(self.root, "init", "-q")
        self.commit("start")

    def git(self, folder: Path, *words: str) -> str:
        """Run git as the project's people do."""
        done = subprocess.run(
            ["git", *words], cwd=folder, env=self._environment(), capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"git {words}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8", "replace")

    def commit(self, message: str = "work") -> None:
        """Commit everything in the project."""
        self.git(self.root, "add", "-A")
        self.git(self.root, "commit", "-q", "--allow-empty", "-m", message)

    def command(self, version: str) -> list[str]:
        """The command that brings a version to the project in whose folder it runs."""
        others = installed()
        match self.tool:
            case "copier":
                return [str(others / "copier"), "update", "--defaults", "--vcs-ref", version]
            case "cruft":
                return [str(others / "cruft"), "update", "-y", "--checkout", version]
            case _:
                return [*self._ours(version), "update"]

    def update(self, version: str = "2.0", *more: str) -> Ran:
        """Bring a version to the project."""
        return self.run([*self.command(version), *more])

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        """The command in the project, in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, command: list[str]) -> Ran:
        """What the command came to, in the project."""
        process = self.start(command)
        said, _ = process.communicate(timeout=300)
        return Ran(process.returncode, plain(said))

    def _ours(self, version: str) -> list[str]:
        driver = Path(__file__).with_name("small_template.py")
        return [sys.executable, str(driver), str(self.folder / "carried"), version]

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "COPIER_", "VIRTUAL_ENV"))}
        return kept | {
            "HOME": str(self.home),
            "PATH": self.path,
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "COPIER_CACHE_DIR": str(self.home / "copier"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "NO_COLOR": "1",
            "COLUMNS": "500",
        }

    def _release(self, tag: str, version: Version) -> None:
        for path in self.template.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        (_cookiecutter if self.tool == "cruft" else _copier)(self.template, version)
        self.git(self.template, "add", "-Af")
        self.git(self.template, "commit", "-q", "-m", tag)
        self.git(self.template, "tag", tag)

    def _make(self) -> None:
        others, answers = installed(), json.dumps(dict(self.answers))
        self.root.mkdir()
        if self.tool == "copier":
            data = [word for key, value in self.answers.items() for word in ("--data", f"{key}={value}")]
            words = ["copy", "--defaults", "--vcs-ref", "1.0", *data, str(self.template), str(self.root)]
            done = self.run([str(others / "copier"), *words])
        elif self.tool == "cruft":
            words = ["create", "-y", "-f", "--checkout", "1.0", "--extra-context", answers]
            done = self.run([str(others / "cruft"), *words, "--output-dir", "..", str(self.template)])
        else:
            self.template.rename(self.folder / "carried")
            done = self.run([*self._ours("1.0"), "new", str(self.root), answers])
            (self.folder / "carried").rename(self.template)
        if done.code:
            raise RuntimeError(f"{self.tool} made no project: {done.said}")


def plain(said: bytes) -> str:
    """What a program printed, without colours and signs of its terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode("utf-8", "replace"))


def put(folder: Path, files: Files) -> None:
    """Write files, links and programs."""
    for path, body in files.items():
        at = folder / path
        at.parent.mkdir(parents=True, exist_ok=True)
        content = body.encode() if isinstance(body, str) else body
        if content.startswith(b"link -> "):
            at.unlink(missing_ok=True)
            at.symlink_to(os.fsdecode(content[8:]))
            continue
        at.write_bytes(content)
        at.chmod(0o755 if content.startswith(b"#!") else 0o644)


def _copier(folder: Path, version: Version) -> None:
    rows = ["_subdirectory: template", "_envops: {keep_trailing_newline: true}"]
    for name, value in version.asks.items():
        if isinstance(value, tuple):
            rows.append(f"{name}: {{type: str, choices: [{', '.join(value)}], default: {value[0]}}}")
        else:
            rows.append(f"{name}: {{type: str{'' if value is None else f', default: {value}'}}}")
    if version.upkeep:
        rows.append(f"upkeep: {{when: false, type: yaml, default: {version.upkeep}}}")
    put(folder, {"copier.yml": "\n".join(rows) + "\n"})
    asked = "{{ _copier_answers|to_nice_yaml }}"
    put(folder / "template", {"{{ _copier_conf.answers_file }}.jinja": asked})
    put(folder / "template", {f"{p}.jinja" if _fills(b) else p: b for p, b in version.files.items()})


def _cookiecutter(folder: Path, version: Version) -> None:
    asked = {"slug": "churn"} | {
        k: list(v) if isinstance(v, tuple) else v or "" for k, v in version.asks.items()
    }
    put(folder, {"cookiecutter.json": json.dumps(asked)})
    made = {p: b.replace("{{ ", "{{ cookiecutter.") if _fills(b) else b for p, b in version.files.items()}  # type: ignore[union-attr,arg-type]
    put(folder / "{{cookiecutter.slug}}", made)


def _fills(body: Body) -> bool:
    return isinstance(body, str) and "{{ " in body
