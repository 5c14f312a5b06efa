"""What README and docs show as printed is what the commands print, and every command they show exists."""

import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlscaffold import rules, standard
from mlscaffold.cli import parser
from mlscaffold.config import read_config
from mlscaffold.repo.trees.memory import MemoryTree

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if "```console" in p.read_text("utf-8")
)
SHOWN = re.compile(
    r"(?P<mark><!-- transcript(?: head=(?P<head>\d+))? -->\n)```console\n(?P<body>.*?)^```$", re.M | re.S
)
FENCE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
TEMPLATE_TARGETS = {"setup", "test", "lint", "repro", "docs", "audit", "docker", "lock", "ui"}
OTHERS = {"git", "cd", "export", "python3", "uv", "pipx", "~/.mlscaffold/bin/pip", ".ci/run"}
COMMIT = "4f1c9e07ab"
VERSION = "unreleased-4f1c9e07ab12"
WIDTH = 96


@pytest.fixture
def place(page: Path, tmp_path: Path) -> Path:
    """A folder with the repositories that the page speaks of, and a home in which git knows somebody."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n", "utf-8")
    sys.path.insert(0, str(ROOT / "demo"))
    import forecast
    import heap

    heap.make(tmp_path / "here/heap")
    if re.search(r"^\$ mlscaffold .*\bforecast\b", page.read_text("utf-8"), re.M):
        printed("mlscaffold new forecast --yes", tmp_path)
        forecast.change(tmp_path / "here/forecast")
    return tmp_path


def printed(command: str, place: Path) -> str:
    """What the command prints on a terminal, with commits and folders that are the same on every machine."""
    words = shlex.split(command)
    assert words[0] == "mlscaffold", "only our own commands are shown with their output"
    outer, inner = pty.openpty()
    env = os.environ | {"HOME": str(place / "home"), "COLUMNS": str(WIDTH), "NO_COLOR": "1", "CI": "true"}
    env = {k: v for k, v in env.items() if not k.startswith("GIT_") or k == "GIT_SSL_CAINFO"}
    argv = [sys.executable, "-m", "mlscaffold", *words[1:]]
    with subprocess.Popen(
        argv, cwd=place / "here", env=env, stdin=subprocess.DEVNULL, stdout=inner, stderr=inner
    ) as process:
        os.close(inner)
        text = b"".join(_read(outer)).decode().replace("\r\n", "\n")
    os.close(outer)
    assert process.returncode in (0, 1), text
    text = re.sub(r"\bunreleased-[0-9a-f]{12}\b", VERSION, text)  # what a release is called by
    return re.sub(r"@ [0-9a-f]{10}\b", f"@ {COMMIT}", text).replace(f"{place / 'here'}/", "")


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            block = os.read(descriptor, 65536)
        except OSError:  # Linux says so at the end of a terminal
            return
        if not block:
            return
        yield block


def shown(block: re.Match[str], place: Path) -> str:
    """The block as it should be: each command followed by what it prints."""
    commands = [line[2:] for line in block["body"].splitlines() if line.startswith("$ ")]
    out = []
    for command in commands:
        new = re.match(r"mlscaffold new (\S+)", command)
        if new and (place / "here" / new[1]).exists():
            shutil.rmtree(place / "here" / new[1])
        said = printed(command, place).rstrip("\n").split("\n")
        cut = int(block["head"] or len(said))
        out.append("\n".join([f"$ {command}", *said[:cut], *(["…"] if said[cut:] else []), ""]))
    return f"{block['mark']}```console\n" + "\n".join(out) + "```"


@pytest.mark.parametrize(
    "page", [p for p in PAGES if SHOWN.search(p.read_text("utf-8"))], ids=lambda p: str(p.relative_to(ROOT))
)
def test_transcripts_are_true(page: Path, place: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text("utf-8")
    now = SHOWN.sub(lambda block: shown(block, place), text)
    if request.config.getoption("--write-transcripts"):
        page.write_text(now, "utf-8")
    assert now == text or request.config.getoption("--write-transcripts"), "`make transcripts` writes it anew"


def commands(page: Path) -> Iterator[str]:
    for block in FENCE.findall(page.read_text("utf-8")):
        yield from (line[2:] for line in block.splitlines() if line.startswith("$ "))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for command in commands(page):
        words = shlex.split(command.replace(" && ", " ; "))
        match words:
            case [tool, *arguments] if tool in ("mlscaffold", ".venv/bin/mlscaffold"):
                if arguments != ["--version"]:
                    parser().parse_args(arguments)
            case ["make", *named]:
                assert set(named) <= targets | TEMPLATE_TARGETS, command
            case [tool, *_]:
                assert tool in OTHERS, command


@pytest.mark.parametrize("file", ["pyproject.toml", "mlscaffold.toml"])
def test_the_ignores_shown_are_read(file: str) -> None:
    page = (ROOT / "docs/how-to/accept-a-finding.md").read_text("utf-8")
    (shown,) = re.findall(rf'^```toml title="{re.escape(file)}"\n(.*?)^```$', page, re.M | re.S)
    read = read_config(MemoryTree({file: shown}), standard.load(), rules.load())
    assert read.source == file
    assert [ignore.code for ignore in read.ignore] == ["VCS101"]
