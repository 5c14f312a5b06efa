"""What other auditors say of the labelled repositories, problem by problem, beside what our facts say.

Each tool is run as it comes on a check-out of the labelled commit, in a folder that is removed again. A
problem is *reported* where the tool's check does not pass, and *there* where the label says so; repositories
whose label is disputed are left out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from scoring import Score

from mlscaffold.repo.trees.open import open_tree

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlscaffold-bench"
VERSIONS = {"ml-project-doctor": "0.1.1", "reprolint": "0.1.0", "mllint": "0.12.2"}
LIMIT = 50_000_000


class Problem(NamedTuple):
    """One problem: the fact that tells, when its value is the problem, and the checks of other tools."""

    name: str
    fact: str
    there: Callable[[Any], bool]
    doctor: str = ""
    reprolint: str = ""
    mllint: str = ""


def _empty(value: Any) -> bool:
    return value == []


def _no(value: Any) -> bool:
    return value in (False, "no")


def _lines(value: Any) -> bool:
    return bool(value["total"])


PROBLEMS = (
    Problem("no lock", "lock", _empty, "REP001"),
    Problem("versions not exact", "deps_pinned", lambda v: v != "exact", "REP002", "Dependency pinning"),
    Problem(
        "seeds missing or partial", "seeds", lambda v: v in ("none", "partial"), "REP003", "Random seeds"
    ),
    Problem("not deterministic", "dl_determinism", _no, "", "Deterministic execution"),
    Problem("Python version missing", "python_version_declared", _no, "REP004"),
    Problem("machine-specific paths", "hardcoded_paths", _lines, "REP005", "Hardcoded paths"),
    Problem("no container", "container", _empty, "REP006"),
    Problem("no data split", "data_split", _no, "TRN002"),
    Problem("fit before split", "leakage_fit_before_split", bool, "TRN005"),
    Problem("hyper-parameters in code", "hparams_externalised", _no, "TRN004"),
    Problem("no tracker", "trackers", _empty, "EXP001"),
    Problem("no model card", "model_card", _empty, "MDL002"),
    Problem("unsafe loads", "unsafe_deserialisation", _lines, "MDL003"),
    Problem("no tests", "tests", _no, "", "", "testing/has-tests"),
    Problem("no CI", "ci", _empty, "", "", "ci/use"),
    Problem("no data versioning", "data_versioning", _empty, "", "", "version-control/data/dvc"),
    Problem("no linter", "linters", _empty, "", "", "code-quality/use-linters"),
)


def installed() -> dict[str, Path]:
    """The programs of the others, installed once; one that no Python here can run is left out, and said."""
    found: dict[str, Path] = {}
    for name, version in VERSIONS.items():
        venv = CACHE / name
        program = venv / "bin" / name
        python = _older_python() if name == "mllint" else sys.executable
        made = ["uv", "venv", "-q", "--clear", "--no-python-downloads", "-p", python, str(venv)]
        add = ["uv", "pip", "install", "-q", "-p", str(venv / "bin/python"), f"{name}=={version}"]
        uv = Path(sys.executable).parent / "uv"
        if not program.exists():
            done = [subprocess.run([uv, *command[1:]], check=False).returncode for command in (made, add)]
            if any(done):
                print(f"left out: {name} {version} cannot be installed here", file=sys.stderr)
                continue
        found[name] = program
    return found


def _older_python() -> str:
    """A Python 3.10, for which mllint's last release has wheels, also where pyenv keeps it."""
    kept = sorted(Path.home().glob(".pyenv/versions/3.10.*/bin/python"))
    return str(kept[-1]) if kept else "3.10"


def checked_out(path: Path, commit: str, folder: Path) -> None:
    """Write every file of a commit that this clone holds, and commit it: mllint asks git what there is."""
    tree = open_tree(path, commit)
    for entry in tree.entries():
        if entry.kind == "file" and 0 <= entry.size < LIMIT:
            target = folder / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tree.read(entry.path, LIMIT))
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(folder)]
    for words in (["init", "-q"], ["add", "-Af"], ["commit", "-qm", "all", "--no-verify"]):
        subprocess.run([*git, *words], check=True, capture_output=True)


def reported(programs: dict[str, Path], folder: Path) -> dict[tuple[str, str], bool]:
    """By tool and check whether the tool objects."""
    found: dict[tuple[str, str], bool] = {}
    for name, program in programs.items():
        read = {"ml-project-doctor": _doctor, "reprolint": _reprolint, "mllint": _mllint}[name]
        found |= {(name, check): bad for check, bad in read(program, folder)}
    return found


def _said(*command: str | Path, cwd: Path | None = None) -> str:
    env = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=600)
    return done.stdout


def _doctor(program: Path, folder: Path) -> Iterator[tuple[str, bool]]:
    checks = json.loads(_said(program, folder, "-f", "json"))["checks"]
    yield from ((check["check_id"], check["finding_count"] > 0) for check in checks)


def _reprolint(program: Path, folder: Path) -> Iterator[tuple[str, bool]]:
    for row in re.findall(r"│ ([A-Z][\w ]+?) +│[^│]+│ (\w+)", _said(program, folder)):
        yield row[0], row[1] != "PASS"


def _mllint(program: Path, folder: Path) -> Iterator[tuple[str, bool]]:
    said = _said(program, "-o", "-", cwd=folder)
    for mark, slug in re.findall(r"^(❌|✅) \|.*\| `([\w/-]+)`$", said, re.M):
        yield slug, mark == "❌"


def scores(
    labels: dict[str, Any],
    answers: dict[str, dict[str, Any]],
    mirror: Callable[[str], Path],
    programs: dict[str, Path],
) -> dict[tuple[str, str], Score]:
    """By tool and problem; ours is the tool with an empty name."""
    found: dict[tuple[str, str], Score] = {}
    for name, ours in answers.items():
        folder = Path(tempfile.mkdtemp(prefix="mlscaffold-peers-"))
        try:
            checked_out(mirror(name), labels[name]["commit"], folder)
            others = reported(programs, folder)
        finally:
            shutil.rmtree(folder)
        for problem in PROBLEMS:
            label = labels[name]["facts"].get(problem.fact)
            if label is None or label.get("ambiguous") or label["value"] == "n/a":
                continue
            there = problem.there(label["value"])
            value = ours[problem.fact]["value"]
            said = {"": value not in ("unknown", "n/a") and problem.there(value)}
            for tool, check in _checks(problem):
                if (tool, check) in others:
                    said[tool] = others[tool, check]
            for tool, claimed in said.items():
                one = Score(
                    int(claimed and there),
                    int(claimed and not there),
                    int(there and not claimed),
                    int(claimed == there),
                    1,
                )
                found[tool, problem.name] = found.get((tool, problem.name), Score()).plus(one)
    return found


def _checks(problem: Problem) -> list[tuple[str, str]]:
    named = {
        "ml-project-doctor": problem.doctor,
        "reprolint": problem.reprolint,
        "mllint": problem.mllint,
    }
    return [(tool, check) for tool, check in named.items() if check]


def table(found: dict[tuple[str, str], Score], programs: dict[str, Path]) -> Iterator[str]:
    """Precision and recall of each tool on each problem, as Markdown."""
    tools = ["", *programs]
    yield "| problem | there | " + " | ".join(tool or "mlscaffold" for tool in tools) + " |"
    yield "| --- | ---: |" + " ---: |" * len(tools)
    for problem in PROBLEMS:
        ours = found.get(("", problem.name), Score())
        cells = [_cell(found.get((tool, problem.name))) for tool in tools]
        yield f"| {problem.name} | {ours.right + ours.missing} of {ours.asked} | " + " | ".join(cells) + " |"


def _cell(score: Score | None) -> str:
    if score is None:
        return ""
    shown = ("–" if value is None else f"{value:.2f}" for value in (score.precision, score.recall))
    return " / ".join(shown)
