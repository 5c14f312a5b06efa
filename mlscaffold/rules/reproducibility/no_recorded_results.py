"""REP110: who reproduces must know which values to expect."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.results import not_run_yet, pictured, recorded
from mlscaffold.repo.kind import PAPER, kind
from mlscaffold.repo.pages.readme import readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.elsewhere import trained
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import no_demonstration, own_experiments
from mlscaffold.standard import Standard

MESSAGE = (
    "no result is recorded: keep its values in a metrics file or a table of the README, "
    "with the tolerance and the commit, so that a reproduction can be compared"
)


def has_results(repo: Repo) -> str | None:
    """A course has no result of its own, a pipeline has none before its first run."""
    if kind(repo).name == "course":
        return "it is a course: its exercises have no result of their own"
    return "the pipeline has not run yet" if not_run_yet(repo) else None


@rule("REP110", level=3, since="1.0", when=(trains_a_model, own_experiments, no_demonstration, has_results))
def no_recorded_results(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Values count wherever they stand: files, pages, cards, outputs; pictures and papers are not read."""
    if found := recorded(repo):
        yield Satisfied(found.path, by=found.by)
    elif line := pictured(repo):
        yield Unknown(f"line {line} opens a section whose results stand in a picture", readme_path(repo))
    elif PAPER.search(repo.raw(readme_path(repo)) or b""):
        yield Unknown("results may stand in the publication that it points to", readme_path(repo))
    else:
        first = trained(repo)[0].spot.path
        yield Finding(readme_path(repo) or first, MESSAGE, key="unrecorded")
