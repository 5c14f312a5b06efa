"""The catalogue: every system that the standard speaks of has a complete entry, and is recognised."""

import re
from pathlib import Path
from typing import Any

import pytest

from mlscaffold import standard
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.memory import MemoryTree

ROOT = Path(standard.__file__).parents[2]
SYSTEMS: dict[str, str] = {
    "forge": "forge-github forge-gitlab forge-bitbucket forge-azure",
    "branch workflow": "feature-branches gitflow github-flow trunk-based",
    "notebooks": "nbstripout jupytext nbdime",
    "data versioning": "dvc git-lfs delta dolt pachyderm lakefs",
    "experiment tracking": "mlflow wandb comet neptune aim sacred tensorboard guild dvclive",
    "pipelines": "dvc-pipeline mlflow-projects snakemake kedro make nox airflow prefect argo kubeflow",
    "environments": "pip-tools uv conda conda-lock poetry pipenv nix pixi",
    "other languages": "renv julia-pkg sbt maven gradle",
    "containers": "docker podman apptainer rkt",
    "orchestration": "kubernetes helm kubeflow-resources compose swarm nomad mesos slurm",
    "infrastructure": "terraform ansible cloudformation arm bicep",
    "workbenches": "vscode devcontainer pycharm jupyterhub rstudio",
    "docs": "mkdocs sphinx",
    "cards and data": "huggingface-card croissant frictionless",
    "knowledge": "confluence notion google-docs forge-wiki",
    "coding standards": "pycodestyle black ruff flake8 pylint pre-commit prek lefthook",
    "serving stores": "mlflow-registry wandb-registry gto",
}
TOOLS = standard.load().tools


@pytest.mark.parametrize("kind", SYSTEMS)
def test_every_system_has_an_entry(kind: str) -> None:
    assert [slug for slug in SYSTEMS[kind].split() if slug not in TOOLS] == []


@pytest.mark.parametrize("slug", " ".join(SYSTEMS.values()).split())
def test_an_entry_is_complete(slug: str) -> None:
    tool = TOOLS[slug]
    assert tool.name
    assert tool.kind
    assert tool.source.startswith("https://")
    assert tool.docs.startswith("https://")
    read_otherwise = {"git-lfs", "make", "tensorboard"}
    signs = (tool.files, tool.settings, tool.calls, tool.imports, tool.packages)
    assert any(signs) or tool.facts.get("proofs") or tool.facts.get("uses") or slug in read_otherwise


def test_what_is_not_maintained_says_since_when_and_what_follows() -> None:
    for slug in " ".join(SYSTEMS.values()).split():
        tool = TOOLS[slug]
        assert tool.maintained.startswith(("yes", "no")), slug
        if tool.maintained.startswith("no"):
            assert tool.successor in TOOLS, slug


def test_a_template_answer_is_one_that_the_template_offers() -> None:
    questions = standard.read_yaml(
        (ROOT / "copier.yml").read_text("utf-8").split("\n---\n")[-1].replace("!include", "#")
    )
    for tool in TOOLS.values():
        name, _, answer = tool.template.partition("=")
        if answer:
            assert answer in _answers(questions[name]), tool.slug
        else:
            assert name in ("", "default"), tool.slug


def _answers(question: dict[str, Any]) -> list[str]:
    choices = question["choices"]
    return list(choices.values() if isinstance(choices, dict) else choices)


def test_every_proof_of_the_catalogue_compiles() -> None:
    for tool in TOOLS.values():
        for proof in tool.facts.get("proofs", ()):
            assert proof.get("names") or proof.get("scripts"), tool.slug
            assert [re.compile(p, re.M) for p in (*proof["holds"], *filter(None, [proof.get("inside")]))]


@pytest.mark.parametrize(
    ("kind", "path", "text", "slugs"),
    [
        ("forge", ".github/CODEOWNERS", "* @a\n", ["github"]),
        ("forge", ".gitlab/merge_request_templates/a.md", "What?\n", ["gitlab"]),
        ("forge", "bitbucket-pipelines.yml", "pipelines:\n  default: []\n", ["bitbucket"]),
        ("forge", "azure-pipelines.yml", "steps:\n- script: make\n", ["azure"]),
        ("forge", "README.md", "on GitHub and GitLab\n", []),
        ("branch-workflow", "CONTRIBUTING.md", "We follow GitHub flow.\n", ["github-flow"]),
        ("branch-workflow", "src/flow.py", "# github flow\n", []),
        ("notebook-hygiene", ".gitattributes", "*.ipynb filter=nbstripout\n", ["nbstripout"]),
        ("notebook-hygiene", ".gitattributes", "# *.ipynb filter=nbstripout\n", []),
        ("notebook-hygiene", ".gitattributes", "*.ipynb diff=jupyternotebook\n", ["nbdime"]),
        ("notebook-hygiene", "pyproject.toml", "[tool.jupytext]\nformats = 'a'\n", ["jupytext"]),
        ("container-runtime", "Containerfile", "FROM a:1\n", ["podman"]),
        ("container-runtime", "run.sh", "sudo rkt run a.aci\n", ["rkt"]),
        ("container-runtime", "run.sh", "# podman run a\nworkrkt run\n", []),
        (
            "operator",
            "a.yaml",
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n",
            ["kubeflow-resources"],
        ),
        ("workbench", ".vscode/settings.json", "{}\n", ["vscode"]),
        ("workbench", "jupyterhub_config.py", "c.JupyterHub.ip = ''\n", ["jupyterhub"]),
        ("workbench", "a.Rproj", "Version: 1.0\n", ["rstudio"]),
        ("workbench", ".idea/misc.xml", "<project version='4'/>\n", ["pycharm"]),
        ("workbench", "settings.json", "{}\n", []),
        ("knowledge", "README.md", "[a](https://x.atlassian.net/wiki/spaces/A)\n", ["confluence"]),
        ("knowledge", "README.md", "[a](https://docs.google.com/document/d/1)\n", ["google-docs"]),
        ("knowledge", "README.md", "[a](https://github.com/o/r/wiki)\n", ["forge-wiki"]),
        ("knowledge", "README.md", "We use Notion and Confluence.\n", []),
        ("card", "README.md", "---\nlibrary_name: x\n---\n# A\n", ["huggingface-card"]),
        (
            "data-description",
            "croissant.json",
            '{"conformsTo": "http://mlcommons.org/croissant/1.0", "recordSet": []}',
            ["croissant"],
        ),
        ("data-description", "datapackage.json", '{"resources": []}', ["frictionless"]),
        ("model-registry", "a.py", "mlflow.register_model('runs:/x', 'm')\n", ["mlflow"]),
        ("model-registry", "dvc.yaml", "artifacts:\n  m:\n    path: m.pkl\n", ["gto"]),
        ("task-runner", "noxfile.py", "import nox\n@nox.session\ndef t(s): ...\n", ["nox"]),
    ],
)
def test_use_is_told_from_a_mention(kind: str, path: str, text: str, slugs: list[str]) -> None:
    found = definitions(Repo(MemoryTree({path: text}), standard.load()), kind)
    assert [one.slug for one in found] == slugs
