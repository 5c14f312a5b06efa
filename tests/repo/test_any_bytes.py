"""Whatever bytes a file of any name holds, and whatever the name: every rule answers, none crashes."""

import contextlib
import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import inventory, rules, standard
from mlscaffold.audit import audit
from mlscaffold.config import Config, read_config
from mlscaffold.errors import Stop
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree
from mlscaffold.report import json, text
from mlscaffold.report.terminal import Terminal

NAMES = """
    train.py setup.py setup.cfg tests/test_a.py conf/config.yaml params.yaml README.md docs/a.md
    data/README.md data/a.csv requirements.txt requirements-dev.in environment.yml pyproject.toml
    poetry.lock uv.lock Pipfile Pipfile.lock conda-lock.yml pixi.toml Dockerfile compose.yaml
    .devcontainer/devcontainer.json a.def Makefile tox.ini noxfile.py .github/workflows/ci.yml
    .gitlab-ci.yml .circleci/config.yml Jenkinsfile .gitignore .gitattributes
    .pre-commit-config.yaml dvc.yaml dvc.lock data.dvc .dvc/config MLproject guild.yml Snakefile
    nextflow.config kedro.yml a.ipynb metrics.json package.json renv.lock DESCRIPTION Project.toml
    Manifest.toml a.R a.jl a.sh main.tf job.yaml LICENSE CITATION.cff CHANGELOG.md CONTRIBUTING.md
    CODEOWNERS SECURITY.md model_card.md .env mlscaffold.toml .github/dependabot.yml renovate.json
    flake.nix .python-version .tool-versions run.sbatch prepare.py split.py a.Rmd a.qmd A.java a.scala
    pom.xml build.sbt build.gradle a.smk main.nf main.bicep k8s/a.yaml Chart.yaml .travis.yml
    azure-pipelines.yml cloudbuild.yaml bitbucket-pipelines.yml pixi.lock pdm.lock pylock.toml
    package-lock.json dbt_project.yml datapackage.json cookiecutter.json .copier-answers.yml prek.toml
    mkdocs.yml ruff.toml settings.ini azureml.yml serverless.yml config.hcl a.tf.json croissant.json
"""
WORDS = r"""
    import torch|from sklearn.svm import SVC|def f(|class A:|x = |.fit(|loss.backward()|seed|=|==1.0
    >=|~=|@ git+https://a/b|{|}|[|]|(|)|"|'|'''|\|%|%%|!|#|: |- |&a|*a|<<: |!!python/object:|---
    on: push|jobs:|uses: a/b@v1|run: |stages:|cmd: |deps:|outs:|"cells": |"source": |x
    "cell_type": "code"|"outputs": [|null|true|1e999|-1|0x|NaN|FROM |RUN |COPY |AS |ARG |ENV |${A:-
    $(|`|```python|<!--|-->|[a](b)|# Title|## |---|license: |name: |[project]|dependencies = [
    [tool.|version = "1"|/home/jane/x|password = "a1B2c3D4e5F6g7H8"|\x00|\ud800|é||%run |x
    !pip install |-r |--hash=sha256:|-e .|.csv|.pt|*|**/|!/|https://|train_test_split(|.fit_transform(
    .to_csv("a.csv")|pd.read_csv("a.csv")|library(caret)|<- |set.seed(|train(y ~ ., data = |using Flux
    Random.seed!(|Flux.train!(|import org.apache.spark.ml._|object A extends App {|val x = |new Random(
    public class A { public static void main(String[] args) {|;|//|/*|*/|<dependency>|</|rule a:|input:
    lambda |f"{x}"|r"|@|&&|>>|<<EOF|$1|%>%|::|->|:=|==|...
""".strip()
PIECES = st.sampled_from(
    [word for word in WORDS.replace("\n    ", "|").split("|") if word] + ["\u202e", "\x1b[2J"]
)
LINES = st.lists(PIECES, max_size=5).map("".join)
CONTENT = st.one_of(
    st.binary(max_size=80),
    st.lists(LINES, max_size=12).map(lambda rows: "\n".join(rows).encode("utf-8", "surrogatepass")),
    st.lists(LINES, max_size=6).map(lambda rows: "\r\n\t".join(rows).encode("utf-16", "surrogatepass")),
)
FILES = st.dictionaries(st.sampled_from(NAMES.split()), CONTENT, min_size=1, max_size=6)
PATHS = st.text(st.characters(blacklist_characters="\0"), min_size=1, max_size=30).filter(
    lambda path: path.strip("/") == path and "//" not in path
)
EVERYTHING = "import torch\nloss.backward()\n"


def crashed(files: dict[str, bytes]) -> list[str]:
    tree = MemoryTree({"src/model.py": EVERYTHING.encode()} | files)
    report = audit(
        Repo(tree, standard.load()), Config(), rules.load(), tool="1", today=datetime.date(2026, 1, 1)
    )
    json.render(report)
    assert "\x1b" not in text.render(report, Terminal(), everything=True)
    facts = inventory.take(Repo(tree, standard.load()))
    return [f"{r.rule.code}: {r.reason}" for r in report.crashed] + [
        name for name, known in facts.items() if inventory.crashed(known)
    ]


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_any_bytes_of_any_file_are_answered(files: dict[str, bytes]) -> None:
    assert crashed(files) == []


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(PATHS, CONTENT, max_size=5))
def test_any_path_is_answered_and_never_printed_raw(files: dict[str, bytes]) -> None:
    assert crashed(files) == []


@settings(max_examples=60, deadline=None)
@given(CONTENT)
@pytest.mark.parametrize("name", ["mlscaffold.toml", "pyproject.toml"])
def test_any_configuration_is_read_or_refused(name: str, content: bytes) -> None:
    with contextlib.suppress(Stop):
        read_config(MemoryTree({name: content}), standard.load(), rules.load())
