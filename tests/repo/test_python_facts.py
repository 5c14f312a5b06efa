"""Facts of Python code: what each reader must see, and what it must not be fooled by."""

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.memory import MemoryTree
from mlscaffold.repo.repo import Repo


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


TORCH = "import torch\nopt = torch.optim.SGD(model.parameters())\nloss.backward()\nopt.step()\n"
STEP = "class M:\n    def build(self):\n        self.op = self.optimizer.minimize(self.loss)\n"
MODEL = "from layers import *\n" + STEP
LAYERS = "import tensorflow as tf\nx = tf.Variable(1)\n"
BOOST = "import xgboost as xgb\nimport yaml\nm = xgb.train(yaml.safe_load(open('params.yaml')), d)\n"
CLEARS = "import nbformat\nfor cell in nb.cells:\n    cell['execution_count'] = None\n"
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'


@pytest.mark.parametrize(
    ("expected", "fact", "files"),
    [
        ("none", "seeds", {"train.py": TORCH}),
        ("partial", "seeds", {"train.py": "import random\nr = random.Random(3)\nr.shuffle(x)\n" + TORCH}),
        ("none", "seeds", {"train.py": "import random\nr = random.Random()\nr.shuffle(x)\n" + TORCH}),
        ("partial", "seeds", {"train.py": "import numpy as np\nr = np.random.default_rng(3)\n" + TORCH}),
        ("none", "seeds", {"train.py": "g = torch.Generator()\ng.manual_seed(3)\n" + TORCH}),
        ("n/a", "seeds", {"src/test/resources/train.py": TORCH}),
        ("n/a", "seeds", {"tests/fixtures/a/train.py": TORCH}),
        ("none", "seeds", {"models.py": MODEL, "layers.py": LAYERS}),
        ("n/a", "seeds", {"models.py": MODEL, "layers.py": "import numpy as np\n"}),
        (["tensorflow"], "rng_libs", {"models.py": MODEL, "layers.py": LAYERS}),
        (["xgboost"], "rng_libs", {"train.py": BOOST, "params.yaml": "subsample: 0.8\nmax_depth: 3\n"}),
        ([], "rng_libs", {"train.py": BOOST, "params.yaml": "subsample: 1.0\nmax_depth: 3\n"}),
        (
            "n/a",
            "data_split",
            {"env.py": "import atari_py\ne = atari_py.ALEInterface()\n", "train.py": TORCH},
        ),
        (
            ["custom"],
            "notebook_hygiene",
            {"a.ipynb": NOTEBOOK, "c.py": CLEARS, "Makefile": "c:\n\tpython c.py\n"},
        ),
        ([], "notebook_hygiene", {"a.ipynb": NOTEBOOK, "c.py": CLEARS, "Makefile": "c:\n\tpython d.py\n"}),
    ],
)
def test_values(expected: object, fact: str, files: dict[str, str]) -> None:
    assert value(fact, files) == expected


@pytest.mark.parametrize(
    ("total", "line"),
    [
        (0, "d = root + '/data/validation/x.csv'"),
        (0, "d = f'{root}/data/validation/x.csv'"),
        (1, "d = '/data/validation/x.csv'"),
        (1, "d = '/data/validation/xyz' + name"),
    ],
)
def test_paths_of_one_machine(total: int, line: str) -> None:
    assert value("hardcoded_paths", {"train.py": f"import os\n{line}\n"})["total"] == total  # type: ignore[index]
