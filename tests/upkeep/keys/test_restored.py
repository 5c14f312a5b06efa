"""Keys taken back to what the template wrote, and everything else left as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold.upkeep.keys import restored


@pytest.mark.parametrize(
    ("path", "ours", "theirs", "healed"),
    [
        (
            "a.toml",
            "[a] # ours\nx = 9\nmine = 1\n",
            "[a]\nx = 1\ny = 2\n",
            "[a] # ours\nx = 1\ny = 2\nmine = 1\n",
        ),
        ("a.yml", "on: [push]\njobs:\n  own: {}\n", "on: [push]\n", "on: [push]\njobs:\n  own: {}\n"),
        ("a.yml", "a: 2 # why\nb: 3\n", "a: 1\n", "a: 1 # why\nb: 3\n"),
        ("a.yml", "a: [E, B, own]\n", "a: [E, F]\n", "a: [E, F, own]\n"),
        ("a.yml", "a: [own, F]\n", "a: [E, F]\n", "a: [E, F]\n"),
        ("a.yml", "a:\n  - B # why\n  - F\n", "a:\n  - E\n  - F\n", "a:\n  - E # why\n  - F\n"),
        ("a.toml", 'a = ["E", "B"]\n', 'a = ["E", "F"]\n', 'a = ["E", "F"]\n'),
        ("a.json", '{"a": ["E", "B"]}\n', '{"a": ["E", "F"]}\n', '{"a": ["E", "F"]}\n'),
        ("s.yml", "a:\n- run: x\n  own: 1\n", "a:\n- run: y\n", "a:\n- run: y\n  own: 1\n"),
        ("s.yml", "a:\n- id: x\n", "a:\n- id: y\n", "a:\n- id: x\n- id: y\n"),
        ("c.yaml", "dependencies: [own]\n", "dependencies: [pandas]\n", "dependencies: [own, pandas]\n"),
        (".gitignore", "mine\n", "a\nb\n", "mine\na\nb\n"),
    ],
)
def test_restored(path: str, ours: str, theirs: str, healed: str) -> None:
    assert restored(path, ours.encode(), theirs.encode()).decode() == healed


def test_nothing_to_restore() -> None:
    text = b'[a]\r\nx = 1 # kept\r\n\r\n[b]\r\nmine = "\xc3\xa4"\r\n'
    assert restored("a.toml", text, b"[a]\nx = 1\n") == text


WORDS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1, max_size=6)
LISTS = {
    "a.yml": lambda words: "x: [" + ", ".join(words) + "]\n",
    "b.yml": lambda words: "x:\n" + "".join(f"  - {word}\n" for word in words),
    "a.toml": lambda words: "x = [" + ", ".join(f'"{word}"' for word in words) + "]\n",
    "a.json": lambda words: '{"x": [' + ", ".join(f'"{word}"' for word in words) + "]}\n",
}


@pytest.mark.parametrize("path", LISTS)
@settings(max_examples=60, deadline=None)
@given(template=WORDS, data=st.data())
def test_items_that_were_changed_are_changed_back_and_nothing_else(
    path: str, template: list[str], data: st.DataObject
) -> None:
    written = LISTS[path]
    many = len(template)
    fates = data.draw(st.lists(st.sampled_from(["kept", "changed", "missing"]), min_size=many, max_size=many))
    own = data.draw(st.lists(st.sampled_from(["o1", "o2"]), unique=True)) if fates[-1] == "kept" else []
    written_now = {"kept": 1, "changed": 2, "missing": 0}
    mine = [word * written_now[fate] for word, fate in zip(template, fates, strict=True) if written_now[fate]]
    if not mine:
        return
    healed = restored(path, written(mine + own).encode(), written(template).encode()).decode()
    if "missing" not in fates:
        assert healed == written(template + own)
    else:
        assert sorted(_words(healed)) == sorted([*template, *own])
    assert restored(path, healed.encode(), written(template).encode()).decode() == healed


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text) if word != "x"]
