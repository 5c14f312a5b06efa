"""Rows that sources tell apart by themselves, each case quiet or loud."""

import time

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def value(code: str) -> object:
    files = {"fit.py": "import torch\n" + code + "loss.backward()\noptimiser.step()\n"}
    return inventory.load()["data_split"].take(Repo(MemoryTree(files), standard.load())).value


@pytest.mark.parametrize(
    ("code", "apart"),
    [
        ("train = tides.iloc[:80]\ntest = tides.iloc[80:]\n", "yes"),
        ("train = tides[chosen]\nval = tides[~chosen]\n", "yes"),
        ("train = tides.sample(frac=0.8)\ntest = tides.drop(train.index)\n", "yes"),
        ("train = rows.take(80)\nval = rows.skip(80)\n", "yes"),
        ("x_tr, x_te = halves_split(tides)\n", "yes"),
        ("x_tr, x_te = halves(tides)\n", "no"),
        ("train = options.train\ntest = options.test\n", "no"),
        ("train = train_op(tides)\ntest = test_op(tides)\n", "no"),
        ("train = tides.iloc[:80]\n" + "#\n" * 400 + "test = tides.iloc[80:]\n", "no"),
        ("train = tides.iloc[:80]\nbest = tides.iloc[80:]\n", "no"),
        (
            "if a:\n    val.append(row)\nelse:\n    train.append(row)\n",
            "yes",
        ),
        ("for turn in turns:\n    train_losses.append(a)\n    val_losses.append(b)\n", "no"),
        ("folder = os.environ['SM_CHANNEL_VALIDATION']\n", "yes"),
        ("folder = os.environ['SM_CHANNEL_TRAINING']\n", "no"),
        ("def part(rows: Input[Dataset], test_rows: Output[Dataset]):\n    pass\n", "yes"),
        ("def part(rows: Input[Dataset], best_rows: Output[Dataset]):\n    pass\n", "no"),
        ("a = read('x', split='train[:80%]')\nb = read('x', split='train[80%:]')\n", "yes"),
        ("a = read('x', split='train[:80%]')\n", "no"),
        (
            "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier(oob_score=True)\n",
            "yes",
        ),
        (
            "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier(oob_score=False)\n",
            "no",
        ),
    ],
)
def test_rows_are_told_apart(code: str, apart: str) -> None:
    assert value(code) == apart


@pytest.mark.parametrize(
    "part", ["train = a", "train, ", "x_tr, x_te = a.", "def a(b: ", "train = a[", "'a[1:", " "]
)
def test_time_is_bounded(part: str) -> None:
    started = time.process_time()
    value(part * (100_000 // len(part)) + "\n")
    value(part + "a" * 100_000 + "\n")
    value(part + " " * 100_000 + "\n")
    assert time.process_time() - started < 5


def test_rows_are_told_apart_in_a_notebook() -> None:
    lines = ["import torch\\n", "train = tides[chosen]\\n", "test = tides[~chosen]\\n", "loss.backward()"]
    cell = '"cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": [\n'
    book = '{"cells": [{' + cell + ",\n".join(f'    "{line}"' for line in lines) + "]}], "
    book += '"metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    found = inventory.load()["data_split"].take(Repo(MemoryTree({"fit.ipynb": book}), standard.load()))
    assert found.value == "yes"
