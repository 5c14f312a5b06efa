"""TEAM103: every change must run the tests without anybody having to remember it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.lazy import regex
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.ci import ci_commands, pipelines, test_jobs
from mlscaffold.repo.vendored import vendored
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_python_files, has_sources
from mlscaffold.standard import Standard

ELSEWHERE = regex(r"^[\w.-]+/[\w.-]+/\.github/workflows/[^@\s]*test[^@\s]*@", re.I)
WORKFLOW = ".github/workflows/ci.yml"
CI_FILE = regex(r"(^|/)(\.gitlab-ci\.ya?ml|\.travis\.yml|azure-pipelines\.yml)$|^\.github/workflows/")


@rule("TEAM103", level="collaboration", since="1.0", when=has_sources, after=("TEAM101",))
def no_ci_tests(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Commands are followed through make, tox, nox, just and scripts until something runs tests."""
    found = test_jobs(repo)
    for pipeline, _, command in found:
        yield Satisfied(
            pipeline.path, by=f"{_name(standard, pipeline.service)}: {' '.join(command.split())[:60]}"
        )
    if found:
        return
    broken = [path for path in repo.unreadable if CI_FILE.search(path) and not vendored(path)]
    called = [(p, step) for p, step, command in ci_commands(repo) if ELSEWHERE.match(command)]
    if broken:
        yield Unknown("this CI file cannot be read", broken[0])
    elif called:
        yield Unknown(f"runs {called[0][1].text}, which lies outside the repository", called[0][0].path)
    elif files := pipelines(repo):
        first, *others = files
        message = f"{_name(standard, first.service)} runs no tests: add a job that does"
        yield Finding(first.path, message, also=tuple(Place(p.path) for p in others), key="untested")
    else:
        message = "no CI: run the tests on every push and pull request"
        yield Finding(
            WORKFLOW,
            message,
            fix=FromTemplate(WORKFLOW) if _on_github(repo) and not has_python_files(repo) else None,
            key="none",
        )


def _on_github(repo: Repo) -> bool:
    """Whether GitHub keeps the repository, or nothing tells which forge does."""
    forges = {forge.slug for forge in definitions(repo, "forge")}
    return not forges or "github" in forges


def _name(standard: Standard, service: str) -> str:
    tool = standard.tools.get(service)
    return tool.name if tool else service
