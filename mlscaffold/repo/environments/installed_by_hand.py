"""Packages that a Dockerfile or continuous integration installs by name."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import dockerfiles
from mlscaffold.repo.environments.requirements import requirement
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.shell_words import shell_commands
from mlscaffold.repo.teamwork.ci import ci_commands

INSTALLERS = ("pip", "pip3", "conda", "mamba", "micromamba")
_SKIPPED = """
    -r -c -e -n -p -i -f -t --requirement --constraint --channel --name --prefix --index-url --extra-index-url
    --find-links --target --editable
"""
SKIPPED = frozenset(_SKIPPED.split())
"""Options whose value is no package."""


class Installed(NamedTuple):
    """One package that is installed by name, where, and the line."""

    name: str
    path: str
    line: int | None


@fact
def installed_by_hand(repo: Repo) -> tuple[Installed, ...]:
    """The Python packages that Dockerfiles, then CI, install by name."""
    return tuple(_all(repo))


def _all(repo: Repo) -> Iterator[Installed]:
    for container in dockerfiles(repo):
        for step in (i for stage in container.stages for i in stage.instructions if i.word == "RUN"):
            yield from (Installed(name, container.path, step.line) for name in _names(step.text))
    for pipeline, at, command in ci_commands(repo):
        yield from (Installed(name, pipeline.path, at.line) for name in _names(command))


def _names(text: str) -> Iterator[str]:
    for command in shell_commands(text):
        words = list(command.words)
        at = next((n for n, word in enumerate(words) if word.rpartition("/")[2] in INSTALLERS), -1)
        if at < 0 or "install" not in words[at + 1 : at + 2]:
            continue
        before = ""
        for word in words[at + 2 :]:
            if before not in SKIPPED and not word.startswith(("-", ".", "/", "$", "git+", "http")):
                read = requirement(word)
                if read and not word.endswith((".txt", ".whl", ".gz")):
                    yield read.name
            before = word
