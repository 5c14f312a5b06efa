"""Hyper-parameters that platforms, options, searches and notebooks give, each case quiet or loud."""

import time

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def value(files: dict[str, str]) -> object:
    return inventory.load()["hparams_externalised"].take(Repo(MemoryTree(files), standard.load())).value


FIT = """import torch


def learn(model, rate, turns):
    loss.backward()
    optimiser.step()


"""
OF_SCRIPT = (
    "import {0}\n\napp = {0}.App()\n\n\n@app.{1}\ndef main({2}: float = 0.1):\n    learn(model, {2}, 3)\n"
)
SETTINGS = "from {} import BaseSettings\n\n\nclass Settings(BaseSettings):\n    {}: int = 3\n"
SWEEP = "program: fit.py\n{}: grid\nparameters:\n  {}:\n    values: [1, 2]\n"
BOOK = """{{
 "cells": [
  {{
   "cell_type": "code",
   "metadata": {{
    "tags": [
     "{}"
    ]
   }},
   "execution_count": null,
   "outputs": [],
   "source": [
    "{} = 3\\n"
   ]
  }},
  {{
   "cell_type": "code",
   "metadata": {{}},
   "execution_count": null,
   "outputs": [],
   "source": [
    "import torch\\n",
    "epochs = 3\\n",
    "loss.backward()"
   ]
  }}
 ],
 "metadata": {{}},
 "nbformat": 4,
 "nbformat_minor": 5
}}
"""


@pytest.mark.parametrize(
    ("rest", "given"),
    [
        ("import os\nrate = float(os.environ['LEARNING_RATE'])\n", True),
        ("import os\nrate = float(os.environ['DATA_PATH'])\n", False),
        ("import os\nos.environ['EPOCHS'] = '3'\n", False),
        ("import os, json\nall = json.loads(os.environ['SM_HPS'])\n", True),
        ("import json\nall = json.load(open('/opt/ml/input/config/hyperparameters.json'))\n", True),
        ("import json\nall = json.load(open('/opt/ml/input/config/resourceconfig.json'))\n", False),
        ("dbutils.widgets.text('max_depth', '3')\n", True),
        ("dbutils.widgets.text('catalog', 'tides')\n", False),
        ("from clearml import Task\ntask = Task.init('a', 'b')\nshared = task.connect({'a': 1})\n", True),
        ("from house import Task\ntask = Task.init('a', 'b')\nshared = task.connect({'a': 1})\n", False),
        ("from airflow import DAG\nrate = context['dag_run'].conf.get('learning_rate')\n", True),
        ("from airflow import DAG\nrate = context['dag_run'].conf.get('day')\n", False),
        ("from airflow.models import Variable\nrate = Variable.get('learning_rate')\n", True),
        ("from airflow.models.param import Param\nasked = {'epochs': Param(3)}\n", True),
        ("from airflow.models.param import Param\nasked = {'day': Param(3)}\n", False),
        ('"""Usage: fit.py [--epochs=<n>]"""\nfrom docopt import docopt\n', True),
        ('"""Usage: fit.py [--folder=<path>]"""\nfrom docopt import docopt\n', False),
        ("from plumbum import cli\nrate = cli.SwitchAttr(['-l', '--learning-rate'], float)\n", False),
        ("from plumbum import cli\nrate = cli.SwitchAttr('--learning-rate', float)\n", True),
        ("import pyrallis\nsettings = pyrallis.parse(config_class=Settings)\n", True),
        ("from yacs.config import CfgNode\nc = CfgNode()\nc.merge_from_file(path)\n", True),
        ("from house import CfgNode\nc = CfgNode()\nc.merge_from_file(path)\n", False),
        (OF_SCRIPT.format("cyclopts", "default", "epochs"), True),
        (OF_SCRIPT.format("cyclopts", "default", "folder"), False),
        (OF_SCRIPT.format("modal", "local_entrypoint", "epochs"), True),
        (OF_SCRIPT.format("modal", "function", "epochs"), False),
        ("import typer\n\n\ndef main(epochs: int = 3):\n    pass\n\n\ntyper.run(main)\n", True),
        ("import typer\n\n\ndef main(folder: str):\n    pass\n\n\ntyper.run(main)\n", False),
        (SETTINGS.format("pydantic_settings", "epochs"), True),
        (SETTINGS.format("pydantic_settings", "port"), False),
        (SETTINGS.format("house", "epochs"), False),
    ],
)
def test_a_source_asks_for_values(rest: str, given: bool) -> None:
    assert value({"fit.py": rest + FIT if rest.startswith('"""') else FIT + rest}) is given


@pytest.mark.parametrize(
    ("files", "given"),
    [
        ({"sweep.yaml": SWEEP.format("method", "epochs"), "a.py": "import wandb\n"}, True),
        ({"sweep.yaml": SWEEP.format("method", "epochs")}, False),
        ({"sweep.yaml": SWEEP.format("method", "folder"), "a.py": "import wandb\n"}, False),
        (
            {
                "flow.py": "from metaflow import Config\nc = Config('c', default='c.yaml')\n",
                "c.yaml": "lr: 1\n",
            },
            True,
        ),
        (
            {"flow.py": "from house import Config\nc = Config('c', default='c.yaml')\n", "c.yaml": "lr: 1\n"},
            False,
        ),
    ],
)
def test_a_file_beside_the_sources_gives_values(files: dict[str, str], given: bool) -> None:
    assert value({"fit.py": FIT, **files}) is given


@pytest.mark.parametrize(
    ("tag", "name", "given"),
    [("parameters", "epochs", True), ("parameters", "folder", False), ("results", "epochs", False)],
)
def test_a_cell_for_papermill_gives_values(tag: str, name: str, given: bool) -> None:
    assert value({"fit.ipynb": BOOK.format(tag, name)}) is given


@pytest.mark.parametrize(
    "part", ["@app.command(", "environ['", "class A(Config):\n", '"tags": [', "typer.run(a"]
)
def test_time_is_bounded(part: str) -> None:
    started = time.process_time()
    value({"fit.py": "import typer, dagster\n" + FIT + part * (100_000 // len(part))})
    assert time.process_time() - started < 5
