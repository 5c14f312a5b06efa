"""Preprocessing that is fitted on rows of which some are held back only afterwards.

Kaufman et al. 2012, "Leakage in data mining", doi:10.1145/2382577.2382579.
"""

from __future__ import annotations

from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Parted, Source, Spot, Written
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.table_files import hands_rows_on
from mlscaffold.repo.python.trees import followed_through
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.elsewhere import scaled_early
from mlscaffold.repo.training.leakage_chains import Followed, chains


class Leak(NamedTuple):
    """A fit on rows that are split afterwards: where it stands, what is fitted, and where the split is.

    `through` is the file by which the rows come to the split, where that is another place.
    """

    spot: Spot
    step: str
    split: Spot
    through: str = ""


def _all_hands(repo: Repo, handed: list[Followed]) -> list[Followed]:
    """The same with the sources that fit nothing themselves, where rows with a fit come to a file at all."""
    if not any(one.fit for _, written, _ in handed for one in written):
        return []
    return [_hands(repo, *one) for one in handed]


def _hands(repo: Repo, source: Source, written: list[Written], parted: list[Parted]) -> Followed:
    if not written and not parted and hands_rows_on(repo.raw(source.path) or b""):
        _, written, parted = followed_through(repo, source, {})
    return source, written, parted


@fact
def leaks(repo: Repo) -> tuple[Leak, ...]:
    """Every fit before the split that tells its rows apart, by path and line."""
    wrappers = {
        name: step for source in code(repo) if not source.notebook for name, step in source.wrappers.items()
    }
    words = [name.encode() for name in wrappers]
    found = [Leak(*early) for early in scaled_early(repo)]
    handed: list[Followed] = []
    for source in code(repo):
        fits, written, parted = source.fits, source.written, source.parted
        if words and any(word in (repo.raw(source.path) or b"") for word in words):
            fits, written, parted = followed_through(repo, source, wrappers)
        found += [Leak(source.spot(fit.line), fit.step, source.spot(fit.split)) for fit in fits]
        handed.append((source, written, parted))
    found += [Leak(*chain) for chain in chains(repo, _all_hands(repo, handed))]
    return tuple(sorted(set(found), key=lambda leak: (leak.spot.path, leak.spot.line or 0)))
