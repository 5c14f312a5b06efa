"""REP104: a path that exists on one machine only."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mlscaffold.repo.committed.paths import exported, machine_paths
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.rules.applies import has_code
from mlscaffold.standard import Standard


@rule("REP104", level=2, since="1.0", when=has_code)
def machine_specific_path(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for each file, with all its lines."""
    for path, group in groupby(machine_paths(repo), key=lambda found: found.spot.path):
        first, *others = group
        mend = "make it relative to the repository, or read it from a setting or the environment"
        if exported(repo, first):
            mend = "leave out the line, which conda adds and does not need"
        yield Finding(
            path,
            f"{first.text} exists on one machine only: {mend}",
            *first.spot[1:],
            also=tuple(Place(*other.spot) for other in others),
            key=first.text,
        )
