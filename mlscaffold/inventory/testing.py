"""Published facts: automated tests."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, flag, inventoried
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork import tested
from mlscaffold.repo.teamwork import tests as readers


@inventoried("tests", "flag")
def tests(repo: Repo) -> Known:
    """Whether a runner collects a test that asserts something."""
    return flag(Evidence(t.path, note=f"{t.runner}, {t.tests}") for t in readers.tests(repo))


@inventoried("tests_cover_data_or_model", "flag")
def tests_cover_data_or_model(repo: Repo) -> Known:
    """Whether a test works on data or on a model."""
    touch = tested.touching(repo)
    return flag([Evidence(touch.path, note=touch.by)] if touch else [])
