"""TEAM118: a model in use fails silently; somebody must see it, and know the way back."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.readme import readme
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.serving import deployed, reversible, watched
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.rules.own_experiments import for_results, no_demonstration, own_experiments
from mlscaffold.standard import Standard

WATCH = "what is watched while the model is in use and who is called"
BACK = "how the model before is put back"


def deploys(repo: Repo) -> str | None:
    """Serving code that nothing deploys may be for one's own machine."""
    return None if deployed(repo) else "nothing here deploys a model"


@rule(
    "TEAM118",
    level="collaboration",
    since="1.0",
    when=(deploys, own_experiments, for_results, no_demonstration),
)
def no_monitoring_plan(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """Pages, tools and settings all count as a plan."""
    served = deployed(repo)
    assert served is not None  # noqa: S101 (`when` asked)
    watch, back = watched(repo), reversible(repo)
    missing = [said for spot, said in ((watch, WATCH), (back, BACK)) if spot is None]
    page = readme(repo)
    if watch and back:
        yield Satisfied(watch.path, by=f"monitoring, and the way back in {back.path}:{back.line}")
    elif page and page.elsewhere:
        yield Unknown(
            f"line {page.elsewhere.line} leads out of the repository, which may hold the plan", page.path
        )
    else:
        at = "docs/operations/deployment.md" if watch else "docs/operations/monitoring.md"
        yield Finding(
            served.spot.path,
            f"a model is deployed, and nothing says {' or '.join(missing)}: write it down",
            served.spot.line,
            fix=FromTemplate(at),
            key="plan",
        )
