"""VCS122: a file that the tools of its own format cannot read."""

from collections.abc import Iterator

from mlscaffold.repo.committed.leftovers import conflict, is_template
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.documents import json_document, jsonc_document, toml_document, yaml_documents
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.parse import newer
from mlscaffold.repo.python.source import sources
from mlscaffold.repo.repo import Repo, Unreadable
from mlscaffold.repo.vendored import vendored
from mlscaffold.rule import Finding, Unknown, rule
from mlscaffold.standard import Standard

TOML = ("pyproject.toml", "pipfile", "mlscaffold.toml", "ruff.toml", ".ruff.toml", "pixi.toml")
YAML = (
    "dvc.yaml",
    "dvc.lock",
    "params.yaml",
    "environment.yml",
    "environment.yaml",
    "citation.cff",
    ".pre-commit-config.yaml",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    ".gitlab-ci.yml",
    "mkdocs.yml",
)
JSON = ("package.json",)
COMMENTED = ("devcontainer.json", ".devcontainer.json")


@rule("VCS122", level=1, since="1.0")
def unreadable_file(repo: Repo, _standard: Standard) -> Iterator[Finding | Unknown]:
    """One answer for each file of which a fact noted that its own tools could not read it."""
    _ask_all(repo)
    for _, note in sorted(repo.unreadable.items()):
        if note.reason.startswith("cannot be read"):
            if repo.files[note.path].size >= 0:  # what a partial clone lacks is VCS101's to say
                yield Unknown(note.reason, note.path)
        elif not _meant_so(repo, note):
            yield Finding(note.path, f"{note.reason}: repair it, nothing can use it as it is", line=note.line)


def _ask_all(repo: Repo) -> None:
    """Have every file read whose format other tools rely on, so that each trouble is known."""
    sources(repo)
    notebooks(repo)
    for names, read in ((TOML, toml_document), (YAML, yaml_documents), (JSON, json_document)):
        for path in repo.named(*names):
            read(repo, path)
    for path in repo.named(*COMMENTED):
        jsonc_document(repo, path)
    for path in repo.files:
        if path.startswith(".github/workflows/") and path.endswith((".yml", ".yaml")):
            yaml_documents(repo, path)


def _meant_so(repo: Repo, note: Unreadable) -> bool:
    """Fixtures, templates and newer Python are meant so; conflict markers are VCS118's finding."""
    if note.path.endswith((".py", ".pyi", ".ipynb")) and newer(repo.raw(note.path) or b"", note.line or 0):
        return True
    if SAMPLE.search(note.path) or vendored(note.path) or is_template(repo, note.path):
        return True
    return conflict(repo.raw(note.path) or b"", "") is not None
