"""Published facts of projects that run on the services of vendors, each case quiet or loud."""

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


SPACED = """trigger:
  branches:
    include: [main]

stages:

# what a pull request runs

- stage: Check
  jobs:
  - job: Unit
    pool:
      vmImage: ubuntu-latest
    steps:
    - script: pytest tests
"""
PACKAGE = """from setuptools import setup
CORE = ["numpy"]
LOCAL = CORE + ["pandas==2.2.2"]
setup(name="tides", install_requires=CORE, extras_require={"local": LOCAL, "all": [*LOCAL, *LOCAL]})
"""
FIT = """from sklearn.linear_model import SGDClassifier


def fit(x, y, **more):
    SGDClassifier(**more).fit(x, y)
"""
PREFECT = """from prefect import Flow, Parameter
from fit import fit
with Flow('a') as flow:
    p = Parameter('{}', default=1)
"""
SAGEMAKER = """from sagemaker.workflow.parameters import ParameterFloat
rate = ParameterFloat(name='{}', default_value=0.1)
"""
DETERMINED = "import determined as det\nh = det.get_cluster_info().trial.hparams\n"
TIDES = "A = 'tides.{}.rows'\nB = 'tides.{}.rows'\n"
TAKES = """from {0} import {1}


@{1}(name="tides")
def run(source: str, {2}: float = 0.1):
    fit(source)
"""
NETWORK = """import torch
from {0} import {1}


def learn(out, loss, optimiser):
    kept = [{1}(out{2})]
    loss.backward()
    optimiser.step()
"""
SPACY = """import random
import spacy

nlp = spacy.load("en_core_web_sm")
rows = read()
for turn in range(9):
    random.shuffle(rows)
    for row in rows:
        nlp.update([row], drop=0.1)
"""
DAGSTER = """from dagster import Config, asset, op


class Settings(Config):
    source: str = ""
    {0}: int = 3


@op(config_schema={{"{1}": float}})
def learn(config: Settings):
    fit(config)
"""
AIRFLOW = """from airflow import DAG
from airflow.operators.python import PythonOperator

with DAG("{}") as dag:
    PythonOperator(task_id="a", python_callable=fit) >> PythonOperator(task_id="b", python_callable=show)
"""
CARDS = "---\ntags: [cards]\n---\n\n# {}\n\nOne page for each model.\n\n## {}\n\nWhat it is for.\n"
FACE = "from transformers import Trainer\nTrainer(args=read(path)).train()\n"
DIFFUSES = """import argparse
from accelerate import Accelerator

options = argparse.ArgumentParser()
options.add_argument("{}", default="{}")
Accelerator(log_with=options.parse_args().to).backward(loss)
"""
FASTAI = "from fastai.vision.all import *\nfrom {} import *\nlearner.fit_one_cycle(1, cbs=WandbCallback())\n"
LAB = "log_config = dict(hooks=[dict(type='TextLoggerHook'), {}dict(type='TensorboardLoggerHook')])\n"
FACTORY = """{
  "name": "tides",
  "properties": {
    "activities": [
      {"name": "read", "type": "Copy"},
      {"name": "fit", "type": "DatabricksNotebook", "dependsOn": [{"%s": "read"}]}
    ]
  }
}
"""
KART = "import gokart\n\n\nclass Tides(gokart.{}):\n    pass\n"
ACTIONS = "on: push\njobs:\n  check:\n    runs-on: any\n    steps:\n    - run: pytest\n"
SEMAPHORE = "version: v1.0\nblocks:\n- task:\n    jobs:\n    - commands: [pytest]\n"
JOB = "check:\n  script:\n    - {}\n"
HOOK = "repos:\n- repo: a\n  hooks:\n  - id: {}\n"


@pytest.mark.parametrize(
    ("fact", "files", "expected"),
    [
        ("pipeline", {"factory/tides.json": FACTORY % "activity"}, ["azure-data-factory"]),
        ("pipeline", {"factory/tides.json": FACTORY % "step"}, []),
        ("pipeline", {"tides.py": KART.format("TaskOnKart")}, ["luigi"]),
        ("pipeline", {"tides.py": KART.format("Mixin")}, []),
        ("ci", {".forgejo/workflows/a.yml": ACTIONS}, ["forgejo"]),
        ("ci", {".gitea/workflows/a.yml": ACTIONS.replace("jobs:", "work:")}, []),
        (
            "ci_runs_tests",
            {".gitea/workflows/a.yml": ACTIONS, "test_a.py": "def test_a():\n    assert 1\n"},
            True,
        ),
        ("ci", {".semaphore/semaphore.yml": SEMAPHORE}, ["semaphore"]),
        ("ci", {".semaphore/secrets.yml": "version: v1.0\n"}, []),
        ("ci", {"codefresh.yml": "steps:\n  check:\n    commands: [pytest]\n"}, ["codefresh"]),
        (
            "data_versioning",
            {"a.py": "from lakefs_client.client import LakeFSClient\nLakeFSClient(c).branches\n"},
            ["lakefs"],
        ),
        ("data_versioning", {"a.py": "# a lakefs of ours\nLakeClient(c).branches\n"}, []),
        ("trackers", {"t.py": FACE, "a.yaml": "report_to: wandb\n"}, ["wandb"]),
        ("trackers", {"t.py": FACE, "a.yaml": "# report_to: wandb\n"}, []),
        ("trackers", {"t.py": "import torch\nloss.backward()\n", "a.yaml": "report_to: wandb\n"}, []),
        ("trackers", {"t.py": FACE, "run.sh": "python t.py --report_to tensorboard\n"}, ["tensorboard"]),
        ("trackers", {"t.py": FACE, "run.sh": "python t.py --report_to none\n"}, []),
        ("trackers", {"t.py": DIFFUSES.format("--report_to", "tensorboard")}, ["tensorboard"]),
        ("trackers", {"t.py": DIFFUSES.format("--folder", "tensorboard")}, []),
        ("trackers", {"t.py": "import swanlab\nswanlab.init()\n"}, ["swanlab"]),
        ("trackers", {"t.py": FASTAI.format("fastai.callback.wandb")}, ["wandb"]),
        ("trackers", {"t.py": FASTAI.format("house.callback.wandb")}, []),
        ("trackers", {"t.py": FACE, "configs/a.py": LAB.format("")}, ["tensorboard"]),
        ("trackers", {"t.py": FACE, "configs/a.py": LAB.format("\n# ")}, []),
        ("model_card", {"docs/model-cards.md": CARDS.format("Model cards", "Rationale")}, []),
        (
            "model_card",
            {"docs/model-cards.md": CARDS.format("Model cards", "Intended use")},
            ["docs/model-cards.md"],
        ),
        ("model_card", {"docs/model-cards.md": CARDS.format("Tides", "Rationale")}, ["docs/model-cards.md"]),
        ("hparams_externalised", {"fit.py": FIT, "steps.py": DAGSTER.format("epochs", "share")}, True),
        ("hparams_externalised", {"fit.py": FIT, "steps.py": DAGSTER.format("rows", "learning_rate")}, True),
        ("hparams_externalised", {"fit.py": FIT, "steps.py": DAGSTER.format("rows", "share")}, False),
        (
            "hparams_externalised",
            {
                "fit.py": FIT,
                "steps.py": DAGSTER.format("epochs", "share").replace("from dagster", "from house"),
            },
            False,
        ),
        ("formatter", {".gitlab-ci.yml": JOB.format("make-badge -l build -c black")}, []),
        ("formatter", {".gitlab-ci.yml": JOB.format("isort --profile black .")}, []),
        ("formatter", {".gitlab-ci.yml": JOB.format("python -m black src")}, ["black"]),
        ("formatter", {".pre-commit-config.yaml": HOOK.format("prettier")}, ["prettier"]),
        ("formatter", {".pre-commit-config.yaml": HOOK.format("prettiest")}, []),
        ("linters", {".pre-commit-config.yaml": HOOK.format("vulture")}, ["vulture"]),
        ("linters", {".pre-commit-config.yaml": HOOK.format("hadolint")}, ["hadolint"]),
        ("linters", {"setup.cfg": "[darglint]\nstrictness = short\n"}, ["darglint"]),
        ("linters", {"setup.cfg": "[metadata]\nname = darglint\n"}, []),
        ("rng_libs", {"train.py": SPACY}, ["random", "spacy"]),
        ("rng_libs", {"train.py": SPACY.replace("nlp.update", "print")}, []),
        (
            "trackers",
            {"a.py": NETWORK.format("detectron2.utils.events", "TensorboardXWriter", "")},
            ["tensorboard"],
        ),
        ("trackers", {"a.py": NETWORK.format("detectron2.utils.events", "JSONWriter", "")}, []),
        (
            "trackers",
            {"a.py": NETWORK.format("stable_baselines3", "PPO", ", tensorboard_log=out")},
            ["tensorboard"],
        ),
        ("trackers", {"a.py": NETWORK.format("stable_baselines3", "PPO", ", tensorboard_log=None")}, []),
        ("hparams_externalised", {"fit.py": FIT, "p.py": TAKES.format("kfp.dsl", "pipeline", "alpha")}, True),
        (
            "hparams_externalised",
            {"fit.py": FIT, "p.py": TAKES.format("kfp.dsl", "pipeline", "output_path")},
            False,
        ),
        (
            "hparams_externalised",
            {"fit.py": FIT, "p.py": TAKES.format("flytekit", "workflow", "penalty")},
            True,
        ),
        (
            "hparams_externalised",
            {"fit.py": FIT, "p.py": TAKES.format("house", "workflow", "penalty")},
            False,
        ),
        ("hparams_externalised", {"fit.py": FIT, "p.py": TAKES.format("prefect", "flow", "alpha")}, False),
        (
            "hparams_externalised",
            {"fit.py": FIT, "p.py": TAKES.format("prefect", "flow", "alpha") + "run.serve()\n"},
            True,
        ),
        (
            "hparams_externalised",
            {"fit.py": FIT, "p.py": TAKES.format("prefect", "flow", "alpha"), "prefect.yaml": "a: 1\n"},
            True,
        ),
        ("ci", {"deploy/all.yml": SPACED}, ["azure"]),
        ("ci_runs_tests", {"deploy/all.yml": SPACED}, True),
        ("ci", {"deploy/all.yml": SPACED.replace("- stage: Check", "stage: Check")}, []),
        ("deps_pinned", {"setup.py": PACKAGE}, "partial"),
        ("deps_pinned", {"setup.py": PACKAGE.replace("==2.2.2", "")}, "none"),
        (
            "deps_pinned",
            {"setup.py": "from setuptools import setup\nA = A + A\nsetup(install_requires=A)\n"},
            "none",
        ),
        ("deps_pinned", {"requirements.txt": "a==1\n", "serving/requirements.txt": "b\n"}, "partial"),
        ("deps_pinned", {"requirements.txt": "a\n", "serving/requirements.txt": "b==1\n"}, "partial"),
        ("deps_pinned", {"requirements.txt": "a==1\n", "serving/requirements.txt": "b==1\n"}, "exact"),
        ("deps_pinned", {"requirements.txt": "a==1\n", "kit/setup.py": PACKAGE}, "exact"),
        (
            "deps_pinned",
            {"requirements.txt": "a==1\n", "kit/setup.py": PACKAGE, "kit/dev/requirements.txt": "b\n"},
            "exact",
        ),
        ("hparams_externalised", {"fit.py": FIT, "flow.py": PREFECT.format("penalty")}, True),
        ("hparams_externalised", {"fit.py": FIT, "flow.py": PREFECT.format("output_path")}, False),
        ("hparams_externalised", {"fit.py": FIT, "flow.py": SAGEMAKER.format("LearningRate")}, True),
        ("hparams_externalised", {"fit.py": FIT, "flow.py": SAGEMAKER.format("Bucket")}, False),
        (
            "hparams_externalised",
            {"fit.py": FIT, "run.py": DETERMINED, "run.yaml": "hyperparameters:\n  batch_size: 3\n"},
            True,
        ),
        ("hparams_externalised", {"fit.py": FIT, "run.yaml": "hyperparameters:\n  batch_size: 3\n"}, False),
        ("data_split", {"fit.py": FIT, "names.py": TIDES.format("train", "test")}, "yes"),
        ("data_split", {"fit.py": FIT, "names.py": TIDES.format("Train", "Holdout")}, "yes"),
        ("data_split", {"fit.py": FIT, "names.py": TIDES.format("first", "test")}, "no"),
        ("data_split", {"fit.py": FIT, "names.py": "A = '/train'\nB = '/test'\n"}, "no"),
        ("data_split", {"fit.py": FIT, "tests/names.py": TIDES.format("train", "test")}, "no"),
        (
            "data_versioning",
            {"a.py": "from clearml import Dataset\nd = Dataset.create(dataset_name='tides')\n"},
            ["clearml-data"],
        ),
        ("data_versioning", {"run.sh": "clearml-data sync --folder data\n"}, ["clearml-data"]),
        ("data_versioning", {"a.py": "import clearml\nd = Dataset.create('tides')\n"}, []),
    ],
)
def test_facts(fact: str, files: dict[str, str], expected: object) -> None:
    assert value(fact, files) == expected


@pytest.mark.parametrize(
    ("line", "installs"),
    [
        ("`terraform init/plan/apply`", True),
        ("`cdk bootstrap`", True),
        ("`terraform apply`", False),
    ],
)
def test_a_readme_of_infrastructure_says_how_to_set_up(line: str, installs: bool) -> None:
    found = value("readme", {"README.md": f"# Tides\n\nWrite the settings, and call {line}.\n"})
    assert isinstance(found, dict)
    assert found["install"] is installs


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("uvicorn tides.web:app --port 80", True),
        ("Rscript run_tides.R", True),
        ("uvicorn serves the tides", False),
        ("julia is what the tides are written in", False),
    ],
)
def test_a_readme_says_a_command_without_a_fence(line: str, runs: bool) -> None:
    found = value("readme", {"README.md": f"# Tides\n\nThe web page:\n\n{line}\n"})
    assert isinstance(found, dict)
    assert found["usage"] is runs


@pytest.mark.parametrize(
    ("sentence", "reproduces"),
    [
        ("3. Trigger the DAG `tides_daily` on the page of Airflow.", True),
        ("3. Trigger the DAG `waves_daily` on the page of Airflow.", False),
        ("3. The DAG `tides_daily` is on the page of Airflow.", False),
    ],
)
def test_a_readme_tells_to_start_a_pipeline_by_its_name(sentence: str, reproduces: bool) -> None:
    files = {
        "README.md": f"# Tides\n\n{sentence}\n",
        "fit.py": FIT,
        "dags/daily.py": AIRFLOW.format("tides_daily"),
    }
    found = value("readme", files)
    assert isinstance(found, dict)
    assert found["reproduce_results"] is reproduces
