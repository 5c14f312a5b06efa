"""Trainings by libraries built for one kind of model: each is found by what it really calls."""

import json

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import training
from mlscaffold.repo.trees.memory import MemoryTree

SPARK = """from pyspark.ml import Pipeline
from pyspark.ml.regression import GBTRegressor
train, test = rows.randomSplit([0.8, 0.2]%s)
model = Pipeline(stages=[GBTRegressor(maxDepth=3)]).fit(train)
"""
YOLO = "from ultralytics import YOLO\nmodel = YOLO('a.pt')\n"
SVD = "from surprise import SVD\nmodel = SVD(%s)\nmodel.fit(rows)\n"
PADDLE = "import paddle\n%smodel(x).backward()\n"
CARET = "from pycaret.regression import *\nsetup(rows, target='y')\nbest = compare_models()\n"
TASK = """from fairseq.tasks import FairseqTask, register_task
@register_task("tides")
class Tides(FairseqTask):
    pass
"""
RLLIB = "from ray.rllib.algorithms.ppo import PPOConfig\nmodel = PPOConfig().build()\nmodel.train()\n"


def repo_of(text: str) -> Repo:
    return Repo(MemoryTree({"model.py": text}), standard.load())


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("spark-ml", SPARK % ""),
        ("spark-ml", "from pyspark.mllib.recommendation import ALS\nALS.train(rows, 9)\n"),
        ("", "from pyspark.ml import PipelineModel\nPipelineModel.load('m').transform(rows)\n"),
        ("ultralytics", YOLO + "model.train(data='a.yaml', epochs=3)\n"),
        ("", YOLO + "model.predict('a.png')\n"),
        ("surprise", SVD % ""),
        ("prophet", "from fbprophet import Prophet\nm = Prophet()\nm.fit(rows)\n"),
        (
            "statsmodels-tsa",
            "from statsmodels.tsa.arima.model import ARIMA\nr = ARIMA(y, order=(1, 1, 1)).fit()\n",
        ),
        ("", "import statsmodels.api as sm\nr = sm.OLS(y, x).fit()\n"),
        ("gensim", "from gensim.models import Word2Vec\nm = Word2Vec(sentences)\n"),
        ("", "from gensim.models import Word2Vec\nm = Word2Vec.load('m')\n"),
        ("h2o", "import h2o\nfrom h2o.automl import H2OAutoML\nm = H2OAutoML()\nm.train(x=x, y=y)\n"),
        ("autogluon", "from autogluon.tabular import TabularPredictor\nTabularPredictor('y').fit(rows)\n"),
        ("pycaret", CARET),
        ("rllib", RLLIB),
        ("fairseq", TASK),
        ("", "from fairseq import tasks\nclass Tides(tasks.FairseqTask):\n    pass\n"),
        ("", "from ray import train\ntrain.report({})\n"),
        ("paddle", PADDLE % ""),
        ("pyro", "from pyro.infer import SVI\nsvi = SVI(m, g, o, loss=e)\nsvi.step(x)\n"),
        ("numpyro", "from numpyro.infer import MCMC, NUTS\nm = MCMC(NUTS(f), num_samples=9)\nm.run(k, x)\n"),
        ("", "from numpyro.infer import Predictive\nm = Predictive(f, samples)\nm(k, x)\n"),
        ("detectron2", "from detectron2.engine import DefaultTrainer\nDefaultTrainer(c).train()\n"),
        (
            "vertex-training",
            "from google.cloud import aiplatform as a\na.AutoMLTabularTrainingJob('j').run(d)\n",
        ),
        ("", "from google.cloud import aiplatform as a\na.Endpoint('e').predict([x])\n"),
        (
            "scikit-learn",
            "from sklearn.svm import SVC\nfrom pyod.models.iforest import IForest\nSVC().fit(x, y)\n",
        ),
    ],
)
def test_what_trains(slug: str, text: str) -> None:
    assert [run.framework for run in training(repo_of(text))] == [slug] * bool(slug)


@pytest.mark.parametrize(
    ("command", "trains"),
    [
        ("!yolo task=detect mode=train data=a.yaml epochs=3", True),
        ("!yolo detect train data=a.yaml", True),
        ("!python train.py --data a.yaml --weights yolov5s.pt", True),
        ("!yolo task=detect mode=predict source=a.png", False),
        ("# !yolo detect train data=a.yaml", False),
        ("!python train.py --data a.yaml", False),
        ("print('yolo mode=train')", False),
    ],
)
def test_a_command_of_a_notebook_trains(command: str, trains: bool) -> None:
    cell = {
        "cell_type": "code",
        "outputs": [],
        "execution_count": 1,
        "metadata": {},
        "source": f"x = 1\n{command}",
    }
    book = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1)
    repo = Repo(MemoryTree({"a.ipynb": book}), standard.load())
    lines = [run.spot.line for run in training(repo)]
    assert lines == [book[: book.index("x = 1")].count("\n") + 1] * trains
    assert inventory.load()["data_split"].take(repo).value == ("yes" if trains else "n/a")


@pytest.mark.parametrize(
    ("statement", "trains"),
    [
        ("w, _, _ = optimize.fmin_l_bfgs_b(logreg_obj, np.zeros(3), approx_grad=False)", True),
        ("r = optimize.fmin_tnc(func=costFunction, x0=theta, fprime=gradient, args=(X, y))", True),
        ("r = optimize.minimize(cost, theta, (X, y.flatten()))", True),
        ("r = optimize.minimize(lrCost, w, args=(X_train, labels), method='TNC')", True),
        ("r = optimize.minimize(cost, route, args=(distances, speed))", False),
        ("r = optimize.minimize(error, p0, args=(x, y))", False),
        ("r = optimize.minimize(lambda route: cost(route, X, y), x0)", False),
        ("r = optimize.curve_fit(logistic, x, y)", False),
    ],
)
def test_a_minimiser_that_is_given_a_loss_trains(statement: str, trains: bool) -> None:
    text = f"import numpy as np\nfrom scipy import optimize\n{statement}\n"
    assert inventory.load()["data_split"].take(repo_of(text)).value == ("no" if trains else "n/a")


@pytest.mark.parametrize(
    ("fact", "expected", "text"),
    [
        ("data_split", "yes", SPARK % ""),
        ("data_split", "no", (SPARK % "").replace("randomSplit", "repartition")),
        ("rng_libs", ["spark"], SPARK % ""),
        ("seeds", "none", SPARK % ""),
        ("seeds", "all", SPARK % ", 7"),
        ("seeds", "all", SPARK % ", seed=7"),
        ("data_split", "yes", YOLO + "model.train(data='a.yaml')\n"),
        ("seeds", "all", YOLO + "model.train(data='a.yaml')\n"),
        ("data_split", "yes", CARET),
        ("data_split", "n/a", RLLIB),
        ("data_split", "yes", TASK),
        ("hparams_externalised", True, TASK),
        ("seeds", "all", TASK),
        ("seeds", "partial", "import random\nrandom.shuffle(rows)\n" + TASK),
        ("data_split", "no", SVD % ""),
        ("seeds", "none", SVD % ""),
        ("seeds", "all", SVD % "random_state=7"),
        ("seeds", "all", "import numpy as np\nnp.random.seed(7)\n" + SVD % ""),
        ("rng_libs", ["paddle"], PADDLE % ""),
        ("seeds", "none", PADDLE % ""),
        ("seeds", "all", PADDLE % "paddle.seed(7)\n"),
    ],
)
def test_what_is_read_of_it(fact: str, expected: object, text: str) -> None:
    assert inventory.load()[fact].take(repo_of(text)).value == expected
