"""Definitions of pipelines, clusters, infrastructure and sites: each tool's shape, and the traps."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


JOB = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: train\n"
STACK = "services:\n  api:\n    deploy:\n      replicas: 2\n      update_config: {parallelism: 1}\n"
MAKE = (
    "data/clean.csv: data/raw.csv src/clean.py\n\tpython src/clean.py\n\n"
    "model.pkl: data/clean.csv\n\tpython src/train.py\n"
)


DOWNLOAD = "data/a.csv:\n\tcurl -o $@ x\nmodel.pkl: data/a.csv\n\tpoetry run python t.py\n"
LESSON = (
    "DATS = $(patsubst books/%.txt,%.dat,$(wildcard books/*.txt))\n"
    "%.dat: books/%.txt\n\tpython count.py $< $@\nall.txt: $(DATS)\n\tpython zipf.py $(DATS) > $@\n"
)
MAGE = "blocks:\n- name: fit\n  upstream_blocks:\n  - load\n  uuid: fit\n"
LISTED = "train_pipeline: a b\n\na:\n\tpython -m src.a\n\nb:\n\tpython -m src.b\n"
VENV = "venv/bin/activate: requirements.txt\n\tpython -m venv venv\ntrain: venv/bin/activate\n\tpython t.py\n"
COMPILED = "requirements.txt: requirements.in\n\tpip-compile\ntrain: requirements.txt\n\tpython t.py\n"


@pytest.mark.parametrize(
    ("fact", "slug", "path", "text"),
    [
        ("pipeline", "dvc", "dvc.yaml", "stages:\n  train:\n    cmd: python train.py\n"),
        ("pipeline", "dvc", "train.dvc", "cmd: python train.py\ndeps:\n- path: data\nouts:\n- path: m\n"),
        ("pipeline", "snakemake", "workflow/rules/train.smk", "rule train:\n    output: 'm'\n"),
        (
            "pipeline",
            "mlflow-projects",
            "MLproject",
            "name: x\nentry_points:\n  main:\n    command: python t.py\n",
        ),
        ("pipeline", "kedro", "pyproject.toml", "[tool.kedro]\npackage_name = 'x'\n"),
        ("pipeline", "guild", "guild.yml", "train:\n  main: train\n"),
        ("pipeline", "mage", "a/pipelines/fit/metadata.yaml", MAGE),
        ("pipeline", "make", "Makefile", MAKE),
        ("pipeline", "make", "Makefile", DOWNLOAD),
        ("pipeline", "make", "analysis/Makefile", LESSON),
        ("pipeline", "make", "Makefile", LISTED),
        (
            "pipeline",
            "make",
            "Makefile",
            "D = data\n$(D)/a.csv:\n\tRscript a.R\nfit: $(D)/a.csv\n\tRscript b.R\n",
        ),
        ("pipeline", "prefect", "flow.py", "from prefect import flow\n\n@flow\ndef train():\n    ...\n"),
        (
            "pipeline",
            "metaflow",
            "flow.py",
            "from metaflow import FlowSpec, step\n\nclass A(FlowSpec):\n    pass\n",
        ),
        (
            "pipeline",
            "azureml",
            "p.yml",
            "$schema: https://x/pipelineJob.schema.json\ntype: pipeline\njobs:\n  a: {}\n",
        ),
        ("pipeline", "airflow", "dags/a.py", "from airflow import DAG\nwith DAG('a') as dag:\n    pass\n"),
        (
            "pipeline",
            "kubeflow",
            "p.py",
            "from kfp import dsl\n\n@dsl.pipeline(name='a')\ndef p():\n    ...\n",
        ),
        ("pipeline", "argo", "w.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n"),
        ("pipeline", "nextflow", "main.nf", "process TRAIN {\n}\n"),
        ("pipeline", "luigi", "t.py", "import luigi\n\nclass A(luigi.Task):\n    pass\n"),
        ("pipeline", "zenml", "p.py", "from zenml import pipeline\n\n@pipeline\ndef p():\n    ...\n"),
        (
            "pipeline",
            "stepfunctions",
            "m.asl.json",
            '{\n"StartAt": "A",\n"States": {"A": {"Type": "Task"}}\n}',
        ),
        (
            "pipeline",
            "sagemaker",
            "p.py",
            "from sagemaker.workflow.pipeline import Pipeline\np = Pipeline(name='a')\n",
        ),
        ("pipeline", "targets", "_targets.R", "list(tar_target(data, read()))\n"),
        ("orchestrator", "kubernetes", "k8s/job.yaml", JOB),
        ("orchestrator", "kubernetes", "job.yaml", "# first\n---\n" + JOB),
        ("orchestrator", "helm", "chart/Chart.yaml", "apiVersion: v2\nname: x\nversion: 0.1.0\n"),
        ("orchestrator", "argocd", "app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"),
        ("orchestrator", "flux", "f.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"),
        ("orchestrator", "swarm", "docker-stack.yml", STACK),
        ("orchestrator", "nomad", "train.nomad", 'job "train" {\n  group "g" {\n  }\n}\n'),
        ("orchestrator", "slurm", "jobs/train.sh", "#!/bin/bash\n#SBATCH --gres=gpu:1\npython t.py\n"),
        (
            "orchestrator",
            "slurm",
            "conf/config.yaml",
            "defaults:\n  - override hydra/launcher: submitit_slurm\n",
        ),
        (
            "orchestrator",
            "anyscale/ray",
            "cluster.yaml",
            "cluster_name: a\nmax_workers: 2\nprovider:\n  type: aws\n",
        ),
        ("orchestrator", "determined", "const.yaml", "name: a\nentrypoint: m:T\nsearcher:\n  name: single\n"),
        ("iac", "terraform", "infra/main.tf", 'resource "aws_s3_bucket" "b" {\n}\n'),
        ("iac", "cloudformation", "t.yml", "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"),
        (
            "iac",
            "arm",
            "a.json",
            '{"$schema": "https://schema.management.azure.com/schemas/1/deploymentTemplate.json"}',
        ),
        ("iac", "bicep", "main.bicep", "param location string\n"),
        ("iac", "ansible", "site.yml", "- hosts: all\n  tasks:\n    - debug:\n"),
        ("iac", "serverless", "serverless.yml", "service: a\nprovider:\n  name: aws\n"),
        ("docs_site", "mkdocs", "mkdocs.yml", "site_name: a\n"),
        ("docs_site", "sphinx", "docs/conf.py", "project = 'a'\nextensions = []\n"),
        ("docs_site", "jupyter-book", "book/_toc.yml", "format: jb-book\nroot: intro\n"),
    ],
)
def test_a_definition_is_told_by_its_shape(fact: str, slug: str, path: str, text: str) -> None:
    found = value(fact, {path: text})
    assert isinstance(found, list)
    assert slug in found


@pytest.mark.parametrize(
    ("fact", "path", "text"),
    [
        pytest.param("docs_site", ".github/workflows/pkgdown.yml", "jobs:\n  a: {}\n", id="workflow"),
        pytest.param(
            "pipeline",
            "Makefile",
            "check: build\n\tR CMD check a.tgz\nbuild:\n\tR CMD build .\n",
            id="R-package",
        ),
        pytest.param("pipeline", "Makefile", VENV, id="environment"),
        pytest.param("pipeline", "Makefile", COMPILED, id="requirements"),
        pytest.param(
            "pipeline", "Makefile", LISTED.replace("train_pipeline", "all"), id="a list without a name"
        ),
        pytest.param("pipeline", "Makefile", LISTED.replace(" b\n", "\n"), id="a pipeline of one step"),
        pytest.param("pipeline", "data/raw.csv.dvc", "outs:\n- md5: a\n  path: raw.csv\n", id="data-alone"),
        pytest.param("pipeline", "dvc.yaml", "stages:\nplots:\n- a.csv\n", id="no-stage"),
        pytest.param("pipeline", "Makefile", "train:\n\tpython train.py\ntest:\n\tpytest\n", id="apart"),
        pytest.param(
            "pipeline", "Makefile", "data: reqs\n\tpython d.py\nreqs:\n\tpip install a\n", id="set-up"
        ),
        pytest.param(
            "pipeline", "Makefile", "run: build\n\tdocker run a\nbuild:\n\tdocker build .\n", id="images"
        ),
        pytest.param(
            "pipeline", "Makefile", "test: lint\n\tpython -m pytest\nlint:\n\tpython -m black .\n", id="qa"
        ),
        pytest.param(
            "pipeline", "a.py", "# from prefect import flow\n# @flow\ndef a(): ...\n", id="comments"
        ),
        pytest.param("pipeline", "a.py", "import kfp\nclient = kfp.Client()\n", id="client"),
        pytest.param(
            "pipeline", "a/pipelines/fit/metadata.yaml", MAGE.replace("\n  - load", " []"), id="one step"
        ),
        pytest.param(
            "pipeline", "m.py", "from sklearn.pipeline import Pipeline\np = Pipeline([])\n", id="sklearn"
        ),
        pytest.param("pipeline", "README.md", "rule train:\nuse Snakemake, Airflow and DVC\n", id="prose"),
        pytest.param(
            "pipeline", "tests/dags/a.py", "from airflow import DAG\nwith DAG('a'):\n    pass\n", id="tests"
        ),
        pytest.param(
            "orchestrator", "docker-compose.yml", "services:\n  a:\n    deploy: {replicas: 2}\n", id="compose"
        ),
        pytest.param("orchestrator", "kubeconfig.yaml", "apiVersion: v1\nkind: Config\n", id="kubeconfig"),
        pytest.param(
            "orchestrator", "catalog.yaml", "apiVersion: backstage.io/v1\nkind: Component\n", id="backstage"
        ),
        pytest.param("orchestrator", "ds.yml", "apiVersion: 1\ndatasources:\n  - name: p\n", id="grafana"),
        pytest.param("orchestrator", "a.yaml", "apiVersion: v1\n---\nkind: Job\n", id="two-documents"),
        pytest.param("orchestrator", "docs/cluster.md", "#SBATCH --time=1\n", id="documentation"),
        pytest.param("orchestrator", "a.hcl", 'variable "job" {\n}\n', id="other-hcl"),
        pytest.param("iac", "third_party/x/main.tf", 'resource "a" "b" {\n}\n', id="vendored"),
        pytest.param("iac", "a.json", '{"$schema": "https://x/deploymentParameters.json#"}', id="parameters"),
        pytest.param("iac", "hosts.yml", "hosts: [a, b]\n", id="hosts"),
        pytest.param("docs_site", "conf.py", "PROJECT = 'a'\nLR = 0.1\n", id="other-conf"),
        pytest.param("docs_site", "configs/_config.yml", "lr: 0.1\n", id="other-config"),
    ],
)
def test_what_only_looks_like_a_definition_is_none(fact: str, path: str, text: str) -> None:
    assert value(fact, {path: text}) == []


def test_a_chart_holds_no_manifests_of_its_own() -> None:
    chart = {"chart/Chart.yaml": "name: x\nversion: 1.0.0\n", "chart/templates/job.yaml": JOB}
    assert value("orchestrator", chart) == ["helm"]
    assert value("orchestrator", {**chart, "k8s/job.yaml": JOB}) == ["helm", "kubernetes"]


def test_the_worst_from_line_decides_before_other_images() -> None:
    docker = {"Dockerfile": "ARG V=3.11\nFROM python:${V}-slim AS builder\nFROM builder\nUSER me\n"}
    compose = {"compose.yml": "services:\n  db:\n    image: postgres\n"}
    assert value("base_image_pinned", {**docker, **compose}) == "tag"
    assert value("base_image_pinned", compose) == "latest/untagged"
    assert value("base_image_pinned", {"app/Dockerfile": "FROM scratch\n"}) == "n/a"
    assert value("container_nonroot", docker) is True
    assert value("container_nonroot", compose) == "n/a"


def test_gpus_come_by_image_or_launch_not_by_a_comment() -> None:
    docker = {"Dockerfile": "FROM python:3.11\n"}
    assert value("container_gpu", {"Dockerfile": "FROM nvcr.io/nvidia/pytorch:24.01-py3\n"}) is True
    assert value("container_gpu", {**docker, "run.sh": "docker run \\\n  --gpus all img\n"}) is True
    assert value("container_gpu", {**docker, "run.sh": "# docker run --gpus all img\n"}) is False
    assert value("container_gpu", {**docker, "README.md": "docker run --gpus all img\n"}) is False


def test_no_key_of_the_catalogue_is_written_twice() -> None:
    pages = Path(standard.__file__).parent.glob("tools/*.yml")
    keys = [key for page in pages for key in standard.read_yaml(page.read_text("utf-8"))]
    assert sorted(keys) == sorted(set(keys))


NAMES = (
    "a.yml",
    "Makefile",
    "dvc.yaml",
    "Chart.yaml",
    "a.tf",
    "flow.py",
    "n.ipynb",
    "job.sh",
    "Dockerfile",
    "mkdocs.yml",
    "environment.yml",
    "Manifest.toml",
    "cog.yaml",
    ".pre-commit-config.yaml",
    "MLproject",
    "a.json",
    ".gitattributes",
)
PIECES = st.sampled_from(
    [
        "apiVersion: ",
        "kind: Job",
        "\n",
        "---\n",
        "stages:\n  a:",
        "\t",
        "python a.py",
        ": ",
        "deps",
        "&a *a",
        "{",
        "[",
        "FROM a",
        "FROM ${A:-b}",
        "@flow",
        "from prefect import flow",
        "#SBATCH --a",
        "\x00",
        "\ufeff",
        "services:",
        "dependencies:\n  - pip",
        "docker run --gpus all a",
        "\\\n",
        "$(A)",
        "A = $(A)",
        "%",
        "[[deps.A]]\nuuid = ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join))
)
def test_any_bytes_give_every_fact(files: dict[str, str]) -> None:
    taken = inventory.take(Repo(MemoryTree(files), standard.load()))
    assert {name: known for name, known in taken.items() if inventory.crashed(known)} == {}


@pytest.mark.parametrize("filler", ["\n", " ", "\t\n", "- ", "# \n"])
def test_a_file_without_end_is_read_in_one_go(filler: str) -> None:
    words = (
        "near: apiVersion stages hosts prefect kfp searcher deploy pipeline AWS:: nbstripout dependencies\n"
    )
    text = "stages:\n" + words + filler * 30_000
    files = dict.fromkeys(("dvc.yaml", "a.yml", "flow.py", "artifacts.yaml", "run.sh", "guild.yml"), text)
    taken = inventory.take(Repo(MemoryTree(files), standard.load()))
    assert not any(inventory.crashed(known) for known in taken.values())
