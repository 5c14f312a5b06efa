"""What keeps the start short: patterns compiled when used, a catalogue that is parsed once."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from mlscaffold import lazy, rules, standard
from mlscaffold.compiled import Compiled
from mlscaffold.lazy import regex
from mlscaffold.rule import RULES


def test_a_pattern_is_compiled_when_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    word = regex(r"(?P<first>\w)\w*(?# of this test alone)", re.I)
    seen: list[str] = []
    monkeypatch.setattr(
        lazy, "compiled", lambda *given: (seen.append(given[0]), Compiled(re.compile(*given)))[1]
    )
    assert not seen
    found = word.search("  data")
    assert found is not None
    assert found["first"] == "d"
    assert word.sub("x", "a b") == "x x"
    assert seen == [word.pattern], "it was compiled once"
    assert word.groups == 1


def test_a_changed_catalogue_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    here = Path(shutil.copytree(Path(standard.__file__).parent, tmp_path / "standard"))
    shutil.rmtree(here / "__pycache__", ignore_errors=True)
    first = standard._parts(here)
    said = standard.written(here)
    assert first[:2] == (said["values"], said["profiles"])
    assert [row[0] for row in first[2]] == list(said["tools"])
    read: list[str] = []
    monkeypatch.setattr(standard, "read_yaml", lambda text: read.append(text) or {})
    assert standard._parts(here) == first
    assert not read, "the kept copy was not used"
    monkeypatch.undo()
    tools = here / "tools" / "zz.yml"
    tools.write_text("newcomer: {name: Newcomer, kind: tracker}\n", "utf-8")
    assert "newcomer" in [row[0] for row in standard._parts(here)[2]]


def test_a_folder_that_takes_no_copy_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    here = Path(shutil.copytree(Path(standard.__file__).parent, tmp_path / "standard"))
    shutil.rmtree(here / "__pycache__", ignore_errors=True)
    (here / "__pycache__").write_text("in the way", "utf-8")
    assert standard._parts(here)[2]


def test_the_list_of_rules_is_what_their_modules_say() -> None:
    listed = rules.load()
    for row in rules.written():
        rule, own = listed[row["code"]], RULES[row["code"]]
        assert rule._replace(check=own.check, when=own.when) == own
    assert set(listed) == set(RULES)
