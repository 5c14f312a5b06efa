"""TEAM101: something must fail when the code breaks."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.repo.training.elsewhere import trained
from mlscaffold.rule import Finding, Satisfied, rule
from mlscaffold.rules.applies import has_sources
from mlscaffold.standard import Standard


@rule("TEAM101", level="collaboration", since="1.0", when=has_sources)
def no_tests(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """A test is a function with an assertion that a runner collects."""
    if found := tests(repo):
        count, files = sum(t.tests for t in found), len(found)
        yield Satisfied(found[0].path, by=f"{found[0].runner} ({count} in {files} file{'s' * (files > 1)})")
    else:
        start = "trains on a few rows" if trained(repo) else "runs what matters most on a small input"
        yield Finding("tests", f"no test asserts anything: start with one that {start}", key="none")
