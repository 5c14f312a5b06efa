"""EXP103: runs whose record does not lead back to what made them."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.run_identity import code_version, only_in_notebooks, unrecorded
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import for_results, own_experiments, tracked_here, tracks
from mlscaffold.standard import Standard


@rule("EXP103", level=1, since="1.0", when=(trains, own_experiments, for_results, tracks), after=("EXP101",))
def run_without_origin(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """The commit is the key: it leads to the locked environment, the data's version and the seed in code."""
    if tied := code_version(repo):
        yield Satisfied(tied.spot.path, by=tied.by)
        return
    first = tracked_here(repo)
    if isinstance(first, Unknown):
        yield first
    elif first.slug == "mlflow" and only_in_notebooks(repo):
        if any(source in (repo.raw(first.spot.path) or b"") for source in (b"dbutils", b"databricks")):
            yield Unknown("on Databricks MLflow records the notebook's revision")
            return
        yield Finding(
            first.spot.path,
            "MLflow records the commit of scripts, but not of notebooks: "
            'set it as a tag (mlflow.set_tag("mlflow.source.git.commit", …)), or train in a script',
            *first.spot[1:],
            key="notebooks",
        )
    else:
        yield Finding(
            first.spot.path,
            f"the runs in {first.name} do not record {_listed('the commit of the code', *unrecorded(repo))}: "
            "log the commit with each run (git rev-parse HEAD), or use a tracker that does",
            *first.spot[1:],
            key="commit",
        )


def _listed(*names: str) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
