"""What is kept between runs: the same facts, sooner; never a failure, a secret or a file of theirs."""

import json
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from mlscaffold import standard
from mlscaffold.repo.cache import Cache, open_cache, the_cache
from mlscaffold.repo.python import summary as python_summary
from mlscaffold.repo.python.source import sources, unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

CODE = """import torch as th
from .here import there
SIZE = 3
class Net(th.nn.Module):
    @there.cached
    def fit(self, seed=1):
        return th.load("a.pt", b"\\0", 2j, (1, [x]), weights_only=None, **more)
there(train=False, where="/home/jane/data")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "facts.sqlite"


def facts(files: dict[str, str], cache: Cache | None) -> list[dict[str, object]]:
    repo = Repo(MemoryTree(files), standard.load(), cache=cache)
    found = [vars(source) | {"where": None} for source in sources(repo)]
    if cache is not None:
        cache.close()
    return found


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> None:
        raise AssertionError(f"{given} were read again")

    monkeypatch.setattr(python_summary, "summarise", never)


def test_a_second_run_gives_the_same_and_parses_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"src/a.py": CODE, "old.py": "import torch\nprint 'a' if\n"}
    first = facts(files, None)
    assert facts(files, Cache(file)) == first
    unread(monkeypatch)
    assert facts(files, Cache(file)) == first


EARLY = """import pandas as pd
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
x = PCA().fit_transform(pd.read_csv("a.csv"))
a, b = train_test_split(x)
"""
LISTED = """import glob
import pandas as pd
paths = glob.glob('data/*.csv')
frames = [pd.read_csv(p) for p in paths]
"""


def book(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": c} for c in cells], "metadata": {}})


def test_what_needs_the_whole_tree_is_kept_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.py": EARLY,
        "b.py": LISTED,
        "c.ipynb": book("1", EARLY),
    }
    first = facts(files, Cache(file))
    assert [source["fits"] for source in first] == [[(4, "PCA", 5)], [], [(5, "PCA", 6)]]
    assert [len(source["listings"]) for source in first] == [0, 1, 0]  # type: ignore[arg-type]
    unread(monkeypatch)
    assert facts(files, Cache(file)) == first


def test_the_same_text_in_other_cells_is_another_notebook(file: Path) -> None:
    facts({"a.ipynb": book("import torch\nx = torch.load(", "'a')")}, Cache(file))
    (other,) = facts({"b.ipynb": book("import torch\nx = torch.load(\n'a')")}, Cache(file))
    assert other["unread"] is None


def test_another_path_has_its_own_place_in_relative_imports(file: Path) -> None:
    facts({"src/a.py": CODE}, Cache(file))
    (moved,) = facts({"lib/b.py": CODE}, Cache(file))
    assert "(here).lib.here.there" in moved["imports"]


def test_other_bytes_another_catalogue_and_another_version_are_read_anew(file: Path) -> None:
    facts({"a.py": "import torch\ntorch.load(1)\n"}, Cache(file))
    (changed,) = facts({"a.py": "import torch\ntorch.load(2)\n"}, Cache(file))
    assert "(2,)" in repr(changed["calls"])
    cache = Cache(file)
    assert cache.key("a", b"x") != cache.key("b", b"x") != cache.key("b", b"x", "also")
    cache._stamp = b"another version"
    assert cache.key("a", b"x") != Cache(file).key("a", b"x")


def test_nothing_of_a_file_with_a_credential_is_kept(file: Path) -> None:
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    facts({"a.py": f"import torch\ntorch.load('{key}')\n", "b.py": CODE}, Cache(file))
    everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"torch.load" in everything
    assert b"ghp_" not in everything


@pytest.mark.parametrize("damage", [b"nonsense" * 200, b"SQLite format 3\0" + b"\0" * 4000, b""])
def test_a_damaged_cache_is_no_error_and_is_made_anew(file: Path, damage: bytes) -> None:
    facts({"a.py": CODE}, Cache(file))
    for path in file.parent.iterdir():
        path.write_bytes(damage)
    expected = facts({"a.py": CODE}, None)
    assert facts({"a.py": CODE}, Cache(file)) == expected
    assert facts({"a.py": CODE}, Cache(file)) == expected


@pytest.mark.parametrize(
    "value", ["", "null", "[]", "{}", '{"calls": 1}', "[" * 9000, '{"calls": [[1]]}', '"' + "x" * 99]
)
def test_a_value_that_nobody_of_us_wrote_is_a_miss(file: Path, value: str) -> None:
    expected = facts({"a.py": CODE}, Cache(file))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET value = ?", (value,))
    assert facts({"a.py": CODE}, Cache(file)) == expected


def test_a_folder_that_takes_no_cache_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert facts({"a.py": CODE}, Cache(tmp_path / "cache" / "facts.sqlite")) == facts({"a.py": CODE}, None)


def run(file: Path, many: int) -> list[dict[str, object]]:
    return facts({f"{n}.py": f"{CODE}\nx_{n} = 1\n" for n in range(many)}, Cache(file))


def test_runs_beside_each_other_do_no_harm(file: Path) -> None:
    expected = [facts({f"{n}.py": f"{CODE}\nx_{n} = 1\n" for n in range(m)}, None) for m in range(6)]
    with ProcessPoolExecutor(6, get_context("spawn")) as processes:
        assert list(processes.map(run, 6 * [file], range(6))) == expected


def test_a_file_that_is_locked_for_long_is_left_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlscaffold.repo.cache.PATIENCE", 0.05)
    facts({"a.py": CODE}, Cache(file))
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert facts({"b.py": CODE + "y = 1"}, Cache(file)) == facts({"b.py": CODE + "y = 1"}, None)
    holder.close()


def test_what_was_not_asked_for_longest_makes_room(file: Path) -> None:
    cache = Cache(file)
    for n in range(200):
        cache.put(cache.key("old", str(n).encode()), json.dumps("x" * 1000))
    cache.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET used = 1")
    small = Cache(file, most=150_000)
    for n in range(50):
        small.put(small.key("new", str(n).encode()), json.dumps("y" * 1000))
    small.close()
    last = Cache(file)
    assert [last.get(last.key("old", str(n).encode())) for n in range(200)] == [None] * 200
    assert last.get(last.key("new", b"7")) == "y" * 1000


def test_what_is_asked_for_again_stays_young(file: Path) -> None:
    cache = Cache(file)
    cache.put(cache.key("a", b"x"), "1")
    cache.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET used = 1")
    with_one = Cache(file)
    assert with_one.get(with_one.key("a", b"x")) == 1
    with_one.close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT used FROM facts").fetchone()[0] > 1


def test_the_cache_is_private_and_never_in_what_is_audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "repo").mkdir()
    with the_cache(tmp_path / "repo") as cache:
        assert cache is not None
        cache.put(cache.key("a", b"x"), "1")
    assert cache.file.parent.stat().st_mode & 0o077 == 0
    assert cache.file.stat().st_mode & 0o077 == 0
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "repo" / "cache"))
    assert open_cache(tmp_path / "repo") is None
    with the_cache(None) as none:
        assert none is None


def test_several_processes_find_what_one_finds(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"src/{n}.py": f"{CODE}\nx_{n} = {n}\n" for n in range(30)}
    files |= {"broken.py": "import torch\ndef f(:\n", "big.py": f"import torch\nx = {'9' * 5000}\n"}
    expected = facts(files, None)
    monkeypatch.setattr(python_summary, "PAYS", 0)
    monkeypatch.setattr(python_summary, "PIECE", 2000)
    monkeypatch.setattr(python_summary, "processors", lambda: 2)
    assert facts(files, Cache(file)) == expected
    unread(monkeypatch)
    assert facts(files, Cache(file)) == expected


def test_a_file_that_nests_too_deeply_is_noted_also_when_it_was_kept(file: Path) -> None:
    deep = {"deep.py": "import torch\nx = " + "+".join(["1"] * 20_000) + "\n"}
    for _ in range(2):
        repo = Repo(MemoryTree(deep), standard.load(), cache=Cache(file))
        assert [found.spot.path for found in unparsed(repo)] == ["deep.py"]
        assert repo.cache is not None
        repo.cache.close()
