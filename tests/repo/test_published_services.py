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


@pytest.mark.parametrize(
    ("fact", "files", "expected"),
    [
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
