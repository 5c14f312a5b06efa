"""Published facts of environments, CI and tools: traps that real repositories hold."""

import pytest

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

HOOKS = "repos:\n- repo: https://github.com/psf/black\n  rev: 24.1.0\n  hooks:\n  - id: black\n"
CONDA = "name: a\nchannels: [conda-forge]\ndependencies:\n  - python=3.9\n  - numpy=1.26.4\n"
SETUP = "from setuptools import setup\nA, B = 1, 2\nC = 3\nsetup(name='a', python_requires=f'>={C}.9')\n"
GIVEN_AS_TABLE = """from setuptools import setup
config = {"name": "a", "python_requires": ">=3.9", "install_requires": ["numpy==1.26.4"]}
setup(**config)
"""
SELF_BUILT = {
    "Dockerfile": "ARG TAG\nFROM rocker/tidyverse:${TAG}\n",
    "compose.yaml": "services:\n  a:\n    build: .\n    image: rocker/tidyverse:${TAG}\n",
}
CLOUD = "steps:\n- name: python:3.12\n  entrypoint: sh\n  args: [-c, 'make deps && make test']\n"
PROGRAM = "steps:\n- name: python:3.12\n  entrypoint: python\n  args: [-m, pytest, -q]\n"
SHIPPED = """steps:
- name: gcr.io/cloud-builders/docker
  entrypoint: bash
  args:
  - -c
  - |
    TAG=$SHORT_SHA
    docker build -t img .
- name: gcr.io/cloud-builders/docker
  args: [push, img]
- name: gcr.io/google.com/cloudsdktool/cloud-sdk:slim
  entrypoint: gcloud
  args: [run, deploy, tides]
"""
COLUMNS = """About the data:

Column descriptions:

level: height of the water in cm
gauge: number of the station on the river
"""
FEATURES = "DATASET: tides\n\nFEATURES:\n- level: Height of the water\n- gauge: Number of the station\n"
DISK = "PLACE=/mnt/data\nsudo mount /dev/sdc1 $PLACE\n"
SCHEMA = "### Schema (2 features)\n\n- `LEVEL` (int): Height of the water\n- `GAUGE`: Number of the station\n"
BOUND = "services:\n  fit:\n    image: fit:1\n    volumes:\n    - {}\n"
DESCRIBED = """{"properties": {
  "level": {"type": "number", "description": "Height of the water"},
  "gauge": {"type": "string", "description": "Number of the station"}
}}
"""
BELOW_DATA = """# Tides

## Dataset: tides of the bay

#### Overview

**Features**:
- Level: Height of the water
- Gauge: Number of the station
- Wind: Force of the wind
"""
PORTUGUESE = """# Marés

## Variáveis discretas

| Variável | Descrição |
|---|---|
| nivel | Altura |
| onda | Força |
"""
VARIABLES = "# Tides\n\n## Variables\n\n`LEVEL` - Height of the water\n\n`GAUGE` - Number of the station\n"
EXPORTED = "dependencies:\n- x264=1!164.3=h1_2\n- pytorch=2.4.0=py3.11_cuda11.8_0\n- pip:\n  - a==1\n"
ASSERTING = "def test_fit():\n    assert fit()\n"
STEP = "def test_fit():\n    run()\n    common.OutputChecker(data, expected, workdir).check()\n"
LOCKED = '[[Artifacts]]\nuuid = "56f22d72"\n'
JULIA = {"Project.toml": "[deps]\nFlux = 'x'\n", "Manifest.toml": LOCKED}


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


DEPENDENCY = "<dependencies><dependency><artifactId>a</artifactId>{}</dependency></dependencies>"


@pytest.mark.parametrize(
    ("fact", "files", "expected"),
    [
        ("manifests", {"envs/train.yaml": CONDA}, ["envs/train.yaml"]),
        ("manifests", {"conf/a.yaml": "dependencies:\n  - other: x\n"}, []),
        ("manifests", {"chart/Chart.yaml": "name: a\ndependencies:\n  - name: redis\n"}, []),
        ("manifests", {"pyproject.toml": "[tool.black]\nline-length = 100\n"}, []),
        ("manifests", {"build.sbt": "libraryDependencies += a\n"}, ["build.sbt"]),
        ("manifests", {"pom.xml": "<project><dependencies></dependencies></project>"}, ["pom.xml"]),
        ("other_locks", {"Manifest-v1.11.toml": LOCKED}, ["Manifest-v1.11.toml"]),
        ("python_version_declared", {"python_env.yaml": "python: 3.10.4\n"}, True),
        (
            "manifests",
            {"python_env.yaml": "python: '3.10'\ndependencies:\n- -r r.txt\n"},
            ["python_env.yaml"],
        ),
        ("manifests", {"wandb/run-20260101_101010-abcdefgh/files/requirements.txt": "a==1\n"}, []),
        ("manifests", {"mlruns/0/" + 32 * "a" + "/artifacts/model/conda.yaml": CONDA}, []),
        ("manifests", {"artifacts/a/model/MLmodel": "a", "artifacts/a/model/conda.yaml": CONDA}, []),
        ("python_version_declared", {"a/model/MLmodel": "a", "a/model/conda.yaml": CONDA}, False),
        (
            "python_version_declared",
            {"a/model/MLmodel": "a", "a/model/python_env.yaml": "python: 3.9\n"},
            False,
        ),
        ("container_gpu", {"Dockerfile": "FROM ghcr.io/nvidia/driver:a-ubuntu24.04\n"}, True),
        ("container_gpu", {"Dockerfile": "FROM dustynv/jetson-inference:r32.7.1\n"}, True),
        ("lock", {"wandb/run-20260101_101010-abcdefgh/files/requirements-frozen.txt": "a==1\n"}, []),
        ("python_version_declared", {"setup.py": GIVEN_AS_TABLE}, True),
        ("deps_pinned", {"setup.py": GIVEN_AS_TABLE}, "exact"),
        ("deps_pinned", {"renv.lock": "{}", "a.R": "x\n"}, "exact"),
        ("deps_pinned", {**JULIA, "environment.yml": "dependencies:\n- numpy\n- pip\n"}, "partial"),
        ("deps_pinned", {**JULIA, "requirements.txt": "numpy==2.0.0\n"}, "exact"),
        ("deps_pinned", {**JULIA, "docs/requirements.txt": "sphinx\n"}, "partial"),
        ("base_image_pinned", {**SELF_BUILT, ".env": "TAG=4.2.1\n"}, "tag"),
        ("base_image_pinned", SELF_BUILT, "unknown"),
        ("orchestrator", {"seml.yaml": "slurm:\n  sbatch_options:\n    gres: gpu:1\n"}, ["slurm"]),
        ("orchestrator", {"conf/a.yaml": "# hydra/launcher: submitit_slurm\n"}, []),
        (
            "orchestrator",
            {"conf/a.yaml": "defaults:\n- override hydra/launcher: submitit_slurm\n"},
            ["slurm"],
        ),
        (
            "model_card",
            {"02-model-card/document.qmd": "# Tides\n\n" + 30 * "word "},
            ["02-model-card/document.qmd"],
        ),
        ("model_card", {"02-model-card/manifest.json": '{"a": 1}'}, []),
        ("data_dictionary", {"data/gauge_readme.txt": COLUMNS}, ["data/gauge_readme.txt"]),
        ("data_dictionary", {"data/gauge_readme.txt": COLUMNS.replace("Column", "Person")}, []),
        ("data_dictionary", {"docs/dataset_overview.txt": FEATURES}, ["docs/dataset_overview.txt"]),
        ("data_dictionary", {"docs/overview.txt": FEATURES}, []),
        ("data_dictionary", {"docs/DATA.md": SCHEMA}, ["docs/DATA.md"]),
        ("data_dictionary", {"docs/API.md": SCHEMA}, []),
        ("data_dictionary", {"docs/DATA.md": SCHEMA.replace("Schema", "Schema changes")}, []),
        ("orchestrator", {"submit.sh": "#!/bin/bash\nsbatch -J tides \\\n  -p gpu run.sh\n"}, ["slurm"]),
        ("orchestrator", {"submit.sh": "#!/bin/bash\necho sbatch -J tides\n# sbatch run.sh\n"}, []),
        ("deps_pinned", {"environment.yml": EXPORTED}, "exact"),
        ("deps_pinned", {"environment.yml": EXPORTED.replace("x264=1!", "x264!=")}, "partial"),
        ("tests", {".tests/unit/test_fit.py": STEP}, True),
        ("tests", {"a/fit_tests.py": ASSERTING}, False),
        (
            "tests",
            {"a/fit_tests.py": ASSERTING, "ci/run.yaml": "steps:\n- args: [pytest, a/fit_tests.py]\n"},
            True,
        ),
        (
            "tests",
            {"a/fit_tests.py": ASSERTING, "ci/run.yaml": "steps:\n- args: [pytest, b/fit_tests.py]\n"},
            False,
        ),
        (
            "hardcoded_paths",
            {"a.json": '{"base": "/Midgard/home/mary/rows"}\n'},
            {"list": ["a.json:1"], "total": 1},
        ),
        (
            "hardcoded_paths",
            {"a.json": '{"base": "/local_storage/datasets/mary/maps"}\n'},
            {"list": ["a.json:1"], "total": 1},
        ),
        (
            "hardcoded_paths",
            {"a.json": '{"place": "\\\\C:\\\\Users\\\\mary\\\\rows"}\n'},
            {"list": ["a.json:1"], "total": 1},
        ),
        ("hardcoded_paths", {"a.sh": 'PLACE="/home/mary"\n'}, {"list": ["a.sh:1"], "total": 1}),
        (
            "hardcoded_paths",
            {"fit.slrm": "#SBATCH --output=/home/mary/fit.log\n"},
            {"list": ["fit.slrm:1"], "total": 1},
        ),
        ("hardcoded_paths", {"a.sh": 'PLACE="/home/user"\n'}, {"list": [], "total": 0}),
        ("hardcoded_paths", {"a.yaml": "rows: /home/src/rows\n"}, {"list": [], "total": 0}),
        (
            "hardcoded_paths",
            {"compose.yaml": BOUND.format("/media/mary/Big Disk/rows:/opt/rows")},
            {"list": ["compose.yaml:5"], "total": 1},
        ),
        (
            "hardcoded_paths",
            {"compose.yaml": BOUND.format("type: bind\n      source: /home/mary/rows")},
            {"list": ["compose.yaml:6"], "total": 1},
        ),
        *(
            ("hardcoded_paths", {"compose.yaml": BOUND.format(bound)}, {"list": [], "total": 0})
            for bound in (
                "./rows:/home/mary/rows",
                "/var/run/docker.sock:/var/run/docker.sock",
                "rows:/mnt/rows",
                "/home/user/rows:/rows",
                "/home/jovyan/rows",
            )
        ),
        ("hardcoded_paths", {"a.sh": 'open "/home/tides"\n'}, {"list": [], "total": 0}),
        ("hardcoded_paths", {"a.json": '{"page": "/pages/home/mary/rows"}\n'}, {"list": [], "total": 0}),
        (
            "hardcoded_paths",
            {"fit.slrm": "# SBATCH writes to /home/mary/fit.log\n"},
            {"list": [], "total": 0},
        ),
        ("hardcoded_paths", {"a.py": "r = '/local_scratch/mary/maps'\n"}, {"list": ["a.py:1"], "total": 1}),
        (
            "hardcoded_paths",
            {"a.sh": DISK, "a.py": "r = '/mnt/data/maps'\n"},
            {"list": [], "total": 0},
        ),
        (
            "hardcoded_paths",
            {"a.sh": DISK.replace("mount ", "cat "), "a.py": "r = '/mnt/data/maps'\n"},
            {"list": ["a.py:1", "a.sh:1"], "total": 2},
        ),
        ("python_version_declared", {"serverless.yml": "provider:\n  runtime: python3.11\n"}, True),
        ("python_version_declared", {"serverless.yml": "provider:\n  runtime: nodejs20\n"}, False),
        (
            "hardcoded_paths",
            dict.fromkeys(("runs/3/run.json", "AutogluonModels/3/a.json"), '{"a": "/home/mary/rows"}\n'),
            {"list": [], "total": 0},
        ),
        (
            "hardcoded_paths",
            {"runs/a.json": '{"a": "/home/mary/rows"}\n'},
            {"list": ["runs/a.json:1"], "total": 1},
        ),
        ("data_dictionary", {"README.md": VARIABLES}, ["README.md"]),
        ("data_dictionary", {"tides-schema.json": DESCRIBED}, ["tides-schema.json"]),
        ("data_dictionary", {"sample-schema.json": DESCRIBED}, []),
        ("data_dictionary", {"a/schema.json": DESCRIBED.replace('"type"', '"ui:widget"')}, []),
        ("data_dictionary", {"README.md": BELOW_DATA}, ["README.md"]),
        ("data_dictionary", {"README.md": BELOW_DATA.replace("Dataset", "Dataset tool")}, []),
        ("data_dictionary", {"README.md": BELOW_DATA.replace("Dataset", "Service")}, []),
        ("data_dictionary", {"docs/data.md": PORTUGUESE}, ["docs/data.md"]),
        ("data_dictionary", {"docs/data.md": PORTUGUESE.replace("Variáveis", "Serviços")}, []),
        (
            "data_dictionary",
            {"docs/tides_data.txt": COLUMNS.replace("Column", "Variable")},
            ["docs/tides_data.txt"],
        ),
        ("data_dictionary", {"README.md": VARIABLES.replace("## V", "## Environment v")}, []),
        ("orchestrator", {"slurm/fit.slrm": "#!/bin/bash\n#SBATCH --gres=gpu:1\npython t.py\n"}, ["slurm"]),
        ("hardcoded_paths", {"a.jl": 'x = "https://a.org/Iris#/media/Iris.svg"\n'}, {"list": [], "total": 0}),
        ("onboarding_or_sop", {"README.md": "# A\n\n## Local setup\n\n" + 20 * "word "}, []),
        (
            "onboarding_or_sop",
            {"README.md": "# A\n\n## Local development\n\n" + 20 * "word "},
            ["README.md:3"],
        ),
        ("ci_runs_tests", {"cloudbuild.yaml": CLOUD, "Makefile": "test:\n\tpytest\n"}, True),
        ("ci_runs_tests", {"cloudbuild.yaml": PROGRAM}, True),
        (
            "ci_runs_tests",
            {"cloudbuild.yaml": PROGRAM.replace("-m, pytest", "-m, pip, install, pytest")},
            False,
        ),
        (
            "ci_runs_tests",
            {"cloudbuild.yaml": CLOUD.replace("-c", "-e"), "Makefile": "test:\n\tpytest\n"},
            False,
        ),
        (
            "trackers",
            {"conf/a.yaml": "loggers:\n- class: lightning.loggers.TensorBoardLogger\n"},
            ["tensorboard"],
        ),
        (
            "onboarding_or_sop",
            {"README.md": "# A\n\n## Deploying the dev environment\n\n" + 20 * "word "},
            [],
        ),
        ("citation", {".zenodo.json": "{}"}, False),
        ("contributing", {"docs/development.md": "Start the server.\n"}, False),
        ("manifests", {"requirements.txt": ""}, ["requirements.txt"]),
        ("python_version_declared", {"envs/train.yaml": CONDA}, True),
        ("python_version_declared", {"cog.yaml": 'build:\n  python_version: "3.8"\n'}, True),
        ("python_version_declared", {"README.md": "Python 3.8\n"}, False),
        ("python_version_declared", {"pyproject.toml": '[tool.black]\ntarget-version = ["py38"]\n'}, False),
        ("other_locks", {"Manifest.toml": LOCKED}, ["Manifest.toml"]),
        ("other_locks", {"fonts/manifest.toml": "name = 'a'\n"}, []),
        ("deps_pinned", {"Project.toml": "[deps]\nFlux = 'x'\n", "Manifest.toml": LOCKED}, "exact"),
        ("deps_pinned", {"Project.toml": "[deps]\nFlux = 'x'\n"}, "none"),
        ("deps_pinned", {"requirements.txt": "a==1\n", "docs/requirements.txt": "sphinx\n"}, "exact"),
        ("deps_pinned", {"a/requirements.txt": "a==1\n", "b/requirements.txt": "c\n"}, "partial"),
        ("deps_pinned", {"requirements.txt": "a==1\nb>=2\n"}, "partial"),
        ("deps_pinned", {"requirements.txt": "a\nb>=2\n"}, "none"),
        ("deps_pinned", {}, "none"),
        ("deps_pinned", {"build.sbt": 'libraryDependencies += "a" %% "b" % "1.0" % Test\n'}, "exact"),
        ("deps_pinned", {"build.sbt": 'libraryDependencies ++= Seq("a" %% "b").map(_ % spark)\n'}, "exact"),
        (
            "deps_pinned",
            {"build.sbt": 'libraryDependencies ++= Seq("a" %% "b" % "1.0", "a" % "c" % "2.+")\n'},
            "partial",
        ),
        ("deps_pinned", {"pom.xml": DEPENDENCY.format("<version>${dl4j}</version>")}, "exact"),
        ("deps_pinned", {"pom.xml": DEPENDENCY.format("<version>[1.0,2.0)</version>")}, "none"),
        ("deps_pinned", {"pom.xml": DEPENDENCY.format("")}, "none"),
        ("deps_pinned", {"pom.xml": "<parent/><parent></parent>" + DEPENDENCY.format("")}, "exact"),
        ("deps_pinned", {"build.gradle": "dependencies {\n  implementation 'a:b:1.0'\n}\n"}, "exact"),
        ("deps_pinned", {"build.gradle": "dependencies {\n  implementation('a:b')\n}\n"}, "none"),
        (
            "ci",
            {"buildspecs/build.yml": "version: 0.2\nphases:\n  build:\n    commands: [make]\n"},
            ["codebuild"],
        ),
        ("ci", {"buildspec.yml": "name: a\n"}, []),
        ("ci", {"cloudbuild.yaml": "steps:\n- name: x\n"}, ["cloudbuild"]),
        ("ci", {".github/workflows/a.yml": ""}, []),
        ("ci", {"ci/.github/workflows/a.yml": "jobs:\n  a:\n    steps: []\n"}, []),
        ("ci", {".github/workflows/old/a.yml": "jobs:\n  a:\n    steps: []\n"}, []),
        (
            "ci",
            {"tests/ci/unit.yml": "trigger:\n- main\npool:\n  vmImage: a\nsteps:\n- script: make\n"},
            ["azure"],
        ),
        ("ci", {"conf/train.yml": "pool: max\nsteps: 100\n"}, []),
        ("ci", {"build/d.yaml": SHIPPED}, []),
        ("ci", {"cloudbuild.yaml": SHIPPED}, []),
        ("ci", {"build/d.yaml": SHIPPED.replace("build -t img .", "run img pytest")}, ["cloudbuild"]),
        ("ci", {"build/d.yaml": SHIPPED.replace("docker build -t", "ruff check")}, ["cloudbuild"]),
        ("ci", {"seed/.gitlab-ci.yml": "test:\n  script: [make]\n"}, []),
        ("citation", {"CITATIONS.md": "What this uses.\n"}, False),
        ("citation", {"CITATION.cff": "cff-version: 1.2.0\n"}, True),
        ("iac", {"cf/a.yml.j2": "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"}, ["cloudformation"]),
        ("precommit", {".pre-commit-config.yaml": HOOKS}, True),
        ("precommit", {"service/.pre-commit-config.yaml": HOOKS}, True),
        ("precommit", {".pre-commit-config.yml": HOOKS}, False),
        ("precommit", {"third_party/a/.pre-commit-config.yaml": HOOKS}, False),
        ("precommit", {"setup.cfg": "[options.extras_require]\ndev = pre-commit\n"}, False),
        ("container", {"scripts/run.sh": "docker run --rm img python t.py\n"}, ["docker"]),
        ("container", {"job.sbatch": "singularity exec --nv a.sif python t.py\n"}, ["apptainer"]),
        ("container", {"run.sh": 'echo "docker run img"\n# docker run img\n'}, []),
        ("container", {"Dockerfile": ""}, []),
        ("container", {"gpu.docker": "FROM a:1\n"}, ["docker"]),
        ("container", {"stack.yml": "services:\n  a:\n    image: b:1\n"}, ["compose"]),
        ("container", {"stack.yaml": "resolver: lts-20\n"}, []),
        ("container", {"swarm_config.yml": "services:\n  a: 1\n"}, []),
        ("orchestrator", {"slurm.conf": "ClusterName=a\n"}, ["slurm"]),
        ("container", {"README.md": "docker run img\n"}, []),
        ("container", {".github/workflows/a.yml": "jobs:\n  a:\n    container: python:3.11\n"}, []),
        ("codeowners", {".github/CODEOWNERS": "* @a\n"}, True),
        ("codeowners", {"lib/CODEOWNERS": "* @a\n"}, False),
        ("contributing", {"docs/docs/contribute/index.md": "Open an issue first.\n"}, True),
        ("contributing", {"README.md": "# A\n\n## Contributing\n\nOpen an issue.\n"}, False),
        ("changelog", {"changes/12.feature.md": "New.\n"}, True),
        ("changelog", {"ui/changes/.eslintrc.yml": "root: true\n"}, False),
        ("changelog", {"a/1.10/release-notes/index.md": "Of another.\n"}, False),
        ("changelog", {"docs/release-notes/1.0.md": "New.\n"}, True),
        ("container_gpu", {"run.sh": "docker run \\\n  --gpus all \\\n  img python t.py\n"}, True),
        ("orchestrator", {"a.tf": 'resource "helm_release" "m" {\n}\n'}, ["helm"]),
        ("orchestrator", {"pkg/c.py": "class SLURMCluster(Base):\n    pass\n"}, []),
        ("orchestrator", {"run.py": "cluster = SLURMCluster(cores=1)\n"}, ["slurm"]),
        ("model_card", {"docs/how_to/model_cards.md": "# Cards\n\n" + 30 * "word "}, []),
        (
            "lock",
            {"requirements.lock": "a==1\n", "pyproject.toml": "[project]\nname = 'a'\n"},
            ["requirements.lock"],
        ),
        ("lock", {"requirements-freeze.txt": "a==1\nb==2\n"}, ["requirements-freeze.txt"]),
        ("lock", {"requirements-freeze.txt": "a==1\nb>=2\n"}, []),
        ("lock", {"requirements.txt": "a==1\n"}, []),
        ("onboarding_or_sop", {"ansible/playbooks/images.txt": 20 * "word "}, []),
        ("formatter", {"ci/Makefile": "style:\n\tR -e 'usethis::use_tidy_style()'\n"}, ["styler"]),
        ("changelog", {"RELEASE.md": "# Release 0.2\n* a\n\n# Release 0.1\n* b\n"}, True),
        ("changelog", {"RELEASE.md": "# How to make a release\n\n1. Tag it.\n"}, False),
        ("python_version_declared", {"setup.py": SETUP}, True),
        ("python_version_declared", {"setup.py": SETUP.replace("python_requires", "keywords")}, False),
        ("changelog", {"ui/changes/index.js": "x\n"}, False),
        (
            "ci",
            {".taskcluster.yml": "version: 1\ntasks:\n- payload:\n    command: [make]\n"},
            ["taskcluster"],
        ),
        ("deps_pinned", {"Project.toml": "[deps]\nA = 'x'\n", "examples/Manifest.toml": LOCKED}, "none"),
        ("container_gpu", {"Dockerfile": "FROM a:1\nENV NVIDIA_VISIBLE_DEVICES all\n"}, True),
        ("onboarding_or_sop", {"README.md": "# A\n\n## Troubleshooting\n\n" + 20 * "word "}, []),
        ("onboarding_or_sop", {"README.md": "# A\n\n## Development\n\n" + 20 * "word "}, ["README.md:3"]),
        ("onboarding_or_sop", {"docs/getting_started.md": "# Start\n\n" + 20 * "word "}, []),
        ("onboarding_or_sop", {"docs/runbook.md": "# Run book\n\n" + 20 * "word "}, ["docs/runbook.md"]),
        ("license", {"LICENCE.md": "MIT\n"}, True),
        ("citation", {"README.md": "```\n@article{a}\n```\n"}, False),
        ("pr_template", {"pull_request_template.md": "## What\n"}, True),
        ("data_versioning", {"job.yml": "environment: azureml:env:1\nmodel: azureml:m:2\n"}, []),
        ("data_versioning", {"job.yml": "    path: azureml:taxi@latest\n"}, ["azureml-data-asset"]),
        ("data_versioning", {"a.py": "d = Input(path='azureml:taxi:1')\n"}, ["azureml-data-asset"]),
        ("data_versioning", {".gitattributes": "*.bin filter=lfs\n"}, []),
        ("data_versioning", {".gitattributes": "*.bin filter=lfs\n", "a.bin": "x"}, ["git-lfs"]),
        ("data_versioning", {"a.py": "import lakefs\nr = lakefs.Repository('tides')\n"}, ["lakefs"]),
        ("data_versioning", {"a.py": "p = f'lakefs://{repo}/main/a.csv'\n"}, ["lakefs"]),
        ("data_versioning", {"run.sh": "lakectl commit lakefs://tides/main -m a\n"}, ["lakefs"]),
        ("data_versioning", {"requirements.txt": "lakefs\n", "a.py": "import lakefs\n"}, []),
        ("data_versioning", {"requirements.txt": "dvc\n", "README.md": "we use DVC\n"}, []),
    ],
)
def test_a_fact_of_the_environment(fact: str, files: dict[str, str], expected: object) -> None:
    assert value(fact, files) == expected


WORKFLOW = """jobs:
  check:
    steps:
      - uses: super-linter/super-linter@v8
        env:
          VALIDATE_SNAKEMAKE_SNAKEFMT: true
      - uses: snakemake/snakemake-github-action@v2
        with:
          directory: .test
          args: "--configfile a.yaml --lint"
"""


def test_tools_that_an_action_switches_on_are_used() -> None:
    files = {".github/workflows/a.yml": WORKFLOW}
    assert value("linters", files) == ["snakemake-lint"]
    assert value("formatter", files) == ["snakefmt"]
    assert value("linters", {".github/workflows/a.yml": WORKFLOW.replace("--lint", "--cores 1")}) == []


@pytest.mark.parametrize(
    ("action", "linters"),
    [
        ("jane/action-flake8@v1", ["flake8"]),
        ("jane/Flake8-GitHub-Action@v1", ["flake8"]),
        ("jane/setup-flake8@v1", []),
        ("jane/flake8-report@v1", []),
    ],
)
def test_an_action_runs_the_tool_that_it_is_called_for(action: str, linters: list[str]) -> None:
    workflow = f"on: push\njobs:\n  a:\n    steps:\n      - uses: {action}\n"
    assert value("linters", {".github/workflows/a.yml": workflow}) == linters


def test_tox_may_be_set_up_in_setup_cfg() -> None:
    files = {"setup.cfg": "[tox:tox]\nenvlist = py3\n\n[testenv]\ncommands =\n    pytest\n"}
    workflow = {".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - run: tox\n"}
    assert value("ci_runs_tests", files | workflow) is True


RUNNERS = {
    "tox.ini": "[testenv]\ncommands =\n    pytest {posargs}\n",
    "noxfile.py": "import nox\n\n\n@nox.session\ndef tests(session):\n    session.run('pytest')\n",
    "tasks/__init__.py": "from . import checks\n",
    "tasks/checks.py": "from invoke import task\n\n\n@task\ndef unit(c):\n    c.run('uv run pytest')\n",
    "scripts/test.sh": "set -e\npytest\n",
    "Makefile": "check: test\ntest:\n\tpytest\n",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python -m tox", True),
        ("python -m nox", True),
        ("make check", True),
        ("poetry run invoke checks", True),
        ("inv checks.unit", True),
        ("inv docs", False),
        ("./scripts/test.sh", True),
        ("python tests/test_model.py", True),
        ("Rscript -e 'rcmdcheck::rcmdcheck()'", True),
        ("mvn -B verify", True),
        ("./gradlew check", True),
        ("python test.py --checkpoint a.pt", False),
        ("pytest --version", False),
        ("pytest --collect-only", False),
        ("pip install pytest", False),
        ("echo pytest", False),
    ],
)
def test_ci_runs_tests_by_whatever_it_calls(command: str, expected: bool) -> None:
    workflow = f"jobs:\n  a:\n    steps:\n      - run: {command}\n"
    assert value("ci_runs_tests", {**RUNNERS, ".github/workflows/a.yml": workflow}) is expected


def test_a_hook_runs_what_its_script_runs() -> None:
    hooks = "repos:\n- repo: local\n  hooks:\n  - {id: lint, name: lint, entry: scripts/lint.sh}\n"
    files = {".pre-commit-config.yaml": hooks, "scripts/lint.sh": "black .\nflake8\n"}
    assert (value("formatter", files), value("linters", files)) == (["black"], ["flake8"])


def test_what_a_hook_installs_beside_its_tool_counts_where_it_is_a_plugin() -> None:
    hooks = "repos:\n- repo: a\n  hooks:\n  - id: flake8\n    additional_dependencies: [darglint, mypy]\n"
    assert value("linters", {".pre-commit-config.yaml": hooks}) == ["darglint", "flake8"]


def test_an_image_that_a_script_builds_is_no_base() -> None:
    files = {"b/Dockerfile": "FROM me/base\n", "a/Dockerfile": "FROM python:3.11\n"}
    assert value("base_image_pinned", files) == "latest/untagged"
    built = {**files, "a/build.sh": "IMAGE=me/base\ndocker build -t $IMAGE .\n"}
    assert value("base_image_pinned", built) == "tag"
    assert (
        value("base_image_pinned", {"Dockerfile": "FROM tensorflow/tensorflow:latest-gpu\n"})
        == "latest/untagged"
    )
