"""Documents of strangers: data, or one note of what is wrong and where; never a crash or a hang."""

import json
import tomllib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlscaffold import standard
from mlscaffold.repo import documents
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

READERS = (
    documents.toml_document,
    documents.yaml_document,
    documents.yaml_documents,
    documents.json_document,
    documents.jsonc_document,
)
PIECES = (
    "a",
    ":",
    " ",
    "\n",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: ",
    "!t ",
    "'",
    '"',
    "=",
    ".",
    "#",
    "1",
    "|",
    "\t",
)
NESTED = ("[", "{a: ", "- ", "? ", "a = [", "a={", '{"a":', "&a [")


def read(reader: Callable[[Repo, str], Any], content: str | bytes) -> tuple[Any, Any]:
    repo = Repo(MemoryTree({"file": content}), standard.load())
    value = reader(repo, "file")
    return value, repo.unreadable.get("file")


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=60, database=None, deadline=None)
@given(content=st.binary() | st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example(content=b"\xff\xfe\x00")
@example(content="x: !!float ''")
def test_any_bytes_give_data_or_a_note(reader: Callable[[Repo, str], Any], content: str | bytes) -> None:
    value, note = read(reader, content)
    assert note is None or not value
    assert note is None or note.line is None or note.line >= 1


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("piece", NESTED)
def test_deep_nesting_is_a_note(reader: Callable[[Repo, str], Any], piece: str) -> None:
    value, note = read(reader, piece * 50_000)
    assert not value
    assert note is not None


def test_key_of_a_million_parts_is_a_note() -> None:
    assert read(documents.toml_document, "a." * 500_000 + "a = 1")[1].reason.endswith("nested too deeply")


@pytest.mark.parametrize("link", ["[{0}]", "{{<<: [{0}]}}"], ids=["lists", "merges"])
def test_aliases_that_multiply_are_a_note(link: str) -> None:
    names = "abcdefghij"
    lines = ["a: &a {x: 1}"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} " + link.format(",".join([f"*{before}"] * 9)))
    _, note = read(documents.yaml_document, "\n".join(lines))
    assert note is not None
    assert note.reason == "is not valid YAML: its aliases stand for too much"


def test_alias_of_itself_is_a_note() -> None:
    assert read(documents.yaml_document, "&a [*a]")[1].reason.endswith("an alias holds itself")


def test_ordinary_aliases_are_read() -> None:
    text = "base: &base {cpu: 1}\njobs:\n" + "".join(f"  j{i}: {{<<: *base, n: {i}}}\n" for i in range(500))
    value, note = read(documents.yaml_document, text)
    assert note is None
    assert value["jobs"]["j7"] == {"cpu": 1, "n": 7}


def test_nothing_is_built_from_yaml_tags() -> None:
    value, _ = read(documents.yaml_document, "a: !!python/object/apply:os.system ['exit 1']\nb: !Ref c")
    assert value == {"a": ["exit 1"], "b": "c"}


def test_dates_stay_text_and_broken_dates_too() -> None:
    assert read(documents.yaml_document, "a: 2024-01-31\nb: 2024-99-99")[0] == {
        "a": "2024-01-31",
        "b": "2024-99-99",
    }


def test_lines_of_errors() -> None:
    assert read(documents.toml_document, "a = 1\nb = \n")[1].line == 2
    assert read(documents.yaml_document, "a: 1\nb: c: d\n")[1].line == 2
    assert read(documents.json_document, '{\n"a": 1,\n}')[1].line == 3
    assert read(documents.jsonc_document, '{\n// "\n"a" 1,\n}')[1].line == 3


def test_comments_and_commas_are_no_part_of_strings() -> None:
    assert read(documents.jsonc_document, '{"a": "// no, ]", /* "b": 1, */ "c": [1,], // d\n}')[0] == {
        "a": "// no, ]",
        "c": [1],
    }


def test_a_file_is_parsed_once_and_noted_once() -> None:
    repo = Repo(MemoryTree({"a.toml": "x", "b.toml": "y = 1"}), standard.load())
    assert documents.toml_document(repo, "b.toml") is documents.toml_document(repo, "b.toml")
    assert documents.toml_document(repo, "missing") is None
    documents.toml_document(repo, "a.toml")
    assert list(repo.unreadable) == ["a.toml"]


VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, database=None, deadline=None)
@given(value=VALUES)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert read(documents.json_document, json.dumps(value, indent=1)) == (value, None)
    assert read(documents.jsonc_document, json.dumps(value)) == (value, None)
    assert read(documents.yaml_document, yaml.safe_dump(value, allow_unicode=True)) == (value, None)


@settings(max_examples=100, database=None, deadline=None)
@given(text=st.lists(st.sampled_from((*PIECES, "[a]", "a = 1\n", '"""')), max_size=12).map("".join))
def test_toml_is_read_as_tomllib_reads_it(text: str) -> None:
    try:
        wanted = tomllib.loads(text)
    except ValueError:
        wanted = None
    assert read(documents.toml_document, text)[0] == wanted
