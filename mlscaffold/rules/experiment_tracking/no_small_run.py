"""EXP112: training that cannot be tried on a few rows without an edit of the source."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.small_runs import any_setting, small_data, smaller
from mlscaffold.repo.training.training import simulated, training
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard


def from_scripts(repo: Repo) -> str | None:
    """Training in scripts: the cells of a notebook are edited where they are run."""
    scripts = any(not run.source.notebook for run in training(repo))
    return (
        None
        if scripts and kind(repo).name != "notebooks"
        else "it trains in notebooks, whose cells are edited"
    )


def much_data(repo: Repo) -> str | None:
    """More data than anybody would want to leave out."""
    if simulated(repo):
        return "it learns in a simulator, for as long as it is told"
    return f"the data is small enough for a quick try ({small})" if (small := small_data(repo)) else None


@rule(
    "EXP112",
    level="collaboration",
    since="1.0",
    when=(trains, own_experiments, for_results, from_scripts, much_data),
    after=("EXP105",),
)
def no_small_run(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Ask for an option, a parameter or a setting that asks for less, or for other data."""
    if less := smaller(repo):
        yield Satisfied(less.spot.path, by=less.by)
        return
    if name := any_setting(repo):
        yield Unknown(f"whatever {name} makes an option of may ask for less data")
        return
    first, *others = [run for run in training(repo) if not run.source.notebook]
    yield Finding(
        first.spot.path,
        f"this training ({first.calls[0].last}) always runs on all of its data: add an option or a parameter "
        "for a quick try (--limit, --max-steps, a share of the rows)",
        *first.spot[1:],
        also=tuple(Place(*other.spot) for other in others),
        key="all",
    )
