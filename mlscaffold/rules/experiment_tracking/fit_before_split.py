"""EXP107: preprocessing that has seen the rows on which the model is judged."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.leakage import Leak, leaks
from mlscaffold.repo.training.splits import held_out
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_anywhere
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


@rule("EXP107", level="validity", since="1.0", when=(trains_anywhere, own_experiments), after=("EXP106",))
def fit_before_split(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One finding for each source, at its first such fit."""
    found: dict[str, list[Leak]] = {}
    for leak in leaks(repo):
        found.setdefault(leak.spot.path, []).append(leak)
    for path, (first, *others) in found.items():
        yield Finding(
            path,
            f"{first.step} is fitted on rows that {_held_back(first)}: "
            "split first, fit on the training rows, and only transform the others (a Pipeline does both)",
            *first.spot[1:],
            also=tuple(dict.fromkeys(Place(*leak.spot) for leak in others if leak.spot != first.spot)),
            key=first.step,
        )
    if missed := unparsed(repo):
        spot, reason, _ = missed[0]
        yield Unknown(f"the part of {spot.path} from line {spot.line} {reason} and may fit before it splits")
    elif not found and (split := held_out(repo) or elsewhere.held_out(repo)):
        yield Satisfied(split.spot.path, by="nothing seen to be fitted before the split")


def _held_back(leak: Leak) -> str:
    """Where, and through which file, the rows come to their split."""
    place = f"line {leak.split.line}"
    if leak.split.path != leak.spot.path:
        place = f"{leak.split.path} line {leak.split.line}"
    return (
        f"{place} reads from {leak.through} and holds back"
        if leak.through
        else f"{place} holds back afterwards"
    )
