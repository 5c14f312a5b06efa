"""Each file that can be added to a repository: what it is for, what it brings, and when it is withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.line_ends import windows_texts
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.environments.containers import containers
from mlscaffold.repo.pages.branches import protections
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.community import (
    changelogs,
    citations,
    code_owners,
    contributing_guides,
    issue_templates,
    licences,
    pull_request_templates,
    security_policies,
)
from mlscaffold.repo.pages.decisions import decision_logs
from mlscaffold.repo.pages.guides import architecture_pages, onboarding_guides, operating_guides
from mlscaffold.repo.pages.readme import readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.ci import pipelines
from mlscaffold.repo.teamwork.hooks import hook_configs
from mlscaffold.upkeep.adding.found import Found
from mlscaffold.upkeep.answers import Answers

Hindrance = Callable[[Repo, Found, Answers], str]
"""Why a file is not offered, as a sentence without a full stop; empty where nothing stands against it."""


class Practice(NamedTuple):
    """One file: why somebody wants it, what stands against it, and the files that it cannot do without."""

    why: str
    hindrances: tuple[Hindrance, ...] = ()
    brings: tuple[str, ...] = ()


def on_github(_repo: Repo, found: Found, _answers: Answers) -> str:
    """Only GitHub reads the file."""
    if " and " in found.forge:
        return f"it is set up for {found.forge}, and no remote says which reads it"
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


def _would_turn_texts(repo: Repo, _found: Found, _answers: Answers) -> str:
    texts = windows_texts(repo)
    return (
        f"git holds texts such as {texts[0]} with the line ends of Windows, and would show them as changed: "
        "write the file by hand, with `git add --renormalize .` in the same commit"
        if texts
        else ""
    )


def _no_licence_chosen(_repo: Repo, _found: Found, answers: Answers) -> str:
    if not answers.get("license"):
        return "only the owner chooses a licence: mlscaffold adopt --data license=…"
    holder = answers.get("author")
    return "" if holder else "nothing tells who holds the copyright: mlscaffold adopt --data author=…"


def _no_image(_repo: Repo, found: Found, _answers: Answers) -> str:
    manager = found.environment.manager
    if manager not in ("pip", "uv", "poetry", "conda"):
        return f"{manager} keeps the environment, for which there is no image here"
    if not found.image_from:
        return "nothing holds the versions that an image would install: lock them first (ENV102)"
    return "" if found.environment.python else "its files ask for versions of Python that no release fits"


def _is_protected(repo: Repo, _found: Found, _answers: Answers) -> str:
    said = protections(repo)
    return f"{said.path} keeps the protections already" if said else ""


def _has_agents_page(repo: Repo, _found: Found, _answers: Answers) -> str:
    there = next(repo.named(*AGENTS), "")
    return f"{there} tells coding agents already" if there else ""


def _has_workbench(repo: Repo, _found: Found, _answers: Answers) -> str:
    known = [c.path for c in containers(repo) if c.kind == "devcontainer"]
    return f"{known[0]} is the development container already" if known else ""


def _no_development_image(_repo: Repo, found: Found, _answers: Answers) -> str:
    if found.dockerfile:
        return ""
    manager = found.environment.manager
    if manager not in ("pip", "uv", "poetry", "pipenv", "pdm"):
        return f"{manager} keeps the environment: add a Dockerfile first"
    return "" if found.environment.python else "its files ask for versions of Python that no release fits"


AGENTS = ("agents.md", "claude.md", "gemini.md", ".cursorrules", "copilot-instructions.md", ".windsurfrules")
"""What coding agents of several makers read."""

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
    ".gitattributes": Practice(
        "every checkout has the same bytes, whatever the system", (_would_turn_texts,)
    ),
    "LICENSE": Practice(
        "others may use the work, under terms that its owner chose",
        (kept("the licence", licences), _no_licence_chosen),
    ),
    "README.md": Practice("a stranger sees what this is, and how to install and run it", (_has_readme,)),
    "CONTRIBUTING.md": Practice(
        "whoever changes something knows the way from a branch to a merge",
        (kept("the guide for contributors", contributing_guides),),
    ),
    "CHANGELOG.md": Practice("users see what each version changes", (kept("the changelog", changelogs),)),
    "SECURITY.md": Practice(
        "weaknesses are reported in private", (kept("the security policy", security_policies),)
    ),
    "CITATION.cff": Practice(
        "others cite the work alike, and tools can read how", (kept("the citation file", citations),)
    ),
    "AGENTS.md": Practice("coding agents use the commands and keep the rules", (_has_agents_page,)),
    ".github/CODEOWNERS": Practice(
        "each change is reviewed by somebody who knows the place",
        (on_github, kept("the owners' file", code_owners)),
    ),
    ".github/PULL_REQUEST_TEMPLATE.md": Practice(
        "a proposed change says what a reviewer must know",
        (on_github, kept("the template", pull_request_templates)),
    ),
    ".github/ISSUE_TEMPLATE/bug.yml": Practice(
        "a report says what is needed to act on it", (on_github, kept("the template", issue_templates))
    ),
    ".github/rulesets/main.json": Practice(
        "what protects the main branch is kept as code, for GitHub to import", (on_github, _is_protected)
    ),
    "docs/model-card.md": Practice(
        "users know what the model is for, what it learned from and how good it is",
        (kept("the model card", model_cards),),
    ),
    "docs/data-dictionary.md": Practice(
        "everybody knows what the columns mean and where the data comes from",
        (kept("the data dictionary", dictionaries),),
    ),
    "docs/architecture.md": Practice(
        "the parts and the way of the data can be seen without reading all code",
        (kept("the page on the architecture", architecture_pages),),
    ),
    "docs/decisions/index.md": Practice(
        "what would be costly to undo is recorded with its reasons",
        (kept("the record of decisions", decision_logs),),
        ("docs/decisions/0001-record-decisions.md",),
    ),
    "docs/onboarding.md": Practice(
        "a newcomer finds the way to a first change", (kept("the guide for newcomers", onboarding_guides),)
    ),
    "docs/operations/index.md": Practice(
        "people who did not write the code can run and repair it",
        (kept("the operating guide", operating_guides),),
    ),
    "docs/operations/deployment.md": Practice("a model goes into use, and out of it again, by known steps"),
    "docs/operations/monitoring.md": Practice(
        "a model that fails silently is noticed", (), ("docs/operations/deployment.md",)
    ),
    "docs/roles.md": Practice("everybody knows who decides and who acts"),
    "Dockerfile": Practice(
        "the system that the code runs on is written down",
        (kept("the container definition", containers), _no_image),
        (".dockerignore",),
    ),
    ".devcontainer/devcontainer.json": Practice(
        "everybody develops in the same container", (_has_workbench, _no_development_image)
    ),
}
"""By path. A text of the same path under `_parts/adopt` of the template says what the file holds."""
