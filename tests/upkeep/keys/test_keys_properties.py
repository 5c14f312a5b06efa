"""What holds for any edits of both sides: nothing of ours is lost, nothing of theirs is lost in silence."""

import re

import pytest
from cases import raw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_keys_ini import SETUP
from test_keys_json import BASE as DEVCONTAINER
from test_keys_lines import IGNORE
from test_keys_toml import BASE as PYPROJECT
from test_keys_yaml import HOOKS, WORKFLOW

from mlscaffold.upkeep.keys import NotByKeys, merge

FILES = {
    "pyproject.toml": PYPROJECT,
    ".pre-commit-config.yaml": HOOKS,
    "ci.yml": WORKFLOW,
    "devcontainer.json": DEVCONTAINER,
    "setup.cfg": SETUP,
    ".gitignore": IGNORE,
}
PATHS = pytest.mark.parametrize("path", FILES)
WORD = re.compile(r"[A-Za-z][\w-]*")
COMMENT = {"devcontainer.json": "//"}

EDITS = st.lists(
    st.tuples(st.sampled_from(["word", "drop", "copy", "note"]), st.integers(0, 99), st.integers(0, 9)),
    max_size=5,
)


def edited(path: str, text: str, edits: list[tuple[str, int, int]], name: str) -> str:
    """The text after line edits that write words of their own (`name` with a number)."""
    lines = text.split("\n")
    for number, (kind, at, nth) in enumerate(edits):
        line = at % len(lines)
        new = f"{name}{number}x"
        words = list(WORD.finditer(lines[line]))
        word = words[nth % len(words)] if words else None
        changed = lines[line][: word.start()] + new + lines[line][word.end() :] if word else lines[line]
        if kind == "word":
            lines[line] = changed
        elif kind == "drop":
            del lines[line : line + 1 + nth % 3]
            lines = lines or [""]
        elif kind == "copy":
            lines.insert(line, changed)
        else:
            indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
            lines.insert(line, f"{indent}{COMMENT.get(path, '#')} {new}")
    return "\n".join(lines)


def words(raw_text: bytes) -> set[str]:
    return set(WORD.findall(raw_text.decode()))


@PATHS
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(mine=EDITS, yours=EDITS)
def test_nothing_is_lost(
    path: str, mine: list[tuple[str, int, int]], yours: list[tuple[str, int, int]]
) -> None:
    text = raw(FILES[path]).decode()
    base = text.encode()
    ours, theirs = edited(path, text, mine, "mine").encode(), edited(path, text, yours, "yours").encode()
    try:
        result = merge(path, base, ours, theirs)
    except NotByKeys:
        return
    assert words(ours) - words(base) <= words(result.text)
    said = [
        f"yours{n}x" for n, edit in enumerate(yours) if edit[0] != "note" and f"yours{n}x" in theirs.decode()
    ]
    if not result.conflicts and not re.search(rb"(#|//|/\*).*yours", theirs):
        assert set(said) <= words(result.text)
    assert merge(path, theirs, result.text, theirs).text == result.text


@PATHS
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_one_side_alone(path: str, edits: list[tuple[str, int, int]]) -> None:
    text = raw(FILES[path]).decode()
    base, side = text.encode(), edited(path, text, edits, "mine").encode()
    assert merge(path, base, side, base).text == side
    try:
        result = merge(path, base, base, side)
    except NotByKeys:
        return
    assert (result.text, result.conflicts) == (side, ())
    owned = merge(path, base, base, side, ("no.such.key",))
    assert merge(path, side, side, owned.text).taken == ()
    assert bool(owned.taken) == (owned.text != base)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(
        ["a.toml", "a.yml", "a.json", "a.cfg", ".gitignore", "requirements.in", ".dvc/config"]
    ),
    files=st.tuples(
        *[st.binary(max_size=60) | st.text("[]{}:=,#-\"'\n\t &*!|>a1/.\\\r", max_size=40).map(str.encode)] * 3
    ),
    adopting=st.booleans(),
)
def test_any_bytes(path: str, files: tuple[bytes, bytes, bytes], adopting: bool) -> None:
    base, ours, theirs = files
    try:
        result = merge(path, None if adopting else base, ours, theirs)
    except NotByKeys:
        return
    assert not (adopting and result.conflicts)
    assert merge(path, theirs, result.text, theirs).text == result.text


@PATHS
@pytest.mark.parametrize("dress", ["crlf", "bom", "unended"])
def test_what_surrounds_the_text_stays(path: str, dress: str) -> None:
    base = raw(FILES[path])
    ours = edited(path, base.decode(), [("note", 4, 0), ("copy", 9, 0)], "mine").encode()
    line, word = (4, 1) if path.endswith(".json") else (len(base.splitlines()) - 2, 0)
    theirs = edited(path, base.decode(), [("word", line, word)], "yours").encode()

    def dressed(plain: bytes) -> bytes:
        if dress == "bom":
            return b"\xef\xbb\xbf" + plain
        return plain.replace(b"\n", b"\r\n") if dress == "crlf" else plain.removesuffix(b"\n")

    try:
        plain = merge(path, base, ours, theirs)
    except NotByKeys:
        pytest.fail("the plain files are merged by keys")
    assert merge(path, base, dressed(ours), theirs).text == dressed(plain.text)
    assert plain.text != ours
