"""Published facts: random numbers, their seeds, and determinism beyond them."""

from __future__ import annotations

from mlscaffold.inventory import NOT_APPLICABLE, Evidence, Known, inventoried, names
from mlscaffold.repo.determinism import deep_learning, deterministic
from mlscaffold.repo.randomness import At, randomness
from mlscaffold.repo.repo import Repo


def _drawn(at: At, note: str) -> Evidence:
    return Evidence(at.source.path, at.spot.line, note)


@inventoried("rng_libs", "names")
def rng_libs(repo: Repo) -> Known:
    """The libraries that code for training, splitting, augmenting and tuning draws random numbers from."""
    return names((r.library, _drawn(r.draws[0], f"draws: {r.draws[0].call}")) for r in randomness(repo))


@inventoried("seeds", "choice", words=("all", "partial", "none"), may_not_apply=True)
def seeds(repo: Repo) -> Known:
    """Whether a seed fixes all these random numbers, some of them, or none."""
    sources = randomness(repo)
    if not sources:
        return Known(NOT_APPLICABLE)
    proof = tuple(
        [_drawn(r.open[0], f"{r.library} is not seeded: {r.open[0].call}") for r in sources if r.open]
        + [_drawn(r.seeds[0], f"seeds {r.library}: {r.seeds[0].call}") for r in sources if r.seeds]
    )
    if not any(r.open for r in sources):
        return Known("all", proof)
    return Known("partial" if any(r.seeds for r in sources) else "none", proof)


@inventoried("dl_determinism", "flag", may_not_apply=True)
def dl_determinism(repo: Repo) -> Known:
    """Whether deep learning is told to choose deterministic algorithms."""
    if not deep_learning(repo):
        return Known(NOT_APPLICABLE)
    found = tuple(Evidence(d.spot.path, d.spot.line, d.by) for d in deterministic(repo))
    return Known(bool(found), found)
