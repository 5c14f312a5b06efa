"""Random numbers that belong to training, and seeds that are none."""

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.repo.trees.tree import Entry

TORCH = "import torch\ntorch.manual_seed(3)\nopt = torch.optim.SGD(m.parameters())\nloss.backward()\n"
TRAIN = "from ranks import ranked\n" + TORCH
RANKS = "import numpy as np\n\n\ndef ranked(a):\n    return np.argsort(a)\n\n\n"
STARTED = RANKS + "if __name__ == '__main__':\n    print(ranked(np.random.rand(9)))\n"
TESTED = RANKS + "def test_ranked():\n    assert len(ranked(np.random.rand(9))) == 9\n"
DRAWN = RANKS + "rows = np.random.rand(9)\n"
SETTINGS = "seed: 3\n__set_seed: !apply:torch.manual_seed [!ref <seed>]\n"
LOADS = "from hyperpyyaml import load_hyperpyyaml\nh = load_hyperpyyaml(open(p))\n"
RUN = LOADS + TORCH.replace("torch.manual_seed(3)\n", "")
OPEN = "import torch\n\n\ndef fix(seed=None):\n    torch.manual_seed(seed)\n\n\n"
CHOSEN = OPEN.replace("    torch", "    if seed is None:\n        seed = 3\n    torch")
TRIED = "import torch\n\n\ndef ranked(a):\n    return a\n\n\n"
TRIED += "if __name__ == '__main__':\n    torch.manual_seed(3)\n"
FROM_TRIED = (
    "from ranks import ranked\nimport torch\nopt = torch.optim.SGD(m.parameters())\nloss.backward()\n"
)
BOOK = (
    '{{"nbformat": 4, "cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [], "source": "{}"}}]}}'
)
LOOKED = r"import pandas as pd\nimport torch\nr = pd.read_csv('a.csv').sample(frac=0.1, random_state=3)\n"
FITS = "fix()\nopt = torch.optim.SGD(m.parameters())\nloss.backward()\n"


def value(fact: str, files: dict[str, str], entries: dict[str, Entry] | None = None) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files, entries=entries), standard.load())).value


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("all", {"train.py": TRAIN, "ranks.py": STARTED}),
        ("all", {"train.py": TRAIN, "ranks.py": TESTED}),
        ("partial", {"train.py": TRAIN + "test_ranked()\n", "ranks.py": TESTED}),
        ("partial", {"train.py": TRAIN, "ranks.py": DRAWN}),
        ("partial", {"train.py": TORCH, "ranks.py": STARTED}),
        ("partial", {"train.py": TRAIN.replace("ranks", "split"), "split.py": STARTED}),
        ("none", {"train.py": FROM_TRIED, "ranks.py": TRIED}),
        ("none", {"train.py": FROM_TRIED, "look.ipynb": BOOK.format(LOOKED)}),
        ("partial", {"train.py": FROM_TRIED, "look.ipynb": BOOK.format(LOOKED + r"r.to_csv('b.csv')\n")}),
        ("all", {"learn.py": FROM_TRIED.replace("ranks", "train_ranks"), "train_ranks.py": TRIED}),
        ("all", {"train.py": RUN, "conf/a.yaml": SETTINGS}),
        ("none", {"train.py": RUN, "conf/a.yaml": "#" + SETTINGS.replace("\n", "\n#")}),
        ("none", {"train.py": RUN.replace(LOADS, ""), "conf/a.yaml": SETTINGS}),
        ("none", {"train.py": OPEN + FITS}),
        ("none", {"seeds.py": OPEN, "train.py": "import torch\nfrom seeds import fix\n" + FITS}),
        ("all", {"train.py": OPEN + FITS.replace("fix()", "fix(args.seed)")}),
        ("all", {"train.py": OPEN + "wrap(fix)\n" + FITS}),
        ("all", {"train.py": CHOSEN + FITS}),
    ],
)
def test_seeds(expected: str, files: dict[str, str]) -> None:
    assert value("seeds", files) == expected


@pytest.mark.parametrize(
    ("lines", "path", "text", "executable"),
    [
        ([2], "cut", "#! /bin/bash\nsort /home/jane/tides/all.lst\n", True),
        ([], "cut", "#! /bin/bash\n# sort /home/jane/tides/all.lst\n", True),
        ([], "cut", "#! /bin/bash\nsort /home/jane/tides/all.lst\n", False),
        ([], "cut", "level /home/jane/tides/all.lst\n", True),
        ([1], "cut.py", "#!/home/jane/miniconda3/bin/python\nimport os\n", False),
        ([1], "cut.sh", "#!/home/jane/miniconda3/bin/python\nimport os\n", False),
        ([], "cut.py", "#!/usr/bin/env python\nimport os  # /home/jane/tides\n", False),
    ],
)
def test_paths_in_programs(lines: list[int], path: str, text: str, executable: bool) -> None:
    entries = {path: Entry(path, size=len(text), executable=executable)}
    found = value("hardcoded_paths", {path: text}, entries)
    assert found == {"list": [f"{path}:{line}" for line in lines], "total": len(lines)}


@pytest.mark.parametrize(("expected", "option"), [(False, "--model"), (False, "--arch"), (True, "--epochs")])
def test_what_is_trained_is_no_hyper_parameter(expected: bool, option: str) -> None:
    parsed = f"import argparse\np = argparse.ArgumentParser()\np.add_argument('{option}')\n"
    assert value("hparams_externalised", {"train.py": parsed + TORCH}) is expected
