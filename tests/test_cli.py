"""The commands as a person runs them: output, exit codes, and what they say of impossible input."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest

from mlscaffold import __version__, report, rules
from mlscaffold.cli import main
from mlscaffold.errors import CRASHED, FAILED, INTERRUPTED, OK, REFUSED, TERMINATED
from mlscaffold.rule import RULES, Answer

SCHEMA = json.loads((Path(report.__path__[0]) / "audit.schema.json").read_text("utf-8"))


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "100"} | more
    command = [sys.executable, "-m", "mlscaffold", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment,
        encoding=more.get("PYTHONIOENCODING"),
        check=False,
        timeout=60,
    )


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small training script in git that lacks nearly everything."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "train.py").write_text(
        "import numpy as np\nfrom sklearn.svm import SVC\n\n"
        "X = np.random.rand(9, 2)\nSVC().fit(X, X[:, 0] > 0)\n",
        "utf-8",
    )
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "start")
    return folder


def audited(folder: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict]]:
    code = main(["audit", str(folder), "--format", "json", *options])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    return code, {r["code"]: r for r in document["results"]}


def test_version_names_the_distribution() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (OK, f"mlscaffold-toolkit {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["audti"], "Did you mean audit?"),
        (["audit", "--profile", "prod"], "Did you mean production?"),
        (
            ["audit", "--fromat=json"],
            "mlscaffold audit: error: unrecognized arguments: --fromat=json. Did you mean --format?",
        ),
        (["audit", ".", "elsewhere"], "mlscaffold audit: error: unrecognized arguments: elsewhere\n"),
        ([], "say what a repository lacks"),
        (["audit", "https://example.org/a.git"], "git clone it, and give the clone's folder"),
        (
            ["audit", ".", "--ignore", "FOO1"],
            "--ignore: no rule is called 'FOO1'. `mlscaffold rules` lists them.",
        ),
    ],
)
def test_a_mistake_on_the_command_line_is_told_with_what_was_meant(arguments: list[str], hint: str) -> None:
    done = run(*arguments)
    assert done.returncode == REFUSED
    assert hint in done.stderr
    assert done.stdout == ""


def test_packages_that_are_not_there_are_told(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(repository), "--packages"]) == FAILED
    assert "only the whole is audited" in capsys.readouterr().err
    assert main(["audit", str(repository)]) == FAILED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stream_without_our_signs_gets_plain_ones(repository: Path, encoding: str) -> None:
    odd = repository / "über 🚀"
    odd.mkdir()
    (odd / "train.py").write_text("x = 1\n", "utf-8")
    plain = run("audit", str(repository), PYTHONIOENCODING=encoding)
    assert plain.stderr == ""
    assert "\n  x ENV101" in plain.stdout
    told = run("facts", str(odd), "--format", "json", PYTHONIOENCODING="ascii")
    assert json.loads(told.stdout)["repository"]["label"].endswith("über 🚀")


def test_audit_fails_a_bad_repository_and_says_where(repository: Path) -> None:
    done = run("audit", str(repository))
    assert done.returncode == FAILED
    assert "✗ ENV101" in done.stdout
    assert "train.py:4" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stdout.rstrip().splitlines()[-2].startswith("✗ ")
    assert done.stderr == ""


def test_colour_is_for_those_who_ask(repository: Path) -> None:
    assert "\x1b[31m" in run("audit", str(repository), "--color", "always").stdout


def test_json_is_whole_and_follows_its_schema(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results = audited(repository, capsys=capsys)
    assert code == FAILED
    profiles = {r for r in rules.load() if r in results}
    assert profiles == set(results)
    assert results["ENV101"]["outcome"] == "failed"
    assert results["ENV102"]["outcome"] in ("blocked", "not applicable")
    assert results["REP101"]["answers"][0]["fingerprint"]


def test_select_ignore_and_profile(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results = audited(repository, "--select", "env101,REP", "--ignore", "REP", capsys=capsys)
    assert {c for c in results if c.startswith(("ENV", "REP"))} == set(results)
    assert results["REP101"]["outcome"] == "suppressed"
    assert code == FAILED
    code, results = audited(repository, "--select", "TEAM108", capsys=capsys)
    assert (code, results["TEAM108"]["outcome"]) == (OK, "failed")
    code, results = audited(repository, "--profile", "production", "--select", "TEAM108", capsys=capsys)
    assert code == FAILED


def test_a_revision_and_a_bare_clone_are_read_without_a_check_out(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "requirements.txt").write_text("numpy\nscikit-learn\n", "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "declare")
    assert audited(repository, capsys=capsys)[1]["ENV101"]["outcome"] == "passed"
    assert audited(repository, "--rev", "HEAD~1", capsys=capsys)[1]["ENV101"]["outcome"] == "failed"
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "bare.git")
    assert audited(tmp_path / "bare.git", capsys=capsys)[1]["ENV101"]["outcome"] == "passed"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "nowhere"], "nowhere"),
        (["audit", "file.txt"], "file.txt"),
        (["audit", "bad", "--rev", "nothing"], "nothing"),
        (["audit", "bad", "--select", "ENV1O1"], "Did you mean ENV1"),
        (["explain", "ENV10"], "no rule is called 'ENV10'. Did you mean ENV1"),
        (["explain", "dependencies-unlockd"], "Did you mean dependencies-unlocked?"),
    ],
)
def test_wrong_use_is_refused_with_the_way_out(
    arguments: list[str],
    message: str,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(repository.parent)
    Path("file.txt").write_text("", "utf-8")
    assert main(arguments) == REFUSED
    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


def test_an_unknown_option_is_wrong_use() -> None:
    done = run("audit", "--formt", "json")
    assert done.returncode == REFUSED
    assert "usage: mlscaffold" in done.stderr


def test_a_folder_without_git_and_an_empty_repository_have_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("plain", "empty"):
        (tmp_path / name).mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    for name in ("plain", "empty"):
        code, results = audited(tmp_path / name, capsys=capsys)
        assert code == FAILED
        assert results["DOC101"]["outcome"] == "failed"
        assert not any(r["crashed"] for r in results.values())


def test_hostile_content_gives_findings_and_never_a_traceback(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {
        "pyproject.toml": b"[project\n",
        "params.yaml": b"a: [\n",
        "dvc.yaml": b"- &a [*a, *a]\n",
        "data.json": b"[" * 100_000,
        "analysis.ipynb": b'{"cells": [',
        "latin.py": b"# caf\xe9\nimport torch\n",
        "old.py": b"import torch\nprint 'two'\n",
        "nul.py": b"import torch\0\n",
        "environment.yml": b"\xff\xfe",
        "Dockerfile": b"FROM ${A}${A\n",
        ".github/workflows/ci.yml": b"on: {{",
        ".pre-commit-config.yaml": b"",
    }
    for name, content in broken.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_bytes(content)
    with (repository / "huge.csv").open("wb") as huge:
        huge.truncate(1 << 30)
    (repository / "tracked.bin").write_bytes(bytes(6_000_000))
    git(repository, "add", "tracked.bin")
    (repository / "loop").symlink_to("loop")
    (repository / "up").symlink_to("/")
    os.mkfifo(repository / "pipe.py")
    (repository / "new\nline\x1b[31m.py").write_text("import torch\n", "utf-8")
    git(repository, "submodule", "add", "--quiet", str(repository / ".git"), "sub")
    code, results = audited(repository, capsys=capsys)
    assert code == FAILED
    assert not [r["reason"] for r in results.values() if r["crashed"]]
    named = {a["path"] for a in results["VCS122"]["answers"]}
    assert {"pyproject.toml", "params.yaml", "analysis.ipynb", "environment.yml", "nul.py"} <= named
    assert [a["path"] for a in results["VCS101"]["answers"]] == ["tracked.bin"]
    assert main(["audit", str(repository), "--all"]) == FAILED
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\nline" not in shown


def test_every_rule_can_be_explained_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    every = rules.load()
    assert main(["explain", *every]) == OK
    pages = capsys.readouterr().out
    assert pages.count("## How to fix") >= len(every)
    assert main(["rules"]) == OK
    listed = capsys.readouterr().out
    assert [line.split()[0] for line in listed.splitlines()[: len(every)]] == list(every)
    assert main(["rules", "--format", "json", "--profile", "research"]) == OK
    document = json.loads(capsys.readouterr().out)
    assert all(row["profiles"]["research"] != "off" for row in document)
    assert len(document) < len(every)


def test_a_family_is_explained_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "exp"]) == OK
    printed = capsys.readouterr().out
    assert all(f"{code} " in printed for code in rules.load() if code.startswith("EXP"))
    assert "ENV101 no-" not in printed


def test_an_ignore_of_one_run_is_never_stale_and_covers_open_items(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "model-card.md").write_text("# Model card\n\n[to write: use]\n", "utf-8")
    _, results = audited(tmp_path, "--select", "DOC111", capsys=capsys)
    assert results["DOC111"]["outcome"] == "open"
    main(["audit", str(tmp_path), "--format", "json", "--select", "DOC111", "--ignore", "DOC,ENV"])
    document = json.loads(capsys.readouterr().out)
    assert document["results"][0]["outcome"] == "suppressed"
    assert document["ignores"]["stale"] == []


def test_a_rule_is_found_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "dependencies-unlocked"]) == OK
    assert capsys.readouterr().out.startswith("ENV102 dependencies-unlocked · level 1 · research required")


def test_a_crashed_rule_gives_the_whole_report_and_then_three(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import_module(rules.load()["DOC101"].module)

    class Crashing:
        def __getattr__(self, name: str) -> object:
            if name == "answers":
                return self.answers
            return getattr(kept, name)

        def answers(self, *_: object) -> Iterator[Answer]:
            raise ZeroDivisionError

    kept = RULES["DOC101"]
    monkeypatch.setitem(RULES, "DOC101", Crashing())
    code, results = audited(repository, capsys=capsys)
    assert code == CRASHED
    assert results["DOC101"]["crashed"]
    assert results["ENV101"]["outcome"] == "failed"


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rules, "load", interrupted)
    assert main(["rules"]) == INTERRUPTED


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_program_that_is_told_to_end_leaves_no_folder(repository: Path, tmp_path: Path) -> None:
    at_work = tmp_path / "at-work"
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\n: > '{at_work}'\nexec sleep 30\n")
    slow.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}", "TMPDIR": str(scratch)}
    command = [sys.executable, "-m", "mlscaffold", "audit", str(repository)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as audit:
        end = time.monotonic() + 30
        while not at_work.exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert [path.name[:14] for path in scratch.iterdir()] == ["mlscaffold-git"]
        audit.terminate()
        assert audit.wait(10) == TERMINATED
        assert audit.stderr is not None
        assert audit.stderr.read() == b""
    assert list(scratch.iterdir()) == []


def test_a_reader_that_has_enough_is_no_error() -> None:
    shell = f"{sys.executable} -m mlscaffold explain ENV101 ENV102 DOC102 | head -n 1"
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("ENV101")
    assert done.stderr == ""
