"""Keys taken back to what the template wrote, and everything else left as it is."""

import pytest

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
        (".gitignore", "mine\n", "a\nb\n", "mine\na\nb\n"),
    ],
)
def test_restored(path: str, ours: str, theirs: str, healed: str) -> None:
    assert restored(path, ours.encode(), theirs.encode()).decode() == healed


def test_nothing_to_restore() -> None:
    text = b'[a]\r\nx = 1 # kept\r\n\r\n[b]\r\nmine = "\xc3\xa4"\r\n'
    assert restored("a.toml", text, b"[a]\nx = 1\n") == text
