"""DOC122: nothing says where the data comes from, who answers for it, or how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.data.lineage import Lineage, lineage
from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Satisfied, rule
from mlscaffold.rules.own_experiments import for_results
from mlscaffold.standard import Standard

PATH = "docs/data-dictionary.md"


def has_own_data(repo: Repo) -> str | None:
    """A data set that lies in the repository, or that its pipeline brings in."""
    if not data_sets(repo):
        return "no data set belongs to the repository"
    if kind(repo).name == "library":
        return "it is a library: whoever imports it brings the data"
    return for_results(repo)


@rule("DOC122", level="collaboration", since="1.0", when=has_own_data)
def data_lineage_not_stated(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """Of data that others publish, the origin is enough: its owner and its keeping are theirs."""
    told = lineage(repo)
    missing = list(_missing(told))
    if told.waits:
        path, line = told.waits
        yield Open(path, "write where the data comes from, who answers for it and how long it is kept", line)
    elif not missing:
        whole = "the origin" if told.public else "origin, owner and retention"
        yield Satisfied(told.origin, by=f"{whole} of the data")
    else:
        kept = dictionaries(repo)
        path = kept[0].path if kept else PATH
        message = f"nothing says {_listed(missing)} ({data_sets(repo)[0]}): write it here"
        yield Finding(path, message, fix=None if kept else FromTemplate(path), key="lineage")


def _missing(told: Lineage) -> Iterator[str]:
    if not told.origin:
        yield "where the data comes from"
    if told.origin and told.public:
        return
    if not told.owner:
        yield "who answers for it" if not told.origin else "who answers for the data"
    if not told.retention:
        yield "how long it is kept" if not told.origin or not told.owner else "how long the data is kept"


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
