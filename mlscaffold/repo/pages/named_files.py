"""Files that a page leads to as steps: notebooks, scripts that name a section, lists of what is needed."""

from __future__ import annotations

import re
from urllib.parse import unquote

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.instructions import HOSTED_NOTEBOOK, LISTED_NEEDS, NUMBERED_NOTEBOOK
from mlscaffold.repo.prose import Prose, clean
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.reach import starts_training
from mlscaffold.repo.training.training import training

FILE_NAME = regex(r"[\w .-]+\.(?:py|ipynb|sh|r|rmd|jl)")
RUN_AGAIN = regex(r"\b(?:re-?)?run(?:ning)?\b|\bexecut(?:e|ed|ing)\b", re.I)


def hosted(repo: Repo, page: Prose) -> int | None:
    """The line of a badge that opens a notebook of the repository where nothing needs to be installed."""
    for found in HOSTED_NOTEBOOK.finditer(page.text):
        name = unquote(found["path"] or "").rpartition("/")[2].lower()
        if not name or name in repo.by_name:
            return page.text.count("\n", 0, found.start()) + 1
    return None


def lists_needs(repo: Repo, page: Prose) -> int | None:
    """The line of a sentence that names a file of the repository which lists what is needed."""
    for line in page.said:
        named = LISTED_NEEDS.search(line.text)
        if named and named["path"].rpartition("/")[2].lower() in repo.by_name:
            return line.line
    return None


def titled(repo: Repo, page: Prose, *, training_only: bool = False) -> int | None:
    """The line of a title that is the name of a script or notebook, above words on running it."""
    for heading in page.headings:
        name = clean(heading.text).lower()
        if not FILE_NAME.fullmatch(name) or name not in repo.by_name:
            continue
        first, last = page.section(heading)
        runs = any(first <= line.line <= last and RUN_AGAIN.search(line.text) for line in page.said)
        if runs and (not training_only or starts_training(repo, name) or name in training_notebooks(repo)):
            return heading.line
    return None


def numbered(repo: Repo, page: Prose) -> int | None:
    """The line of the first link to notebooks that are numbered as the steps of a training."""
    targets = [(line, unquote(target).rpartition("/")[2].lower()) for line, target in page.links()]
    steps = [
        (line, name) for line, name in targets if NUMBERED_NOTEBOOK.fullmatch(name) and name in repo.by_name
    ]
    names = {name for _, name in steps}
    least = 2 if names & training_notebooks(repo) else 3
    return steps[0][0] if training(repo) and len(names) >= least else None


@fact
def training_notebooks(repo: Repo) -> frozenset[str]:
    """The names of the notebooks that train, in lower case."""
    books = (run.source.path for run in training(repo) if run.source.notebook)
    return frozenset(path.rpartition("/")[2].lower() for path in books)
