"""TEAM102: what goes wrong in machine learning goes wrong in the data and in the model."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.tested import touching
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_sources, trains_a_model
from mlscaffold.standard import Standard

MESSAGE = "no test works on data or a model: add one that checks prepared rows, and one that trains on a few"


@rule("TEAM102", level="collaboration", since="1.0", when=(has_sources, trains_a_model), after=("TEAM101",))
def tests_without_data(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Imports are followed into the repository's own modules."""
    there = tests(repo)
    if found := touching(repo):
        yield Satisfied(found.path, by=found.by)
    elif foreign := next((t for t in there if not t.path.endswith(".py")), None):
        yield Unknown(f"the tests of {foreign.runner} are not read for what they work on", foreign.path)
    elif there:
        yield Finding(there[0].path, MESSAGE, key="untouched")
