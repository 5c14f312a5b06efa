"""Scripts that a sentence of a page names, and whether they train."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.pages.instructions import TRAIN_WORD
from mlscaffold.repo.pages.named_files import training_notebooks
from mlscaffold.repo.pages.reproduce_commands import single_commands
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.reach import starts_training
from mlscaffold.repo.training.training import training

SCRIPT = regex(r"python[\d.]*w?\s+(?:-[uOW]\s+)*(?:\./)?(?P<path>[\w./-]+\.py)\b")
STEP = regex(r"\b(?:run|execute|launch|start|call)\b[^.\n]{0,40}?`?([\w-]+\.py)\b", re.I)
"""A script that a sentence tells to run, without its whole command."""

OPENED = regex(
    r"\b(?:run|execute|launch|open|start)\b[^.\n`\[]{0,40}?"
    r"(?:`(?P<code>[^`\n]+\.ipynb)`|(?<![\w-])(?P<bare>[\w-]+\.ipynb)\b)",
    re.I,
)
"""A notebook that a sentence tells to run, by its file."""

BOOK = regex(r"\b(?:run|execute|launch)\b[^.\n]{0,60}?\b(?P<said>(?:[\w-]+ ){1,4})notebook\b", re.I)
"""A notebook that is told to run by the words of its name: “run the **tide levels** notebook”."""

PIPELINE = regex(
    r"\b(?:trigger|run|start|execute|launch|materiali[sz]e)\b[^.\n]{0,40}?\b(?:DAG|flow|pipeline|workflow|job)s?\b[^.\n`]{0,20}"
    r"`(?P<name>[\w-]{3,})`",
    re.I,
)
"""A pipeline that a sentence tells to start, by its name."""

ITEM = regex(r"(?:\d+[.)]|[-*+])\s+`?(?P<command>[a-z][\w ./-]{3,60})`?")
"""An item of a list that is a command and nothing else."""

EXAMPLE = regex(r"\(e\.g\.,?\s*`?([\w-]+\.py)\b")
"""The example beside a name that has a hole: “run `[TASK]_fit.py` (e.g. `tides_fit.py`)”."""

SHELL = regex(r"[\w-]+\.(?:sh|bash)\b")
SHELL_LIMIT = 20_000


def told_to_run(repo: Repo, text: str) -> bool:
    """Whether a sentence tells to run a script or notebook of the repository, whatever that does."""
    return any(name.lower() in repo.by_name for name in (*_run(text), *_opened(text)))


def _opened(text: str) -> list[str]:
    """The names of the notebooks that a sentence tells to run."""
    told = (hit["code"] or hit["bare"] for hit in OPENED.finditer(text)) if ".ipynb" in text else ()
    return [path.rpartition("/")[2] for path in told]


def _run(text: str) -> list[str]:
    """The scripts that a sentence tells to run."""
    told: list[str] = STEP.findall(text)
    return told + EXAMPLE.findall(text) if told else told


def told_to_train(repo: Repo, text: str) -> bool:
    """Whether a sentence tells to run a script that trains, or says which shell script does."""
    if any(starts_training(repo, name) for name in _run(text)) or _runs_book(repo, text):
        return True
    if (hit := PIPELINE.search(text)) and _is_pipeline(repo, hit["name"]):
        return True
    item = ITEM.fullmatch(text.strip())
    if item and any(one.written.match(item["command"]) for one in single_commands(repo)):
        return True
    return TRAIN_WORD.search(text) is not None and shell_trains(repo, text)


def _runs_book(repo: Repo, text: str) -> bool:
    """Whether a sentence tells to run a notebook that trains, by its file or by the words of its name."""
    if any(name.lower() in training_notebooks(repo) for name in _opened(text)):
        return True
    told = BOOK.search(regex(r"[*`]").sub("", text)) if "notebook" in text.lower() else None
    words = told["said"].lower().split() if told else []
    names = [regex(r"[a-z]+").findall(name.removesuffix(".ipynb")) for name in training_notebooks(repo)]
    return any(name and words[-len(name) :] == name for name in names)


def _is_pipeline(repo: Repo, name: str) -> bool:
    """Whether a pipeline of this name is defined, in a repository that trains."""
    word = re.escape(name.encode())
    quoted = re.compile(rb"[\"']" + word + rb"[\"']|\bdef " + word + rb"\(")
    places = {found.path for found in definitions(repo, "pipeline")}
    return bool(training(repo)) and any(quoted.search(repo.raw(path) or b"") for path in places)


def shell_trains(repo: Repo, text: str) -> bool:
    """Whether the text names a shell script of the repository that starts a training."""
    for name in SHELL.findall(text):
        for path in repo.by_name.get(name.lower(), ()):
            scripts = SCRIPT.finditer((repo.raw(path) or b"")[:SHELL_LIMIT].decode("utf-8", "replace"))
            if any(starts_training(repo, script["path"].removeprefix("./")) for script in scripts):
                return True
    return False
