"""EXP110: results that no commit can be compared by, because they are in no file."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.result_files import results_kept
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.recording import metrics_recorded
from mlscaffold.repo.training.trackers import trackers
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, own_experiments, tracked_here
from mlscaffold.standard import Standard


@rule(
    "EXP110",
    level="collaboration",
    since="1.0",
    when=(trains, own_experiments, for_results),
    after=("EXP101", "EXP102"),
)
def results_not_in_files(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask for metrics or plots in files, or for a tracker that keeps metrics with the commit of their run."""
    if kept := results_kept(repo):
        yield Satisfied(kept.spot.path, by=kept.by)
        return
    found, recorded = trackers(repo), metrics_recorded(repo)
    for tracked in found:
        if recorded and standard.tools[tracked.slug].facts.get("commit"):
            yield Satisfied(tracked.spot.path, by=f"{tracked.name}, which keeps metrics with their commit")
            return
    if not found:
        yield Unknown("nothing records what the runs reach")
        return
    first = tracked_here(repo)
    if isinstance(first, Unknown):
        yield first
        return
    yield Finding(
        first.spot.path,
        f"{first.name}'s records know no commit, and no file holds the results in a form that two commits "
        "can be compared by: write the metrics to metrics.json or a CSV file too",
        *first.spot[1:],
        key="no file",
    )
