"""Repositories of a known size to measure on: invented, and the same on every machine."""

import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

MODULE = '''"""Part {n} of an invented project."""

import argparse
import logging
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.{kind} import {model}
from sklearn.model_selection import train_test_split

log = logging.getLogger(__name__)


def load_{n}(folder: Path) -> pd.DataFrame:
    """Read the table of step {n}."""
    frame = pd.read_csv(folder / "part-{n}.csv")
    log.info("%d rows", len(frame))
    return frame.dropna()


def train_{n}(frame: pd.DataFrame, depth: int, seed: int):
    """Fit on the training part only."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(frame))
    train, test = train_test_split(frame.iloc[order], random_state=seed)
    model = {model}()
    model.fit(train.drop(columns="target"), train["target"])
    return model, model.score(test.drop(columns="target"), test["target"])


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--depth", type=int, default={depth})
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    print(train_{n}(load_{n}(Path("data")), given.depth, given.seed))
'''
MODELS = (("ensemble", "RandomForestClassifier"), ("linear_model", "LogisticRegression"), ("svm", "SVC"))


def _module(n: int) -> str:
    kind, model = MODELS[n % len(MODELS)]
    return MODULE.format(n=n, kind=kind, model=model, depth=2 + n % 9)


def _notebook(n: int, rng: random.Random) -> str:
    def cell(i: int) -> dict[str, object]:
        output = {"name": "stdout", "output_type": "stream", "text": [f"{rng.random()}\n"] * 20}
        source = [f"import pandas as pd\nframe_{i} = pd.read_csv('data/part-{n}.csv')\nprint(frame_{i})"]
        return {
            "cell_type": "code",
            "execution_count": i,
            "id": f"c{i}",
            "metadata": {},
            "outputs": [output],
            "source": source,
        }

    return json.dumps(
        {"cells": [cell(i) for i in range(12)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )


def _files(count: int) -> Iterator[tuple[str, str | bytes]]:
    """Of each two hundred: 30 modules, 5 notebooks, 110 tables, 31 records, 16 images, and documents."""
    rng = random.Random(count)
    yield "README.md", "# bench\n\nInstall `requirements.txt`, then run `python src/p0/m0.py`.\n"
    yield "requirements.txt", "numpy==2.3.1\npandas==2.3.0\nscikit-learn==1.7.0\n"
    yield ".gitignore", "__pycache__/\n.venv/\n"
    yield "Dockerfile", "FROM python:3.11\nCOPY . /app\nRUN pip install -r /app/requirements.txt\n"
    for n in range(count - 4):
        room, kind = n // 50, n % 100
        notebooks = 17 + n // 100 % 2
        if kind < 15:
            yield f"src/p{room}/m{n}.py", _module(n)
        elif kind < notebooks:
            yield f"notebooks/n{n}.ipynb", _notebook(n, rng)
        elif kind < 73:
            rows = "\n".join(f"{rng.random():.6f},{rng.random():.6f},{i % 2}" for i in range(60))
            yield f"data/d{room}/part-{n}.csv", f"a,b,target\n{rows}\n"
        elif kind < 88:
            yield f"data/r{room}/{n}.json", json.dumps({"id": n, "values": [rng.random() for _ in range(30)]})
        elif kind < 96:
            yield f"images/i{room}/{n}.png", b"\x89PNG\r\n\x1a\n" + rng.randbytes(2000)
        else:
            yield f"docs/{n}.md", f"# Note {n}\n\n" + "Some words about what was tried. " * 30 + "\n"


def make(folder: Path, count: int) -> Path:
    """A git repository of `count` files at `folder`, with one commit."""
    for path, content in _files(count):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    who = {"NAME": "bench", "EMAIL": "bench@example.org"}
    env = os.environ | {f"GIT_{role}_{key}": v for role in ("AUTHOR", "COMMITTER") for key, v in who.items()}
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", *command], cwd=folder, env=env, check=True)
    return folder


def change(folder: Path) -> None:
    """One module is changed, each time otherwise, and staged, as before a commit."""
    module = next(folder.glob("src/p0/*.py"))
    text = module.read_text("utf-8")
    module.write_text(f"{text}\n\nDONE = {len(text)}\n", "utf-8")
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
