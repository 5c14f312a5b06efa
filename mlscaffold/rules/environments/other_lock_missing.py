"""ENV116: what is written in other languages runs with the versions with which it was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.repo.environments.other_environments import Environment, other_environments
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import own
from mlscaffold.rule import Answer, Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

ALONE = "Julia without a project"
COMMANDS = {
    "R": "run renv::init() and commit renv.lock",
    "Julia": "commit the Manifest.toml that Pkg.resolve() writes",
    ALONE: "make it a project (`julia --project=.`, Pkg.add) and commit its Project.toml and Manifest.toml",
    "JavaScript": "commit the lock that npm, yarn or pnpm writes",
    "Rust": "commit Cargo.lock",
    "Go": "commit the go.sum that go mod tidy writes",
    "the JVM": "write numbers instead of ranges, or switch Gradle's dependency locking on",
}


def _other_languages(repo: Repo) -> str | None:
    if other_environments(repo):
        return None
    builds = next(own(repo, "pom.xml", "build.gradle", "build.gradle.kts", "build.sbt"), "")
    if builds:
        return f"{builds} names no range of versions: Maven, Gradle and sbt choose the same each time"
    return "no program in another language than Python needs packages"


@rule("ENV116", level=1, since="1.0", when=_other_languages)
def other_lock_missing(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """One finding for each language, with every manifest that nothing locks."""
    for language, every in groupby(other_environments(repo), key=lambda e: e.language):
        rows = list(every)
        loose = [row for row in rows if not row.lock]
        if loose:
            yield _finding(language, loose)
        else:
            yield Satisfied(rows[0].lock, by=f"packages of {language}")


def _finding(language: str, loose: list[Environment]) -> Finding:
    first, *others = (Place(row.path, row.line) for row in loose)
    alone = language == "Julia" and first.path.endswith(".jl")
    message = f"nothing holds the versions of {language}'s packages: {COMMANDS[ALONE if alone else language]}"
    return Finding(first.path, message, first.line, also=tuple(others), key=language)
