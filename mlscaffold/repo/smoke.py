"""Small end-to-end runs: what in tests or CI trains a model."""

from __future__ import annotations

from typing import NamedTuple

from mlscaffold.lazy import regex
from mlscaffold.repo.ci import ci_commands
from mlscaffold.repo.python_source import source_at
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.tests import tests
from mlscaffold.repo.training import training
from mlscaffold.repo.vendored import is_own

IN_TEST = regex(
    rb"\.(?:fit|partial_fit|fit_predict|backward|train_on_batch)\(|fast_dev_run"
    rb"|(?<!def )\b(?:\w+_)?train\w*\("
    rb"|\bfine_?tune\w*\(|\b\w*train\w*\.(?:py|sh)\b|-m[\"', ]+[\w.]*train"
    rb"|\bdvc\b[\"', ]+repro|\brepro\b"
    rb"|kedro[\"', ]+run"
    rb"|run_pipeline\(|\.step\(|nbmake|ExecutePreprocessor|papermill|\bNotebookClient\("
)
IN_CI = regex(
    r"(?<!-)\btrain\w*\.(?:py|sh)|\b\w+_train\w*\.(?:py|sh)|-m\s+[\w.]*train|fast_dev_run"
    r"|\b(?:make|just|task|poe|invoke|inv)\s+(?:\S+\s+){0,6}\S*"
    r"(?:train|repro|smoke|e2e)|\bdvc\s+(?:exp\s+run|repro)|\bkedro run|\bsnakemake\b(?!.*(?:--lint|-n\b))"
    r"|\bpapermill\b"
    r"|nbconvert.*--execute|--nbmake|--nbval"
    r"|\bmlflow run\b|python\S*\s+(?:\S*/)?(?:main|run|pipeline|run_pipeline)\.py"
    r"|\baz ml job create|\bguild run"
)


class Smoke(NamedTuple):
    """Where a small training runs, and by what."""

    path: str
    by: str


@fact
def smoke_training(repo: Repo) -> Smoke | None:
    """The first test, else the first CI command, that trains."""
    for test in tests(repo):
        if found := IN_TEST.search(repo.raw(test.path) or b""):
            return Smoke(test.path, found[0].decode("utf-8", "replace").strip("('\", "))
    for path in repo.named("*test*.sh"):
        if is_own(path) and IN_CI.search(repo.text(path) or ""):
            return Smoke(path, "a shell script")
    for pipeline, _, command in ci_commands(repo):
        if IN_CI.search(command):
            return Smoke(pipeline.path, " ".join(command.split())[:60])
    return None


@fact
def near_training(repo: Repo) -> Smoke | None:
    """A test that imports a source that trains, whether or not it calls that part."""
    trained = {run.source.path.removesuffix(".py").replace("/", ".") for run in training(repo)}
    for test in tests(repo):
        source = source_at(repo, test.path) if test.path.endswith(".py") else None
        for name in source.imports if source else ():
            module = name.removeprefix("(here).")
            near = (
                f".{t}".endswith((f".{module}", f".{module.rpartition('.')[0] or module}")) for t in trained
            )
            if any(near):
                return Smoke(test.path, module)
    return None
