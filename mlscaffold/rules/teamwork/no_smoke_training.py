"""TEAM115: a change that breaks training must show in minutes, not after a night on the cluster."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.smoke import near_training, smoke_training
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_python_files, trains
from mlscaffold.standard import Standard

MESSAGE = "no test and no CI job trains: add one that runs the whole training on a few rows for one step"


@rule("TEAM115", level="collaboration", since="1.0", when=(has_python_files, trains), after=("TEAM101",))
def no_smoke_training(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """A test that only imports the training module may or may not run it."""
    if found := smoke_training(repo):
        yield Satisfied(found.path, by=found.by)
    elif near := near_training(repo):
        yield Unknown(f"imports {near.by}; whether it trains cannot be told", near.path)
    else:
        yield Finding(next((t.path for t in tests(repo)), "tests"), MESSAGE, key="no smoke training")
