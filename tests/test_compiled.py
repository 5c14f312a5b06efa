"""Patterns that an earlier run compiled: the same as ever, and no harm where what was kept is damaged."""

import marshal
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import mlscaffold

RUN = """
import re
from mlscaffold.compiled import compiled, keep
asked = [(r"(?P<word>\\w+)-(\\d+)", re.I), (rb"^a[bc]{2,5}?", re.M), ("plain", 0), (b"plain", 0)]
compile, anew = re.compile, []
re.compile = lambda text, flags=0: (anew.append(text), compile(text, flags))[1]
for text, flags in asked:
    assert compiled(text, flags).pattern == compile(text, flags)
    assert compiled(text, flags).pattern.groupindex == compile(text, flags).groupindex
assert compiled(*asked[0]).pattern.search("x Data-12").groupdict() == {"word": "Data"}
keep()
print(len(anew))
"""
EVERY = """
import gc, importlib, pkgutil, re, mlscaffold
from mlscaffold.compiled import compiled, keep
from mlscaffold.needles import needles
for module in pkgutil.walk_packages(mlscaffold.__path__, "mlscaffold."):
    if module.name != "mlscaffold.__main__":
        importlib.import_module(module.name)
lazy = [o for o in gc.get_objects() if type(o).__name__ == "_Lazy"]
compile, anew, told = re.compile, [], 0
re.compile = lambda text, flags=0: (anew.append(text), compile(text, flags))[1]
for one in lazy:
    text, flags = one.pattern, one.__reduce__()[1][1]
    pattern, words = compiled(text, flags).pattern, compiled(text, flags).words
    assert pattern == compile(text, flags), text
    assert words is None or words.sets == needles(text, flags).sets, text
    assert not words or not words.sets or words == needles(text, flags), text
    told += words is not None
keep()
print(len(lazy), len(anew), told)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the package alone, which nobody has run yet."""
    source = Path(mlscaffold.__file__).parent
    shutil.copytree(source, tmp_path / "mlscaffold", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def said(home: Path, script: str = RUN, **more: str) -> list[int]:
    """What a new process says that runs the script with the package of that folder."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=home,
        env=env | {"PYTHONPATH": str(home), "PYTHONHASHSEED": "0"} | more,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return [int(word) for word in done.stdout.split()]


def kept(home: Path) -> Path:
    (found,) = home.glob("mlscaffold/__pycache__/*.patterns")
    return found


def test_a_second_run_compiles_nothing(home: Path) -> None:
    assert said(home) == [4]
    assert said(home) == [0]


def test_every_pattern_of_ours_is_the_same_again(home: Path) -> None:
    patterns, anew, told = said(home, EVERY)
    assert patterns > 500
    assert anew > 500
    assert not told
    assert said(home, EVERY) == [patterns, 0, patterns]


@pytest.mark.parametrize("name", ["needles.py", "compiled.py"])
def test_what_another_version_kept_is_made_again(home: Path, name: str) -> None:
    said(home)
    (home / "mlscaffold" / name).open("a").write("# other\n")
    assert said(home) == [4]


def _other_python(file: Path) -> None:
    (_, *others), rows = marshal.loads(file.read_bytes())
    file.write_bytes(marshal.dumps((("2.7", *others), rows)))


def _other_numbers(file: Path) -> None:
    stamp, rows = marshal.loads(file.read_bytes())
    parts = {key: marshal.loads(row) for key, row in rows.items()}
    changed = {key: marshal.dumps((b"\xff" * len(code), *rest)) for key, (code, *rest) in parts.items()}
    file.write_bytes(marshal.dumps((stamp, changed)))


def _half_rows(file: Path) -> None:
    stamp, rows = marshal.loads(file.read_bytes())
    file.write_bytes(marshal.dumps((stamp, {key: row[: len(row) // 2] for key, row in rows.items()})))


def _other_shape(file: Path) -> None:
    stamp, rows = marshal.loads(file.read_bytes())
    file.write_bytes(marshal.dumps((stamp, dict.fromkeys(rows, (1, "a")))))


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:100]),
        lambda file: file.write_bytes(b"no such thing"),
        lambda file: file.write_bytes(marshal.dumps(3)),
        lambda file: (file.unlink(), file.mkdir()),
        _other_python,
        _other_numbers,
        _half_rows,
        _other_shape,
    ],
)
def test_what_is_damaged_is_compiled_as_ever(home: Path, damage: Callable[[Path], object]) -> None:
    said(home)
    damage(kept(home))
    assert said(home) == [4]


def test_nothing_is_written_where_no_bytecode_is(home: Path) -> None:
    assert said(home, PYTHONDONTWRITEBYTECODE="1") == [4]
    assert not list(home.rglob("*.patterns"))
    assert not list(home.rglob("__pycache__"))


def test_it_lies_where_the_bytecode_lies(home: Path) -> None:
    elsewhere = home / "bytecode"
    said(home, PYTHONPYCACHEPREFIX=str(elsewhere))
    assert list(elsewhere.rglob("*.patterns"))
    assert said(home, PYTHONPYCACHEPREFIX=str(elsewhere)) == [0]
    assert not list(home.glob("mlscaffold/__pycache__/*"))
