"""Facts of Python code: what each reader must see, and what it must not be fooled by."""

import json

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


TORCH = "import torch\nopt = torch.optim.SGD(model.parameters())\nloss.backward()\nopt.step()\n"
ASKS = "from decouple import config\ndef ask(name):\n    return config(name)\n"
STEP = "class M:\n    def build(self):\n        self.op = self.optimizer.minimize(self.loss)\n"
MODEL = "from layers import *\n" + STEP
LAYERS = "import tensorflow as tf\nx = tf.Variable(1)\n"
ACTS = "from ..tools import *\n\n\ndef step(loss):\n    loss.backward()\n    return torch.rand(3)\n"
FLAGGED = "import argparse\nargparse.ArgumentParser().add_argument('NAME', default='{}')\n"
PROJECT = "entry_points:\n  main:\n    parameters:\n      alpha: 1\n    command: python train.py\n"
BUILT = "import tensorflow as tf\nfrom lamp import show, trainer\n"
AGENTS = {f"rl/agents/{name}.py": ACTS for name in "abcdef"}
AGENTS |= {"rl/tools/__init__.py": "import gym\nimport torch\nimport numpy as np\nx = np.random.rand()\n"}
OWN = "import numpy as np\nfrom solvers import least_squares\nepochs = 3\nw = least_squares(y_train, tx)\n"
OWN_CLASS = "import numpy as np\nclass M:\n    epochs = 3\nm = M()\nx_test = x[:9]\nm.fit(x_train, y)\n"
BOOST = "import xgboost as xgb\nimport yaml\nm = xgb.train(yaml.safe_load(open('params.yaml')), d)\n"
BUILT_ELSEWHERE = (
    "import lamp\nm, t = lamp.build('a.yaml')\nt.fit(m, train_dataloader=a, val_dataloaders=b)\n"
)
LIGHTNING = "import pytorch_lightning as pl\n\n\nclass M(pl.LightningModule):\n    pass\n"
REPLAY = "import torch\n\n\ndef add(state, action, reward, next_state):\n    return torch.tensor(reward)\n"
CLEARS = "import nbformat\nfor cell in nb.cells:\n    cell['execution_count'] = None\n"
SPACY = """[system]
seed = 0

[nlp]
lang = "en"

[training]
dev_corpus = "corpora.dev"
seed = ${system.seed}
"""
SLIM = """import tensorflow as tf
from tensorflow.contrib import slim
op = slim.learning.create_train_op(l, o)
"""
FLAGS = SLIM + "tf.app.flags.DEFINE_string('out', 'model', 'where the loss goes')\n"
GRAPH = "import tensorflow as tf\ntf.summary.scalar('loss', loss)\nopt.minimize(loss)\n"
ESTIMATOR = "import tensorflow as tf\ne = tf.estimator.Estimator(f)\n"
CLU = "from clu import metric_writers as m\nw = m.create_default_writer(d)\n"
HF = "import transformers\ntransformers.Trainer(args=transformers.TrainingArguments(%s)).train()\n"
LEAK = """from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
test_table = read()
t = test_table.copy()
y = t['level']
x = StandardScaler().fit_transform(rows)
a, b, c, d = train_test_split(x, y)
"""
BOOSTED = "import xgboost\nm = xgboost.XGBRegressor(subsample=0.8, random_state=3)\nm.fit(x, y)\n"
SAMPLED = "import pandas as pd\nd = pd.read_csv(p)\ne = d.sample(frac=1, random_state=3)\n"
WRAPPED = "from net import *\nm = net()\nm.fit_generator(rows, steps_per_epoch=9, epochs=3)\n"
READER = "import configparser\nc = configparser.ConfigParser()\nc.read('net.cfg')\n"
WHOLE = """import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
train = pd.read_csv('train.csv')
x = StandardScaler().fit_transform(train[names])
a, b, c, d = train_test_split(x, train['level'])
"""
OPTION = "import argparse\na = argparse.ArgumentParser()\na.add_argument('--batch-size')\n"
PARTED = "import chainer\nimport numpy\na, b = chainer.datasets.split_dataset_random(rows, 90, seed=7)\n"
CHAINER = "from chainer import training\nt = training.Trainer(updater, (3, 'epoch'))\nt.run()\n"
KERAS = "from tensorflow import keras\n%skeras.Sequential().fit(a, epochs=3)\n"
FOLDER = "a = keras.utils.image_dataset_from_directory('d', validation_split=0.2, seed=7)\n"
CUT = """import numpy as np
from sklearn.compose import ColumnTransformer
rows = ColumnTransformer(steps).fit_transform(table)
rows = np.concatenate((levels, rows), axis=1)
np.random.shuffle(rows)
train, held, test = np.split(rows, [70, 85])
"""
SHARED_OUT = "import numpy as np\nfrom sklearn.svm import SVC\ntest = 3\n" + 6 * "\n"
SHARED_OUT += "parts = np.array_split(read('a.csv'), workers)\nSVC().fit(x, y)\n"
STEPS = "from sagemaker.workflow.steps import TrainingStep\nstep = TrainingStep(name='fit', estimator=e)\n"
JOB = "import boto3\nboto3.client('sagemaker').create_training_job(**described)\n"
GUILD = "train:\n  flags:\n    epochs:\n      default: 3\n  requires: data\n"
HELPED = {"model.py": "import torch\n\ndef fit(d):\n    torch.manual_seed(3)\n    d.loss.backward()\n"}
HELPER = {"seeds.py": "import torch\n\ndef set_seed(n):\n    torch.manual_seed(n)\n"}


GROWN = """import pandas as pd
from sklearn.preprocessing import OneHotEncoder
from sklearn.model_selection import train_test_split
train = pd.read_csv('train.csv')
first = train.head(9)
places = OneHotEncoder().fit_transform(train[['place']])
train['place'] = places
x = train.drop('level', axis=1)
a, b, c, d = train_test_split(x, train['level'])
"""
SPLIT_FIRST = """import pandas as pd
from sklearn.preprocessing import OneHotEncoder
from sklearn.model_selection import train_test_split
train = pd.read_csv('train.csv')
train, test = train_test_split(train)
places = OneHotEncoder().fit_transform(train[['place']])
a, b = train_test_split(places)
"""
OLD_OPTION = "import optparse\np = optparse.OptionParser()\np.add_option('--epochs', type=int)\n"
YACS = "from yacs.config import CfgNode\ncfg = CfgNode()\n"
TYPED = "from tap import Tap\n\nclass Options(Tap):\n    depth: int = 3\n"
ZENML = "from zenml import pipeline\np = pipeline(train)\np.run(config_path='conf/train.yaml')\n"
RUNS = "import papermill as pm\npm.execute_notebook('a.ipynb', "
NAMED = "import json, os, torch\nc = json.load(open(os.getenv('NET_CONFIG_PATH')))\n"
FORESTS = """from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
for kind in (RandomForestRegressor, ExtraTreesRegressor):
    kind().fit(x, y)
"""
FED = "import tensorflow as tf\nd = g().flow_from_directory(p, seed=3)\nm.fit(d)\n"
HANDED_ON = """import tensorflow as tf
options = dict(batch_size=4, seed=3)
d = g().flow_from_directory(p, **options)
m.fit(d)
"""
PREPARED = """from sklearn.pipeline import Pipeline
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import RobustScaler
from sklearn.decomposition import PCA
from sklearn.model_selection import train_test_split
scaler = RobustScaler()
steps = Pipeline([('fill', SimpleImputer()), ('scale', scaler)])
rows = steps.fit_transform(x)
parts = PCA(3).fit(rows)
rows = parts.fit_transform(rows)
a, b = train_test_split(rows)
"""
SPARK = """from pyspark.ml.classification import RandomForestClassifier
a, b = rows.randomSplit([0.8, 0.2])
forest = RandomForestClassifier(labelCol='level')
forest.fit(a)
"""
BY_FUNCTION = """from sklearn.preprocessing import KBinsDiscretizer
from sklearn.model_selection import train_test_split
def prepare(x):
    x['level'] = KBinsDiscretizer().fit_transform(x[['level']])
    x['wind'] = (
        KBinsDiscretizer().fit_transform(x[['wind']])
    )
    return x
x = prepare(x)
a, b = train_test_split(x)
"""
MAPPED = """from sklearn.linear_model import LinearRegression
from sklearn.manifold import TSNE
z = TSNE(random_state=3).fit_transform(x)
LinearRegression().fit(x, y)
"""
TREES = "import config\nfrom sklearn.ensemble import RandomForestClassifier as F\n"
TREES += "F(random_state=config.SEED).fit(x, y)\n"
DRAWN_APART = {
    "train.py": "import numpy as np\nnp.random.seed(3)\nfrom sklearn.svm import LinearSVC\nm.fit(x, y)\n",
    "split.py": "import numpy as np\nrows = np.random.choice(n)\n",
}
OLD = """import torch

def train(x):
    if x > 2: print "far", x
    print "at %d" % (
        x)
    y = sorted(x, key=lambda (a, b): a).cuda(async=True)
    loss(y, 10L).backward()
"""
PROGRAM = "#!/usr/bin/env python\nimport tensorflow as tf\nm = tf.keras.Model()\nm.fit(x, y)\n"
VERTEX = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "outputs": [],
                "source": "from google.cloud import aiplatform as vertex\nvertex.log_params(p)\n",
            }
        ],
        "metadata": {},
        "nbformat": 4,
    }
)
FROM_TABLE = """import argparse

table = {'lr': 0.1, 'epochs': 9}
p = argparse.ArgumentParser()
for name, value in table.items():
    p.add_argument(f'--{name}', default=value)
"""
JSON_READER = "import json\n\ndef settings(folder):\n    return json.load(open(folder / 'b.json'))\n"
ROUNDS = '{"boosting": {\n  "objective": "regression",\n  "num_boost_round": 150\n}}\n'
BY_HAND = """import numpy as np

class Net:
    def fit(self, x, y):
        return self

    def predict(self, x):
        return x
"""


def notebook(*lines: str) -> str:
    cell = {"cell_type": "code", "source": "\n".join(lines), "outputs": [], "metadata": {}}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


CALLS = notebook("from seeds import set_seed", "set_seed(3)", "import torch", "loss.backward()")
SCRIPT = "import torch\nloss.backward()\nif __name__ == '__main__':\n    pass\n"
SEEDED = SCRIPT.replace("loss.", "torch.manual_seed(3)\nloss.")
CALLING = SCRIPT.replace("loss.", "from seeds import set_seed\nset_seed(3)\nloss.")
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
        (["numpy", "torch"], "rng_libs", AGENTS),
        (
            "none",
            "seeds",
            {"a.py": BUILT + "trainer.run(tf.train.AdamOptimizer(1e-4), tf.random_uniform([3]))\n"},
        ),
        ("n/a", "seeds", {"a.py": BUILT + "show(tf.train.Saver(), tf.random_uniform([3]))\n"}),
        ("n/a", "data_split", AGENTS),
        ("n/a", "data_split", {"train.py": TORCH, "replay.py": REPLAY}),
        ("n/a", "data_split", {"train.py": "import ale_python_interface as ale\n" + TORCH}),
        ("no", "data_split", {"train.py": TORCH, "replay.py": REPLAY.replace("reward", "weight")}),
        (
            "no",
            "data_split",
            {"train.py": TORCH + "import pandas as pd\nd = pd.read_csv('a.csv')\n", "replay.py": REPLAY},
        ),
        ("no", "data_split", {**AGENTS, "rl/rows.py": "import pandas as pd\nd = pd.read_csv('rows.csv')\n"}),
        (
            [],
            "rng_libs",
            {"a.py": "from names import *\nx = torch.rand(3)\n", "names.py": "torch = lamp()\n"},
        ),
        (["xgboost"], "rng_libs", {"train.py": BOOST, "params.yaml": "subsample: 0.8\nmax_depth: 3\n"}),
        ([], "rng_libs", {"train.py": BOOST, "params.yaml": "subsample: 1.0\nmax_depth: 3\n"}),
        ("all", "seeds", {"a.cfg": SPACY}),
        ("none", "seeds", {"a.cfg": SPACY.replace("seed = 0", "seed = null")}),
        (["spacy"], "rng_libs", {"a.cfg": SPACY}),
        ("yes", "data_split", {"a.cfg": SPACY}),
        (True, "hparams_externalised", {"a.cfg": SPACY}),
        (True, "hparams_externalised", {"train.py": TORCH + ASKS, ".env": "KEY=a\nEPOCHS_TIDES=20\n"}),
        (False, "hparams_externalised", {"train.py": TORCH + ASKS, ".env": "KEY=a\nPORT=20\n"}),
        (False, "hparams_externalised", {"train.py": TORCH, ".env": "KEY=a\nEPOCHS_TIDES=20\n"}),
        ("n/a", "hparams_externalised", {"setup.cfg": "[metadata]\nname = a\n\n[training]\nseed = 1\n"}),
        (["tensorflow"], "rng_libs", {"train.py": SLIM}),
        (["numpy"], "rng_libs", {"train.py": CHAINER}),
        ("partial", "seeds", {"train.py": CHAINER + PARTED}),
        ("none", "seeds", {"train.py": CHAINER + PARTED.replace(", seed=7", "")}),
        ("partial", "seeds", {"train.py": KERAS % FOLDER}),
        ("none", "seeds", {"train.py": KERAS % FOLDER.replace(", seed=7", "")}),
        ("none", "seeds", {"prepare.py": CUT, "pipeline.py": STEPS}),
        ("yes", "data_split", {"prepare.py": CUT, "pipeline.py": JOB}),
        ("no", "data_split", {"a.py": SHARED_OUT}),
        ("yes", "data_split", {"a.py": "import torch\na, b = split_data(rows)\nloss.backward()\n"}),
        ("no", "data_split", {"a.py": "import torch\na, b = split_heads(rows)\nloss.backward()\n"}),
        ("no", "data_split", {"a.py": "import torch\ndef split_data(d): ...\nloss.backward()\n"}),
        ("yes", "data_split", {"a.py": SHARED_OUT.replace("test = 3", "").replace("parts", "train, test")}),
        (False, "hparams_externalised", {"prepare.py": CUT, "pipeline.py": STEPS}),
        ("n/a", "data_split", {"prepare.py": CUT, "pipeline.py": STEPS.replace("Training", "Processing")}),
        (True, "hparams_externalised", {"train.py": SLIM, "guild.yml": GUILD}),
        (True, "hparams_externalised", {"train.py": SLIM, "MLproject": PROJECT}),
        (
            False,
            "hparams_externalised",
            {"train.py": SLIM, "MLproject": PROJECT.replace("alpha", "data_path")},
        ),
        (True, "hparams_externalised", {"train.py": SLIM + "alpha = float(sys.argv[1])\n"}),
        (False, "hparams_externalised", {"train.py": SLIM + "seed = int(sys.argv[1])\n"}),
        (True, "hparams_externalised", {"train.py": SLIM + "words = sys.argv\nepochs = int(words[3])\n"}),
        (False, "hparams_externalised", {"train.py": SLIM + "words = row.split()\nepochs = int(words[3])\n"}),
        (True, "hparams_externalised", {"train.py": TORCH + OPTION.replace("batch-size", "n-episodes")}),
        (True, "hparams_externalised", {"train.py": TORCH + OPTION.replace("batch-size", "epsilon")}),
        (True, "hparams_externalised", {"train.py": SLIM + "config.merge_args(sys.argv[1:])\n"}),
        (False, "hparams_externalised", {"train.py": SLIM + "print(sys.argv[1:])\n"}),
        (True, "hparams_externalised", {"train.py": SLIM + READER, "net.cfg": "[net]\nc=0.5\n"}),
        (False, "hparams_externalised", {"train.py": SLIM + READER, "net.cfg": "[net]\nc=race\n"}),
        (True, "hparams_externalised", {"train.py": SLIM + FLAGGED.replace("NAME", "--hparams")}),
        (False, "hparams_externalised", {"train.py": SLIM + FLAGGED.replace("NAME", "--sharps")}),
        (False, "hparams_externalised", {"train.py": SLIM, "guild.yml": GUILD.replace("flags", "notes")}),
        (
            False,
            "hparams_externalised",
            {"train.py": SLIM, "guild.yml": GUILD.replace("epochs", "place").replace("requires", "model")},
        ),
        (False, "hparams_externalised", {"train.py": FLAGS}),
        (True, "hparams_externalised", {"train.py": FLAGS.replace("'out'", "'learning_rate'")}),
        (False, "hparams_externalised", {"train.py": SLIM, "predict.py": OPTION}),
        (True, "hparams_externalised", {"train.py": SLIM, "options.py": OPTION}),
        ("none", "seeds", HELPED),
        ("all", "seeds", {**HELPED, "a.ipynb": notebook("from model import fit", "fit(d)")}),
        ("all", "seeds", {**HELPER, "a.ipynb": CALLS}),
        ("partial", "seeds", {**HELPER, "a.ipynb": CALLS, "train.py": SCRIPT}),
        (["wandb"], "trackers", {"train.py": HF % "report_to='wandb' if w else None"}),
        ([], "trackers", {"train.py": HF % "report_to=None if w else 'none'"}),
        (["numpy", "torch"], "rng_libs", {"train.py": "import datasets\nx = d['a'].shuffle()\n" + TORCH}),
        (["torch"], "rng_libs", {"train.py": "import pandas\ndeck.shuffle()\n" + TORCH}),
        ("partial", "seeds", {"train.py": "import datasets\nx = d.shuffle(seed=3)\n" + TORCH}),
        ("no", "data_split", {"a.py": OWN}),
        (False, "hparams_externalised", {"a.py": OWN}),
        ("n/a", "data_split", {"a.py": OWN.replace("solvers", "scipy.optimize")}),
        ("n/a", "data_split", {"a.py": OWN_CLASS.replace("m = M()", "m = np.polynomial.Polynomial")}),
        ("all", "seeds", {"a.py": OWN + "np.random.seed(3)\nnp.random.shuffle(tx)\n"}),
        ("yes", "data_split", {"a.py": OWN_CLASS}),
        ("n/a", "data_split", {"a.py": OWN_CLASS.replace("x_train, y", "x_train")}),
        ([], "trackers", {"train.py": GRAPH}),
        (["tensorboard"], "trackers", {"train.py": GRAPH + "w = tf.summary.FileWriter('logs')\n"}),
        (["tensorboard"], "trackers", {"train.py": GRAPH, "run.py": ESTIMATOR}),
        (["tensorboard"], "trackers", {"train.py": CLU}),
        ([], "leakage_fit_before_split", {"a.py": LEAK.replace("y)", "y_train)")}),
        (["a.py:6"], "leakage_fit_before_split", {"a.py": LEAK}),
        (["a.py:3"], "leakage_fit_before_split", {"a.py": CUT}),
        ([], "leakage_fit_before_split", {"a.py": CUT.replace("train, held, test", "first, second, third")}),
        (
            ["numpy", "random", "torch"],
            "rng_libs",
            {"t.py": "from transformers import set_seed\nset_seed(3)\n" + TORCH},
        ),
        ("all", "seeds", {"t.py": "from monai.utils import set_determinism\nset_determinism(3)\n" + TORCH}),
        (["torch"], "rng_libs", {"t.py": TORCH, "plot_loss.py": "import numpy as np\nnp.random.choice(x)\n"}),
        (["torch"], "rng_libs", {"t.py": TORCH, "api/main.py": "import numpy as np\nnp.random.choice(x)\n"}),
        (
            ["numpy", "torch"],
            "rng_libs",
            {"t.py": TORCH, "app/train.py": "import numpy as np\nnp.random.choice(x)\n" + TORCH},
        ),
        ("course", "kind", {f"{n:02}-part/a.R": "x <- 1\n" for n in range(1, 8)}),
        ("application", "kind", {f"{n:02}-part/a.py": "x = 1\n" for n in range(1, 5)}),
        ("course", "kind", {f"ch{n}/a.py": "x = 1\n" for n in range(1, 5)}),
        ("application", "kind", {f"configurations/ch{n}_wide.py": "x = 1\n" for n in range(1, 5)}),
        ("partial", "seeds", {"t.py": TORCH, "b.py": BOOSTED}),
        ("none", "seeds", {"t.py": TORCH, "b.py": BOOSTED.replace(", random_state=3", "")}),
        (["pandas", "torch"], "rng_libs", {"t.py": TORCH, "f.py": SAMPLED}),
        (
            "all",
            "seeds",
            {
                "t.py": "from pytorch_toolbelt.utils.random import set_manual_seed\nset_manual_seed(3)\n"
                + TORCH
            },
        ),
        ("partial", "seeds", {"a/train.py": SEEDED, "b/train.py": SCRIPT}),
        ("all", "seeds", {"a/train.py": SEEDED, "b/train.py": SEEDED}),
        ("all", "seeds", {"a/train.py": SEEDED, "b/train.py": "import a.train\n" + SCRIPT}),
        (
            "all",
            "seeds",
            {"src/train.py": SEEDED, "books/a.ipynb": notebook("import torch", "loss.backward()")},
        ),
        ("all", "seeds", {**HELPER, "a/train.py": CALLING, "b/train.py": CALLING}),
        (["tensorflow"], "rng_libs", {"net.py": LAYERS + "m = keras.Model(a, b)\n", "main.py": WRAPPED}),
        (
            False,
            "hparams_externalised",
            {"train.py": SLIM, "convert.py": READER, "net.cfg": "[net]\nbatch=64\n"},
        ),
        (True, "hparams_externalised", {"train.py": SLIM + READER, "net.cfg": "[net]\nbatch_size=64\n"}),
        (["a.py:5"], "leakage_fit_before_split", {"a.py": WHOLE}),
        ([], "leakage_fit_before_split", {"a.py": WHOLE.replace("read_csv", "first_half")}),
        (
            ["random", "torch"],
            "rng_libs",
            {"split.py": "import random\nrandom.shuffle(rows)\n", "t.py": TORCH},
        ),
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
        (["a.py:6"], "leakage_fit_before_split", {"a.py": GROWN}),
        ([], "leakage_fit_before_split", {"a.py": SPLIT_FIRST}),
        (["a.py:8", "a.py:10"], "leakage_fit_before_split", {"a.py": PREPARED}),
        (["a.py:10"], "leakage_fit_before_split", {"a.py": PREPARED.replace("scaler)", "Ridge())")}),
        (["a.py:4", "a.py:6"], "leakage_fit_before_split", {"a.py": BY_FUNCTION}),
        ([], "leakage_fit_before_split", {"a.py": BY_FUNCTION.replace("KBinsDiscretizer()", "Other()")}),
        (
            ["a.py:4", "a.py:6"],
            "leakage_fit_before_split",
            {"a.py": BY_FUNCTION, "b.py": BY_FUNCTION.replace("KBinsDiscretizer()", "Other()")},
        ),
        (
            [],
            "leakage_fit_before_split",
            {"a.py": PREPARED.replace("rows = steps", "x, held = train_test_split(x)\nrows = steps")},
        ),
        (True, "hparams_externalised", {"train.py": TORCH, "options.py": TYPED}),
        (True, "hparams_externalised", {"train.py": OLD_OPTION + TORCH}),
        (False, "hparams_externalised", {"train.py": OLD_OPTION.replace("epochs", "folder") + TORCH}),
        (True, "hparams_externalised", {"train.py": "cfg.merge_from_file('a.yaml')\n" + TORCH, "c.py": YACS}),
        (False, "hparams_externalised", {"train.py": "cfg.merge_from_file('a.yaml')\n" + TORCH, "c.py": ""}),
        (
            True,
            "hparams_externalised",
            {"train.py": TORCH + "import mlxu\nmlxu.define_flags_with_default()\n"},
        ),
        (True, "hparams_externalised", {"train.py": TORCH, "run.py": RUNS + '"b.ipynb", {"lr": 0.1})\n'}),
        (
            False,
            "hparams_externalised",
            {"train.py": TORCH, "run.py": RUNS + '"b.ipynb", log_output=True)\n'},
        ),
        (False, "hparams_externalised", {"train.py": TORCH + OPTION.replace("batch-size", "find-optimal")}),
        (True, "hparams_externalised", {"train.py": TORCH + OPTION.replace("batch-size", "optimizer")}),
        (True, "hparams_externalised", {"train.py": TORCH, "run.py": ZENML, "conf/train.yaml": "lr: 0.1\n"}),
        (False, "hparams_externalised", {"train.py": TORCH, "run.py": ZENML, "conf/train.yaml": "n: 1\n"}),
        (
            True,
            "hparams_externalised",
            {"train.py": TORCH, "run.py": NAMED, "net.json": '{\n "EPOCHS": 3\n}\n'},
        ),
        (
            False,
            "hparams_externalised",
            {"train.py": TORCH, "run.py": "import os, torch\n", "net.json": '{\n "EPOCHS": 3\n}\n'},
        ),
        (
            "all",
            "seeds",
            {
                "train.py": TORCH
                + "import mlxu\nmlxu.jax_utils.set_random_seed(3)\nimport flair\nflair.set_seed(3)\n"
            },
        ),
        ("all", "seeds", {"train.py": "import xgboost\np = {'seed': 3}\nxgboost.train(p, d)\n"}),
        ("n/a", "seeds", {"train.py": "import xgboost\np = {'eta': 3}\nxgboost.train(p, d)\n"}),
        ("none", "seeds", {"train.py": FORESTS}),
        ("partial", "seeds", {"train.py": FED}),
        (
            "none",
            "seeds",
            {"train.py": "import numpy as np\nnp.random.seed(None)\nnp.random.rand()\n" + TORCH},
        ),
        ("none", "seeds", {"train.py": FED.replace("seed=3", "shuffle=False, seed=3")}),
        ("partial", "seeds", {"train.py": HANDED_ON}),
        ("none", "seeds", {"train.py": HANDED_ON.replace(", seed=3", "")}),
        ("partial", "seeds", {"train.py": HANDED_ON.replace(", seed=3)", ")\noptions['seed'] = 3")}),
        ("n/a", "seeds", {"map.py": MAPPED}),
        ("none", "seeds", {"fit.py": SPARK}),
        ("all", "seeds", {"fit.py": SPARK.replace("0.2]", "0.2], 3")}),
        ("all", "seeds", {"fit.py": SPARK.replace("0.2]", "0.2], seed=3")}),
        ("yes", "data_split", {"fit.py": SPARK}),
        ("n/a", "data_split", {"fit.py": SPARK.replace("forest.fit(a)", "a.count()")}),
        *(
            (said, "data_split", {"train.py": TREES, path: "{}"})
            for said, path in (
                ("yes", "tides_test.json"),
                ("yes", "data/dev.txt"),
                ("no", "requirements-dev.txt"),
                ("no", "job_test_config_step.json"),
                ("no", "conf/test.json"),
                ("no", "env.dev.json"),
            )
        ),
        ("none", "seeds", {"train.py": TREES, "config.py": "SEED = None\n"}),
        ("all", "seeds", {"train.py": TREES, "config.py": "SEED = 3\n"}),
        ("all", "seeds", {**DRAWN_APART}),
        ("partial", "seeds", {**DRAWN_APART, "dvc.yaml": "stages:\n  a:\n    cmd: python split.py\n"}),
        ("none", "seeds", {"train.py": OLD}),
        (["tensorflow"], "rng_libs", {"container/train": PROGRAM}),
        ([], "rng_libs", {"container/notes": PROGRAM}),
        ("yes", "data_split", {"train.py": BUILT_ELSEWHERE, "lamp.py": LIGHTNING}),
        (
            "n/a",
            "data_split",
            {"train.py": BUILT_ELSEWHERE.replace("train_dataloader=a, ", ""), "lamp.py": LIGHTNING},
        ),
        ("yes", "data_split", {"train.py": TORCH, "data/test/a.jpg": ""}),
        ("no", "data_split", {"train.py": TORCH, "tests/data/test/a.jpg": ""}),
        (
            False,
            "hparams_externalised",
            {"net.py": BY_HAND, "main.py": "import numpy\nfrom net import Net\nm = Net()\nm.fit(x, y)\n"},
        ),
        (["vertex-ai-experiments"], "trackers", {"run.ipynb": VERTEX}),
        (True, "hparams_externalised", {"train.py": TORCH, "options.py": FROM_TABLE}),
        (
            False,
            "hparams_externalised",
            {"train.py": TORCH, "options.py": FROM_TABLE.replace("f'--{name}'", "'-q'")},
        ),
        (
            False,
            "hparams_externalised",
            {"train.py": TORCH, "options.py": FROM_TABLE.replace("f'--{name}', default=value", "*a, **b")},
        ),
        (True, "hparams_externalised", {"train.py": TORCH, "settings.py": JSON_READER, "a/b.json": ROUNDS}),
        (True, "hparams_externalised", {"train.py": "import allennlp\n" + TORCH, "a.jsonnet": ROUNDS}),
        (False, "hparams_externalised", {"train.py": TORCH, "a.jsonnet": ROUNDS}),
        (False, "hparams_externalised", {"train.py": TORCH, "settings.py": JSON_READER, "a/c.json": ROUNDS}),
        (
            "n/a",
            "hparams_externalised",
            {"net.py": BY_HAND, "main.py": "from net import Net\nNet().predict(x)\n"},
        ),
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
        (1, "d = '/home/jane/tide_examples'"),
        (0, "d = '/data/example/tides/x.csv'"),
        (1, "d = '/home/me/tides'"),
        (1, "d = '/home/jane/'"),
        (1, "d = '/private/home/jane/tides'"),
        (1, "d = '/home/users/jane/tides/a.csv'"),
        (1, "d = '/home/users/j/jane/tides'"),
        (0, "d = '/home/users/data/tides'"),
        (0, "d = '/home/users/username/tides'"),
        (0, "d = '/home/user/data/tides'"),
        (1, "d = '/mnt/c/Users/JANE/tides/a.zip'"),
        (1, "d = '/mnt/d/tides'"),
        (0, "d = '/mnt/c/Windows/System32'"),
        (0, "d = '/mnt/c'"),
        (1, "d = '/n/home02/jane/tides'"),
        (1, "d = '/srv/scratch/jane/tides.bed'"),
        (0, "d = '/srv/shiny-server/app/data'"),
        (1, "d = '/pool003/jane/tides'"),
        (0, "u = '/pool/tides/low'"),
        (1, "d = '/gscratch/tides'"),
        (1, "d = '/fs/north-scratch/jane/a.csv'"),
        (0, "d = '/fs/tides'"),
        (1, "d = '/u/jane/tides/a.csv'"),
        (0, "d = '/u/jane'"),
        (1, "d = '/nobackup/jane/tides'"),
        (1, "d = '/juice/scr/tides'"),
        (1, "d = '/ibex/scratch/tides'"),
        (1, "d = '/global/cscratch1/jane/tides'"),
        (0, "d = '/global/tides/low'"),
        (1, "d = '/checkpoint/jane/tides'"),
        (0, "d = '/checkpoint/tides.pt'"),
        (1, "d = '/vol/sea/tides'"),
        (1, "d = 'file:///home/jane/tides'"),
        (0, "d = 'http:///home/jane/tides'"),
        (0, "u = '/static/home/jane/tides.js'"),
        (0, "u = 'https://example.org/home/jane/'"),
    ],
)
def test_paths_of_one_machine(total: int, line: str) -> None:
    assert value("hardcoded_paths", {"train.py": f"import os\n{line}\n"})["total"] == total  # type: ignore[index]


def test_a_path_that_infrastructure_code_mounts_is_of_no_machine() -> None:
    mount = 'file_system_config {\n  local_mount_path = "/mnt/tides"\n}\n'
    files = {"handler.py": "import os\nroot = '/mnt/tides/raw'\n"}
    assert value("hardcoded_paths", files)["total"] == 1  # type: ignore[index]
    assert value("hardcoded_paths", {**files, "lambda.tf": mount})["total"] == 0  # type: ignore[index]


def test_a_home_that_an_image_takes_as_an_argument_is_of_no_machine() -> None:
    files = {"a.py": "import os\nroot = '/home/src/tides'\n", "Dockerfile": "FROM a:1\nARG CODE=/home/src\n"}
    assert value("hardcoded_paths", files)["total"] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("docs/results/scores.json", 0),
        ("results/best/config.yaml", 0),
        ("trainer_state.json", 0),
        ("conf/scores.json", 1),
        (".vscode/settings.json", 1),
        ("docs/conf.py", 1),
    ],
)
def test_what_a_run_left_behind_is_no_setting(path: str, total: int) -> None:
    text = 'import os\nd = "/home/jane/tides"\n' if path.endswith(".py") else '{"d": "/home/jane/tides"}\n'
    assert value("hardcoded_paths", {path: text})["total"] == total  # type: ignore[index]


def test_paths_in_other_languages() -> None:
    files = {
        "a.cpp": '// "/home/jane/a"\nstring a = "/home/jane/b";\n',
        "A.scala": 'val a = "/mnt/tides/a"\n',
    }
    assert value("hardcoded_paths", files) == {"list": ["A.scala:1", "a.cpp:2"], "total": 2}


def test_where_conda_kept_an_environment_is_of_one_machine() -> None:
    conda = "name: a\ndependencies:\n- numpy\n\nprefix: %s/envs/a\n"
    found = value("hardcoded_paths", {"environment.yml": conda % "/usr/local/anaconda3"})
    assert found == {"list": ["environment.yml:5"], "total": 1}
    assert value("hardcoded_paths", {"environment.yml": conda % "/opt/conda"})["total"] == 0  # type: ignore[index]


def test_storing_objects_loads_none() -> None:
    files = {"a.py": "import numpy as np\nnp.save(p, d, allow_pickle=True)\nnp.load(p, allow_pickle=True)\n"}
    assert value("unsafe_deserialisation", files) == {"list": ["a.py:3"], "total": 1}


def test_a_name_that_is_deleted_means_again_what_was_imported() -> None:
    lines = (
        "import pandas as pd",
        "import torch as t",
        "def a():",
        "    t = pd.read_csv(p)",
        "    del t",
        "    t.load(p)",
    )
    files = {"a.py": "\n".join(lines)}
    assert value("unsafe_deserialisation", files)["total"] == 1  # type: ignore[index]


def test_a_pickle_by_the_name_that_six_gives_it() -> None:
    files = {"a.py": "import numpy\nfrom six.moves import cPickle\nd = cPickle.load(f)\n"}
    assert value("unsafe_deserialisation", files)["total"] == 1  # type: ignore[index]


def test_strings_of_a_cell_that_do_not_end_their_line() -> None:
    """Some editors leave a line of source in two strings."""
    cell = {"cell_type": "code", "source": ["import torch\n", "a = {1:", " 2}\n", "torch.load(p)\n"]}
    book = {"cells": [{**cell, "outputs": []}], "metadata": {}, "nbformat": 4}
    found = value("unsafe_deserialisation", {"a.ipynb": json.dumps(book, indent=1)})
    assert found == {"list": ["a.ipynb:9"], "total": 1}


def written_in_a_notebook(name: str) -> dict[str, str]:
    cell = {"cell_type": "code", "source": [f"%%writefile {name}\n", "import joblib\n", "joblib.load(p)\n"]}
    return {
        "a.ipynb": json.dumps({"cells": [{**cell, "outputs": []}], "metadata": {}, "nbformat": 4}, indent=1)
    }


def test_a_script_that_a_notebook_writes_is_read() -> None:
    found = value("unsafe_deserialisation", written_in_a_notebook("$folder/score.py"))
    assert found == {"list": ["a.ipynb:8"], "total": 1}
    assert value("unsafe_deserialisation", written_in_a_notebook("notes.md"))["total"] == 0  # type: ignore[index]


PACKAGE = {
    "setup.py": "from setuptools import setup\nsetup()\n",
    "net/__init__.py": "",
    "net/fit.py": f"def fit(loss):\n    {TORCH.splitlines()[2]}\nimport torch\n",
}
SCRIPTS = {"scripts/image_train.py": "from net.fit import fit\nif __name__ == '__main__':\n    fit(3)\n"}


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("paper", "This is the codebase for [Nets](https://arxiv.org/abs/1).\n"),
        ("library", "Nets for everybody. See [Nets](https://arxiv.org/abs/1).\n"),
    ],
)
def test_a_package_with_the_experiments_of_a_paper_is_that_paper(expected: str, said: str) -> None:
    assert value("kind", {**PACKAGE, **SCRIPTS, "README.md": f"# Nets\n\n{said}"}) == expected
    assert value("kind", {**PACKAGE, "README.md": f"# Nets\n\n{said}"}) == "library"
