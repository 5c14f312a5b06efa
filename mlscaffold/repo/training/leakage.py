"""Preprocessing that is fitted on rows of which some are held back only afterwards.

Kaufman et al. 2012, "Leakage in data mining", doi:10.1145/2382577.2382579.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.elsewhere import scaled_early

if TYPE_CHECKING:
    from mlscaffold.repo.training.leakage_chains import Followed


class Leak(NamedTuple):
    """A fit on rows that are split afterwards: where it stands, what is fitted, and where the split is.

    `through` is the file by which the rows come to the split, where that is another place.
    """

    spot: Spot
    step: str
    split: Spot
    through: str = ""


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
            from mlscaffold.repo.python.trees import followed_through

            fits, written, parted = followed_through(repo, source, wrappers)
        found += [Leak(source.spot(fit.line), fit.step, source.spot(fit.split)) for fit in fits]
        handed.append((source, written, parted))
    if any(one.fit for _, written, _ in handed for one in written):
        from mlscaffold.repo.training.leakage_chains import chains

        found += [Leak(*chain) for chain in chains(repo, handed)]
    return tuple(sorted(set(found), key=lambda leak: (leak.spot.path, leak.spot.line or 0)))
