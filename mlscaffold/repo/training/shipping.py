"""Where models are registered or sent to a hub, and what leads back from them to a commit and a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Call, Spot
from mlscaffold.repo.python.source import code, names_found
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

OF_A_RUN = regex(
    r"^mlflow\.(?:\w+\.)*log_model$|^wandb\.(?:[\w()]+\.)*(?:link_artifact|link_model|log_model)$"
    r"|^comet_ml\.(?:[\w()]+\.)*(?:log_model|register_model)$|^azureml\.core\.(?:[\w()]+\.)*Run(?:\(\)|\.[\w()]+)*\.register_model$"
    r"|^\.(?:\w+\.)*run\.register_model$|^clearml\."
)
"""Registering from within a run: the tracker keeps the run and, in a checkout, its commit."""

REGISTERS = regex(
    r"^mlflow\.(?:[\w()]+\.)*(?:register_model|create_model_version)$"
    r"|^azureml\.core\.(?:\w+\.)*Model\.register$|^bentoml\.(?:\w+\.)*save_model$"
)
HUB = regex(r"^huggingface_hub\.(?:[\w()]+\.)*upload_(?:file|folder)$|(?:^|\.)push_to_hub$")
NOT_A_MODEL = regex(
    r"(?:^|[._])(?:data(?:set|frame)?s?|ds|corpus|tokenizer|processor|rows|dict|table|split)\b", re.I
)
COMMIT = regex(
    rb"rev-parse|\bhexsha\b|GITHUB_SHA|CI_COMMIT_(?:SHA|SHORT_SHA)|BUILD_SOURCEVERSION|BITBUCKET_COMMIT|CIRCLE_SHA1"
    rb"|git_?(?:sha|commit|hash|rev(?:ision)?)\b|commit_(?:sha|hash|id)\b|\bget_git_\w+|github\.sha\b"
)
COMMIT_WORDS = (
    b"rev-parse", b"hexsha", b"GITHUB_SHA", b"CI_COMMIT_", b"BUILD_SOURCEVERSION", b"BITBUCKET_COMMIT",
    b"CIRCLE_SHA1", b"git_", b"gitsha", b"gitcommit", b"githash", b"commit_", b"github.sha",
)  # fmt: skip
READ = (".py", ".ipynb", ".sh", ".yml", ".yaml", "makefile")


class Shipped(NamedTuple):
    """One place that registers or sends a model, and whether that by itself leads back to a run."""

    spot: Spot
    call: str
    of_a_run: bool


@fact
def shipped(repo: Repo) -> tuple[Shipped, ...]:
    """Every such place of the repository's own code, by path and line."""
    named = names_found(repo, OF_A_RUN) | names_found(repo, REGISTERS) | names_found(repo, HUB)
    found = (
        Shipped(source.spot(call.line), call.name.lstrip("."), kind)
        for source in code(repo)
        for call in source.calls
        if call.name in named and (kind := _kind(call)) is not None
    )
    return tuple(sorted(found, key=lambda s: (s.spot.path, s.spot.line or 0)))


def _kind(call: Call) -> bool | None:
    """True for registering out of a run, False for other registering and sending, `None` for neither."""
    if OF_A_RUN.match(call.name):
        named = call.last != "log_model" or call.given("registered_model_name")
        return True if named else None
    if REGISTERS.match(call.name):
        address = call.keywords.get("model_uri", call.keywords.get("source", next(iter(call.args), None)))
        told = any(call.given(key) for key in ("run_id", "tags", "properties", "labels", "metadata"))
        local = isinstance(address, str) and not address.startswith("runs:/")
        return told or (call.name.startswith("mlflow.") and not local)
    if HUB.search(call.name) and not NOT_A_MODEL.search(call.name):
        return False if call.keywords.get("repo_type") not in ("dataset", "space") else None
    return None


@fact
def names_commit(repo: Repo) -> tuple[str, int] | None:
    """The first place where code, or a pipeline around it, takes the commit's hash."""
    return next(_commits(repo), None)


def _commits(repo: Repo) -> Iterator[tuple[str, int]]:
    for path in repo.files:
        if not path.lower().endswith(READ) or not is_own(path):
            continue
        raw = repo.raw(path) or b""
        if any(word in raw for word in COMMIT_WORDS) and (found := COMMIT.search(raw)):
            yield path, raw.count(b"\n", 0, found.start()) + 1
