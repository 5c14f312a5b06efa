"""REP105: training reads data from elsewhere, and nothing notices when it is other data."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.checks import data_checks, unchecked_reads
from mlscaffold.repo.data.data_files import is_data, tracked
from mlscaffold.repo.data.versioning import data_reads, data_versioning, named_versions
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import simulated
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


def learns_from_data(repo: Repo) -> str | None:
    """Data, not a simulation, and some trace of where it comes from."""
    if data_reads(repo):
        return None
    if acted := simulated(repo):
        return f"{acted.path} learns from a simulation"
    known = data_versioning(repo) or named_versions(repo) or _kept(repo)
    return None if known else "nothing here says where its data comes from"


def _kept(repo: Repo) -> str:
    """The first data that git itself tracks."""
    return next((entry.path for entry in tracked(repo) if is_data(repo, entry)), "")


@rule("REP105", level=1, since="1.0", when=(trains, own_experiments, learns_from_data), after=("VCS111",))
def data_unverified(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """A check satisfies; else what is read from elsewhere fails; else what addresses data by its content."""
    if checks := data_checks(repo):
        yield from (Satisfied(check.path, by=check.name) for check in checks)
    elif reads := unchecked_reads(repo):
        first, *others = reads
        what = "a table" if first.source == "table" else "data from elsewhere"
        yield Finding(
            first.path,
            f"reads {what} and nothing checks what comes: compare a checksum, or "
            "check columns and ranges with a schema",
            first.line,
            also=tuple(Place(other.path, other.line) for other in others),
            key="unverified",
        )
    else:
        yield from _by_content(repo)


def _by_content(repo: Repo) -> Iterator[Satisfied | Unknown]:
    """Git, DVC and the like address data by its hash; a locked library checks what it fetches."""
    kept = _kept(repo)
    named = [*data_versioning(repo), *named_versions(repo)]
    for one in named:
        yield Satisfied(one.path, by=one.name)
    if kept and not named:
        yield Satisfied(kept, by="git itself")
    if not kept and not named:
        yield Unknown("cannot tell whether anything checks the data that this training reads")
