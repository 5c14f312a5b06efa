"""Published facts: continuous integration."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, flag, inventoried, names
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.ci import pipelines, test_jobs


@inventoried("ci", "names")
def ci(repo: Repo) -> Known:
    """The services with a workflow that has jobs, where the service looks for it."""
    return names((p.service, Evidence(p.path)) for p in pipelines(repo))


@inventoried("ci_runs_tests", "flag")
def ci_runs_tests(repo: Repo) -> Known:
    """Whether a job runs a test suite, followed through make, tox, nox and scripts."""
    return flag(Evidence(p.path, step.line, command[:120]) for p, step, command in test_jobs(repo))
