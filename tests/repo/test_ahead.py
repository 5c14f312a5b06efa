"""Facts from copies of this process: the same as without them, whatever happens to a copy."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from real_git import make

from mlscaffold import standard
from mlscaffold.repo import ahead as module
from mlscaffold.repo.ahead import ahead
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.long_facts import FIRST, LONG
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.open import open_tree
from mlscaffold.repo.trees.recorded import RecordedTree

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems make no copies")
CODE = """import mlflow
import requests
import torch
model = torch.load("/home/jane/model.pt")
mlflow.log_params({"lr": 0.1})
torch.save(model, "model.pt")
"""
FILES = {
    "README.md": "# Churn\n\nThe data is in `data/people.csv`.\n",
    "src/a.py": CODE,
    "src/b.py": "import pandas as pd\npd.read_csv('data/people.csv')\n",
    "src/c.py": "KEY = 'ghp_" + "a1B2c3D4e5F6g7H8i9" + "J0k1L2m3N4o5P6q7R8'\n",
    "src/latin.py": "import torch  # caf\xe9\n".encode("latin-1"),
    "data/people.csv": "name,email\n" + "".join(f"a,jane{n}@firm{n}.com\n" for n in range(40)),
    "run.sh": "#!/bin/sh\ncd /scratch/jane/run\nwget https://example.org/data.zip\n",
}
HERE = os.getpid()
BLOCK = 60


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAYS", 0)
    monkeypatch.setattr(module, "processors", lambda: 3)


@contextmanager
def copied(*facts: Callable[[Repo], object]) -> Iterator[Repo]:
    repo = Repo(MemoryTree({"a.py": "import torch\n"}), standard.load())
    with ahead(repo, (), facts):
        yield repo
    assert not multiprocessing.active_children()


def wait_for(happened: Callable[[], object]) -> None:
    end = time.monotonic() + BLOCK
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_copies_find_what_one_process_finds() -> None:
    alone, helped = (Repo(MemoryTree(FILES), standard.load()) for _ in range(2))
    expected = [fact(alone) for fact in (*FIRST[1:], *LONG)]
    with ahead(helped, FIRST, LONG):
        found = [fact(helped) for fact in reversed((*FIRST[1:], *LONG))][::-1]
    assert found == expected
    assert helped.unreadable == alone.unreadable != {}


@fact
def process(_repo: Repo) -> int:
    return os.getpid()


def test_a_copy_computes_what_nobody_asked_for_yet(tmp_path: Path) -> None:
    @fact
    def last(_repo: Repo) -> int:
        (tmp_path / "done").touch()
        return 0

    with copied(process, last) as repo:
        wait_for((tmp_path / "done").exists)
        assert process(repo) != HERE


def test_what_a_copy_dies_of_is_computed_here() -> None:
    @fact
    def deadly(_repo: Repo) -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with copied(deadly) as repo:
        assert deadly(repo) == HERE


def test_who_asks_for_a_fact_hears_of_its_error_and_nobody_else() -> None:
    @fact
    def failing(_repo: Repo) -> int:
        raise LookupError("three")

    with copied(failing, process) as repo:
        assert process(repo)
        with pytest.raises(LookupError, match="three"):
            failing(repo)


def test_what_cannot_be_sent_is_computed_here() -> None:
    @fact
    def odd(_repo: Repo) -> object:
        return lambda: None

    with copied(odd, process) as repo:
        assert callable(odd(repo))


def test_a_copy_reads_git_by_a_process_of_its_own(tmp_path: Path) -> None:
    folder = make(tmp_path / "r", **{f"{n}.py": f"import torch\n{n}\n" for n in range(200)})
    tree = open_tree(folder, "HEAD")
    tree.read("0.py", 99)  # now a process answers this one

    @fact
    def texts(repo: Repo) -> list[bytes]:
        return [repo.tree.read(f"{n}.py", 99) for n in range(200)]

    repo = Repo(tree, standard.load())
    with ahead(repo, (), (texts,)):
        here = [repo.tree.read(f"{n}.py", 99) for n in range(200)]
        assert texts(repo) == here == [f"import torch\n{n}\n".encode() for n in range(200)]


def test_what_a_copy_read_kept_and_noted_is_known_here(tmp_path: Path) -> None:
    tree = RecordedTree(MemoryTree({"a.txt": "text\n", "b.txt": b"\xff"}))

    @fact
    def texts(repo: Repo) -> list[str | None]:
        found = [repo.text("a.txt"), repo.text("b.txt")]
        assert repo.cache is not None
        repo.cache.put(b"key", '"value"')
        return found

    @fact
    def last(_repo: Repo) -> None:
        (tmp_path / "done").touch()

    repo = Repo(tree, standard.load(), cache=Cache(tmp_path / "facts.sqlite"))
    with ahead(repo, (), (texts, last)):
        wait_for((tmp_path / "done").exists)
        assert (tree.answers(), repo.unreadable) == ([], {})
        assert texts(repo) == ["text\n", None]
    assert [path for _, path, _, _ in tree.answers()] == ["a.txt", "b.txt"]
    assert list(repo.unreadable) == ["b.txt"]
    assert repo.cache is not None
    assert repo.cache.get(b"key") == "value"
