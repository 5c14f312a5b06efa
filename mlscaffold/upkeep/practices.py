"""Each file that can be added to a repository: what it is for, what it brings, and when it is withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from mlscaffold.repo.ci import pipelines
from mlscaffold.repo.community import (
    licences,
)
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.hooks import hook_configs
from mlscaffold.repo.readme import readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.answers import Answers
from mlscaffold.upkeep.found import Found

Hindrance = Callable[[Repo, Found, Answers], str]
"""Why a file is not offered, as a sentence without a full stop; empty where nothing stands against it."""


class Practice(NamedTuple):
    """One file: why somebody wants it, what stands against it, and the files that it cannot do without."""

    why: str
    hindrances: tuple[Hindrance, ...] = ()
    brings: tuple[str, ...] = ()


def on_github(_repo: Repo, found: Found, _answers: Answers) -> str:
    """Only GitHub reads the file."""
    return (
        "" if found.forge in ("", "GitHub") else f"the repository is on {found.forge}, which does not read it"
    )


def kept(said: str, fact: Callable[[Repo], Iterable[Any]]) -> Hindrance:
    """Some other file meets the practice already."""

    def hinders(repo: Repo, _found: Found, _answers: Answers) -> str:
        first = next(iter(fact(repo)), None)
        return f"{first.path} is {said} already" if first else ""

    return hinders


def _has_readme(repo: Repo, _found: Found, _answers: Answers) -> str:
    return f"{readme_path(repo)} is the README already" if readme_path(repo) else ""


def _has_ci(repo: Repo, _found: Found, _answers: Answers) -> str:
    files = pipelines(repo)
    return f"{files[0].path} is the CI already: add the tests there" if files else ""


def _nothing_to_test(_repo: Repo, found: Found, _answers: Answers) -> str:
    return "" if found.jobs else found.no_job


def _has_bot(repo: Repo, _found: Found, _answers: Answers) -> str:
    bots = definitions(repo, "update-bot")
    return f"{bots[0].tool} renews the dependencies already ({bots[0].path})" if bots else ""


def _nothing_to_renew(_repo: Repo, found: Found, _answers: Answers) -> str:
    return "" if found.ecosystems else "nothing here is of a kind that Dependabot renews"


def _no_licence_chosen(_repo: Repo, _found: Found, answers: Answers) -> str:
    if not answers.get("license"):
        return "only the owner chooses a licence: give --data license=…"
    return "" if answers.get("author") else "nothing tells who holds the copyright: give --data author=…"


def _no_image(_repo: Repo, found: Found, _answers: Answers) -> str:
    manager, lock = found.environment.manager, found.image_from
    if manager not in ("pip", "uv", "poetry", "conda"):
        return f"{manager} keeps the environment, for which there is no image here"
    if not lock:
        return "nothing holds the versions that an image would install: lock them first (ENV102)"
    return "" if found.environment.python else "its files ask for versions of Python that no release fits"


PRACTICES: dict[str, Practice] = {
    ".github/workflows/ci.yml": Practice(
        "every change runs the tests without anybody having to remember it",
        (on_github, _has_ci, _nothing_to_test),
    ),
    ".pre-commit-config.yaml": Practice(
        "large files, conflict markers and private keys are stopped before they are committed",
        (kept("what runs hooks", hook_configs),),
    ),
    ".github/dependabot.yml": Practice(
        "newer versions of the dependencies are proposed, so that nobody has to look for them",
        (on_github, _has_bot, _nothing_to_renew),
    ),
    ".editorconfig": Practice("every editor writes the same indentation, encoding and line ends"),
    ".gitattributes": Practice("every checkout has the same bytes, whatever the system"),
    "LICENSE": Practice(
        "others may use the work, under terms that its owner chose",
        (kept("the licence", licences), _no_licence_chosen),
    ),
}
"""By path. A text of the same path under `_parts/adopt` of the template says what the file holds."""
