"""REP102: other seeds cannot be tried without editing the code."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.seed_settings import configured_seed, fixed_seeds, seeds_in_scripts
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import for_results, own_experiments
from mlscaffold.standard import Standard


def seeds(repo: Repo) -> str | None:
    """A script that seeds its random numbers."""
    return (
        None
        if seeds_in_scripts(repo) or elsewhere.seeded_in_scripts(repo)
        else "no script seeds random numbers"
    )


@rule(
    "REP102",
    level=3,
    since="1.0",
    when=(trains_a_model, own_experiments, for_results, seeds),
    after=("REP101",),
)
def seed_fixed_in_code(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One seed that can be set is enough: that of a split may well be fixed."""
    if found := configured_seed(repo) or elsewhere.configured_seed(repo):
        yield Satisfied(found.path, by=f"a seed that can be set (line {found.line})")
    elif fixed := fixed_seeds(repo) or elsewhere.fixed_seeds(repo):
        yield Finding(
            fixed[0].path,
            "fixes the seed in code: take it from the parameters, so that runs with others can be compared",
            *fixed[0][1:],
            also=tuple(Place(*spot) for spot in fixed[1:]),
            key="fixed",
        )
    else:
        yield Unknown("cannot tell where the seed comes from")
