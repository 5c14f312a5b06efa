"""ENV116: what is written in other languages runs with the versions with which it was written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.repo.environments.other_environments import Environment, other_environments
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

COMMANDS = {
    "R": "run renv::init() and commit renv.lock",
    "Julia": "commit the Manifest.toml that Pkg.resolve() writes",
    "JavaScript": "commit the lock that npm, yarn or pnpm writes",
    "Rust": "commit Cargo.lock",
    "Go": "commit the go.sum that go mod tidy writes",
    "the JVM": "write numbers instead of ranges, or switch Gradle's dependency locking on",
}


def _other_languages(repo: Repo) -> str | None:
    return None if other_environments(repo) else "no program in another language than Python needs packages"


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
    message = f"nothing holds the versions of {language}'s packages: {COMMANDS[language]}"
    return Finding(first.path, message, first.line, also=tuple(others), key=language)
