"""The single commands by which a repository says that its result is made again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.environments.manifests import table
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.commands import targets
from mlscaffold.repo.vendored import depth, vendored

NAMES = regex(
    r"^(?:all|repro\w*|reproduce[\w-]*|replicate[\w-]*|pipeline|run[_-]?(?:all|pipeline|experiments?)"
    r"|experiments?|results?|paper|train(?:[_-]?all)?|figures)$"
)
SCRIPTS = regex(
    r"^(?:reproduce|repro|replicate|run_?all|run_?experiments|run_pipeline|master)\w*\.(?:sh|py|R)$"
)
FILES = {
    "snakefile": ("snakemake", "snakemake"),
    "mlproject": ("mlflow run", "mlflow run"),
    "guild.yml": ("guild run", "guild run"),
    "nextflow.config": ("nextflow run", "nextflow run"),
    "_targets.r": ("targets::tar_make()", "tar_make"),
}


class Single(NamedTuple):
    """One command, how a README may write it, and the file that defines what it does."""

    command: str
    written: re.Pattern[str]
    path: str


@fact
def single_commands(repo: Repo) -> tuple[Single, ...]:
    """The commands that run a whole pipeline, pipeline tools first."""
    return tuple(_single(repo))


def _single(repo: Repo) -> Iterator[Single]:
    for path in repo.named("dvc.yaml"):
        if table(yaml_document(repo, path), "stages"):
            yield Single("dvc repro", regex(r"\bdvc (?:repro|exp run)\b"), path)
    for name, (command, written) in FILES.items():
        for path in repo.named(name):
            if not vendored(path) and repo.files[path].size:
                yield Single(command, regex(rf"\b{written}\b"), path)
    for path in repo.named("pyproject.toml"):
        if "[tool.kedro]" in (repo.text(path) or ""):
            yield Single("kedro run", regex(r"\bkedro run\b"), path)
    yield from _targets(repo)
    for path in sorted(repo.files, key=lambda p: (depth(p), p)):
        name = path.rpartition("/")[2]
        if SCRIPTS.match(name) and not vendored(path):
            runner = {"sh": "bash", "py": "python", "R": "Rscript"}[name.rpartition(".")[2]]
            yield Single(f"{runner} {path}", regex(re.escape(name)), path)


def _targets(repo: Repo) -> Iterator[Single]:
    for target in targets(repo):
        if target.runner not in ("make", "just", "task", "nox", "invoke", "script"):
            continue
        if NAMES.match(target.name) and (target.commands or target.needs) and not vendored(target.path):
            runner = {"invoke": "python tasks.py", "nox": "nox -s", "script": "run"}.get(
                target.runner, target.runner
            )
            written = rf"\b(?:{re.escape(runner)}|inv(?:oke)?)\s+(?:\S+\s+)*?{re.escape(target.name)}\b"
            yield Single(f"{runner} {target.name}", regex(written), target.path)
