"""Whatever bytes a source or notebook holds: facts or a note, never a crash."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import standard
from mlscaffold.repo.committed.paths import machine_paths
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.source import sources, unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.deserialisation import unsafe_loads
from mlscaffold.repo.training.randomness import randomness
from mlscaffold.repo.training.splits import held_out
from mlscaffold.repo.training.trackers import trackers
from mlscaffold.repo.trees.memory import MemoryTree

PYTHON = [
    "import torch as t\n",
    "t.load(x)\n",
    "from random import *\n",
    "class A(B): ...\n",
    "'/home/jane/x'\n",
]
BROKEN = ["def f(:\n", "print 'a'\n", "\0", "\x0c", "%%bash\n", "!ls\n", "x = [", "]*9", "async ", "\t", "\r"]
DEEP = ["((" * 150, "-" * 3000 + "1\n"]
PIECES = st.sampled_from([*PYTHON, *BROKEN, *DEEP])
CODE = st.lists(PIECES, max_size=8).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | CODE,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["cells", "source", "outputs", "cell_type", "metadata", "worksheets", "input", "execution_count"]
        ),
        inner | st.just("code"),
        max_size=5,
    ),
    max_leaves=20,
)


def read_everything(path: str, content: bytes) -> Repo:
    repo = Repo(MemoryTree({path: content, "train.py": b"import torch\nloss.backward()\n"}), standard.load())
    for ask in (sources, unparsed, notebooks, unsafe_loads, machine_paths, randomness, held_out, trackers):
        ask(repo)
    return repo


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | CODE.map(str.encode))
def test_any_bytes_can_be_a_python_file(content: bytes) -> None:
    read_everything("a.py", b"import torch\n" + content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | JSON.map(json.dumps).map(str.encode))
def test_any_bytes_can_be_a_notebook(content: bytes) -> None:
    read_everything("a.ipynb", content)


@settings(max_examples=40, deadline=None)
@given(st.lists(CODE, max_size=4), st.booleans(), st.sampled_from([None, 1]))
def test_every_place_in_a_notebook_is_a_line_of_its_file(
    cells: list[str], listed: bool, indent: int | None
) -> None:
    code = [
        {"cell_type": "code", "outputs": [], "source": c.splitlines(keepends=True) if listed else c}
        for c in cells
    ]
    text = json.dumps({"cells": code, "metadata": {}, "nbformat": 4}, indent=indent)
    repo = read_everything("a.ipynb", text.encode())
    lines = text.split("\n")
    for load in unsafe_loads(repo):
        assert load.spot.line is not None
        assert "load(x)" in lines[load.spot.line - 1]


def test_deeply_nested_source_is_noted_and_does_not_end_the_run() -> None:
    deep = "import torch\nx = " + "+".join(["1"] * 20_000) + "\n"
    repo = read_everything("deep.py", deep.encode())
    assert [found.spot.path for found in unparsed(repo)] == ["deep.py"]


def test_python_2_prints_do_not_hide_the_rest_of_a_file() -> None:
    old = (
        "import numpy as np\nprint 'seeding'\ntry:\n    np.random.seed(0)\nexcept E, e:\n    raise E, 'no'\n"
    )
    repo = read_everything("old.py", old.encode())
    assert not unparsed(repo)
    assert [call.line for s in sources(repo) for call in s.calls if call.name == "numpy.random.seed"] == [4]


def test_what_this_python_cannot_parse_does_not_hide_the_other_statements() -> None:
    text = (
        "import numpy as np\n@np.vectorize\ndef broken(:\n    np.random.rand()\n\nnp.random.seed(0)\n"
        "class Also:\n    x = = 1\n\nif True:\n    np.random.normal()\nelse:\n    pass\n"
    )
    repo = read_everything("new.py", text.encode())
    assert [(u.spot.line, u.reason) for u in unparsed(repo)] == [(3, "is not valid Python (invalid syntax)")]
    calls = [(call.name, call.line) for s in sources(repo) for call in s.calls if "random" in call.name]
    assert calls == [("numpy.random.seed", 6), ("numpy.random.normal", 11)]


def test_a_cell_that_cannot_be_parsed_hides_neither_itself_nor_the_others() -> None:
    cells = ["import numpy as np\nx = = 1\nnp.random.seed(1)", "np.random.rand()"]
    code = [{"cell_type": "code", "outputs": [], "source": c} for c in cells]
    repo = read_everything("a.ipynb", json.dumps({"cells": code, "metadata": {}, "nbformat": 4}).encode())
    assert [u.spot.cell_line for u in unparsed(repo)] == [2]
    assert [call.name for s in sources(repo) if s.notebook for call in s.calls] == [
        "numpy.random.seed",
        "numpy.random.rand",
    ]


def test_a_source_too_large_to_parse_is_said_to_be() -> None:
    repo = read_everything("big.py", b"import torch\n" + b"x = [0]\n" * 130_000)
    assert [u.reason for u in unparsed(repo)] == ["is larger than the 1 MB of source that the audit parses"]


def test_files_beyond_every_limit_are_said_to_be() -> None:
    small = standard.load().changed(read_limit=10, notebook_limit=10)
    repo = Repo(MemoryTree({"a.py": "import torch", "b.ipynb": " " * 11, "c.csv": "x" * 99}), small)
    sources(repo)
    notebooks(repo)
    repo.raw("c.csv")
    assert {note.path: note.reason for note in repo.unreadable.values()} == {
        "a.py": "cannot be read: it is larger than 10 bytes",
        "b.ipynb": "cannot be read: it is larger than 10 bytes",
    }
