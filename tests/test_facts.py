"""The inventory: its published schema, its shapes, and that one broken reader loses nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlscaffold import inventory, standard
from mlscaffold.cli import main
from mlscaffold.inventory import Evidence, Known
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report.facts import as_text
from mlscaffold.report.terminal import Terminal

SCHEMA = Path(inventory.__file__).parents[1] / "report/facts.schema.json"


def taken(files: dict[str, str]) -> dict[str, Known]:
    return inventory.take(Repo(MemoryTree(files), standard.load()))


def test_the_published_schema_is_what_the_facts_say(request: pytest.FixtureRequest) -> None:
    said = json.dumps(inventory.schema(), indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--write-transcripts"):
        SCHEMA.write_text(said, "utf-8")
    assert SCHEMA.read_text("utf-8") == said


def test_json_keeps_the_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==2.0.0\n")
    assert main(["facts", str(tmp_path), "--format", "json"]) == 0
    document = tmp_path / "facts.json"
    document.write_text(capsys.readouterr().out)
    checked = [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, document]
    done = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert json.loads(document.read_text())["facts"]["deps_pinned"] == {
        "value": "exact",
        "evidence": [{"path": "requirements.txt", "line": None, "note": ""}],
    }


def test_text_shows_values_and_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "uv.lock").write_text('requires-python = ">=3.11"\n')
    assert main(["facts", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "lock" in {line.split()[0] for line in lines if line.strip()}
    assert any(line.split() == ["lock", "uv.lock"] for line in lines)


@pytest.mark.parametrize("width", [40, 60, 90])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    places = (Evidence("experiments/of/july/train.py", 12, "draws: numpy.random.uniform"),) * 5
    known = {"hparams_externalised": Known("no", places), "rng_libs": Known(["torch", "numpy", "jax"] * 5)}
    repo = Repo(MemoryTree({"a": "x"}), standard.load())
    said = as_text(repo, known, Terminal(width=width))
    assert max(map(len, said.splitlines())) <= width
    assert said.count("uniform") == 3
    assert said.count("jax") == 5
    assert "and 2 more" in said
    column = re.search("^hparams_externalised  no$", said, re.M)
    assert column, "a name is followed by its value, whatever the width"


def test_a_reader_that_crashes_loses_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_repo: Repo) -> Known:
        raise RuntimeError("no such luck")

    every = inventory.load()
    monkeypatch.setitem(inventory.FACTS, "lock", every["lock"]._replace(take=broken))
    assert main(["facts", str(tmp_path), "--format", "json"]) == 3
    said: dict[str, Any] = json.loads(capsys.readouterr().out)["facts"]
    assert said["lock"]["value"] == "unknown"
    assert "no such luck" in said["lock"]["evidence"][0]["note"]
    assert said["other_locks"]["value"] == []


def test_an_empty_repository_has_every_fact() -> None:
    assert {name for name, known in taken({}).items() if inventory.crashed(known)} == set()


def test_lines_are_distinct_and_in_order() -> None:
    found = inventory.lines(
        [Evidence("b.py", 3), Evidence("a.py", 10), Evidence("b.py", 3), Evidence("a.py", 9)]
    )
    assert found.value == {"list": ["a.py:9", "a.py:10", "b.py:3"], "total": 3}
