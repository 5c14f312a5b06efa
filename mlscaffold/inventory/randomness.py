"""Published facts: random numbers, their seeds, and determinism beyond them."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.inventory import NOT_APPLICABLE, UNKNOWN, Evidence, Known, inventoried, names
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.determinism import deep_learning, deterministic
from mlscaffold.repo.training.randomness import At, Random, drawn, falls_back, randomness
from mlscaffold.repo.training.subsampling import boosting_seeded, subsampled


def _drawn(at: At, note: str) -> Evidence:
    return Evidence(at.source.path, at.spot.line, note)


@inventoried("rng_libs", "names")
def rng_libs(repo: Repo) -> Known:
    """The libraries that code for training, splitting, augmenting and tuning draws random numbers from."""
    rows = [found for r in (*randomness(repo), *elsewhere.draws(repo)) for found in _libraries(repo, r)]
    boosted = [(name, Evidence(s.path, s.line, "draws a share of the data")) for name, s in subsampled(repo)]
    return names(rows + boosted)


def _libraries(repo: Repo, found: Random) -> Iterator[tuple[str, Evidence]]:
    """The library, and the one whose global state it falls back on where a draw names no seed."""
    told = [at for at in found.seeds if at.call != "sacred.Experiment"]
    if found.draws or told:
        at = (found.draws or told)[0]
        yield found.library, _drawn(at, f"{'draws' if found.draws else 'seeds'}: {at.call}")
    if found.open and (other := falls_back(repo, found.library)):
        yield other, _drawn(found.open[0], f"draws by {found.open[0].call}")


@inventoried("seeds", "choice", words=("all", "partial", "none"), may_not_apply=True)
def seeds(repo: Repo) -> Known:
    """Whether a seed fixes all these random numbers, some of them, or none."""
    sources = (*drawn(repo), *elsewhere.draws(repo))
    boosted = boosting_seeded(repo)
    given = (Evidence(boosted.path, boosted.line, "seeds boosted trees"),) if boosted else ()
    unread = elsewhere.unread_seeds(repo)
    if unread and not any(r.open for r in sources):
        return Known(UNKNOWN, (Evidence(unread.spot.path, unread.spot.line, "its own seeds are not read"),))
    if not sources:
        return Known("all", given) if given else Known(NOT_APPLICABLE)
    proof = tuple(
        [_drawn(r.open[0], f"{r.library} is not seeded: {r.open[0].call}") for r in sources if r.open]
        + [_drawn(r.seeds[0], f"seeds {r.library}: {r.seeds[0].call}") for r in sources if r.seeds]
    )
    if not any(r.open for r in sources):
        return Known("all", proof)
    return Known("partial" if given or any(r.seeds for r in sources) else "none", (*proof, *given))


@inventoried("dl_determinism", "flag", may_not_apply=True)
def dl_determinism(repo: Repo) -> Known:
    """Whether deep learning is told to choose deterministic algorithms."""
    if not deep_learning(repo):
        return Known(NOT_APPLICABLE)
    found = tuple(Evidence(d.spot.path, d.spot.line, d.by) for d in deterministic(repo))
    return Known(bool(found), found)
