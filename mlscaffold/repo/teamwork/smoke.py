"""Small end-to-end runs: what in tests or CI trains a model."""

from __future__ import annotations

import re
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.source import TEST_FOLDER, TEST_NAME, source_at
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.repo.training.training import PREPARES, training
from mlscaffold.repo.vendored import is_own

IN_TEST = regex(
    rb"(?P<of>[\w.\[\]\"'()]{0,60})\.(?:fit|partial_fit|fit_predict)\(|\.(?:backward|train_on_batch)\("
    rb"|fast_dev_run"
    rb"|(?<!def )(?<![\w.])(?:\w+_)?train(?:ing)?(?:_(?:model|and|one|epoch|step|loop|pipeline|network|fn"
    rb"|func|on|with|from"
    rb"|classifier|agent)\w*)?\(|\.train(?:_model\w*|_loop|_epoch)?\((?!\)|True|False|mode)"
    rb"|\w*[tT]rainer(?:\(\))?\.train\("
    rb"|(?<!def )\bfine_?tune\w*\(|\b\w*train\w*\.(?:py|sh)\b|-m[\"', ]+[\w.]*train"
    rb"|\bdvc\b[\"', ]+repro|\brepro\b"
    rb"|kedro[\"', ]+run"
    rb"|run_pipeline\(|\bopt\w*\.step\(|nbmake|ExecutePreprocessor|papermill|\bNotebookClient\("
)
RUNS = regex(rb"\bsubprocess\b|\bos\.system\b|\brunpy\b|\bPopen\b|\brun_module\b|\binvoke\(")
TEST_SCRIPT = regex(r"(?:^|/)[^/]*test[^/]*\.sh$|(?:^|/)tests?/(?:.+/)?[^/]+\.(?:sh|bash|bats)$", re.I)
MOST = 200
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
    """The first test, else the first shell test or CI command, that trains."""
    for path in _test_files(repo):
        if by := _trains(repo, repo.raw(path) or b""):
            return Smoke(path, by)
    for path in repo.named("*.sh", "*.bash", "*.bats"):
        if TEST_SCRIPT.search(path) and is_own(path) and _runs_training(repo, repo.text(path) or ""):
            return Smoke(path, "a shell script")
    for pipeline, _, command in ci_commands(repo):
        if _runs_training(repo, command):
            return Smoke(pipeline.path, " ".join(command.split())[:60])
    return None


def _test_files(repo: Repo) -> list[str]:
    """Tests that assert, then the others: a training that ends without an error is a test as well."""
    asserting = [test.path for test in tests(repo)]
    others = [
        p
        for p in repo.named("*.py")
        if is_own(p) and (TEST_NAME.match(p.rpartition("/")[2]) or TEST_FOLDER.search(p))
    ]
    return list(dict.fromkeys((*asserting, *others)))[:MOST]


def _trains(repo: Repo, raw: bytes) -> str:
    """What of a test's text trains a model; a step that prepares data is fitted without training."""
    for found in islice(IN_TEST.finditer(raw), MOST):
        receiver = (found["of"] or b"").decode("utf-8", "replace").removesuffix("()")
        if not PREPARES.search(receiver.rpartition(".")[2]):
            return found[0].decode("utf-8", "replace").rpartition(".fit")[1] or _shown(found[0])
    if RUNS.search(raw):
        return next((path for path in _trained(repo) if path.encode("utf-8", "replace") in raw), "")
    return ""


def _shown(hit: bytes) -> str:
    return hit.decode("utf-8", "replace").strip("('\", ")


def _runs_training(repo: Repo, command: str) -> bool:
    return IN_CI.search(command) is not None or any(path in command for path in _trained(repo))


@fact
def _trained(repo: Repo) -> tuple[str, ...]:
    """The scripts in folders that train when they are run."""
    paths = (run.source.path for run in training(repo) if run.source.main or not run.source.notebook)
    return tuple(p for p in paths if "/" in p and p.endswith(".py"))


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
