"""REP101: a random source that training draws from and nothing seeds."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.source import unparsed
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.randomness import Random, drawn
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_anywhere
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

LONGEST = 60
"""Characters of a call that a message names."""

GENERATOR = regex(r"random\.Random|numpy\.random\.(?:default_rng|RandomState)")
"""What draws from a state of its own, which no seed of the library's reaches."""

GRAPH = regex(
    rb"\btf\.(?:compat\.v1\.)?(?:Session|placeholder|contrib|get_variable|global_variables_initializer)\b"
)
"""TensorFlow as it was before its second version, which has no `tf.keras.utils.set_random_seed`."""

NAMES = {
    "julia": "Julia", "tensorflow": "TensorFlow in R", "torch": "torch in R", "spark": "Spark",
    "deeplearning4j": "Deeplearning4j", "java": "Java", "scala": "Scala", "weka": "Weka", "h2o": "H2O",
}  # fmt: skip
"""What languages other than Python, and libraries that they call, are named."""


@rule("REP101", level=1, since="1.0", when=(trains_anywhere, own_experiments))
def unseeded_random_source(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One answer for each library that random numbers are drawn from."""
    others = [r._replace(library=NAMES.get(r.library, r.library)) for r in elsewhere.certain_draws(repo)]
    for source in (*drawn(repo), *others):
        if source.open:
            yield _finding(repo, source)
        elif source.seeds:
            seed = min(source.seeds, key=lambda at: (at.source.path, at.line))
            yield Satisfied(
                seed.source.path, by=f"{source.library} seeded in line {seed.spot.line} ({seed.call})"
            )
    if unread := elsewhere.unread_seeds(repo):
        yield Unknown(f"the seeds of what this training ({unread.call}) uses are not read", unread.spot.path)
    if drawn(repo):
        yield from _missed(repo)


def _finding(repo: Repo, source: Random) -> Finding:
    places = list(dict.fromkeys(at.spot for at in source.open))
    first, call = places[0], _short(source.open[0].call)
    seeded = len(source.draws) > len(source.open)
    what = "is seeded elsewhere but not here" if seeded else "is never seeded"
    return Finding(
        first.path,
        f"{source.library} draws random numbers ({call}) and {what}: "
        f"use {_say(repo, source)} with a seed from the parameters",
        *first[1:],
        also=tuple(Place(*spot) for spot in places[1:]),
        key=source.library,
    )


def _short(call: str) -> str:
    """The call without the modules that it comes from, where its name is long."""
    parts = call.split(".")
    while len(".".join(parts)) > LONGEST and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts)


def _say(repo: Repo, source: Random) -> str:
    """The call that seeds here: of a generator its own, of TensorFlow the one that its version has."""
    calls = {at.call for at in source.open}
    if len(calls) == 1 and GENERATOR.fullmatch(source.open[0].call):
        return f"{source.open[0].call}(seed)"
    raw = repo.raw(source.open[0].source.path) or b""
    if source.library == "tensorflow" and b"set_random_seed" not in raw and GRAPH.search(raw):
        return f"tf.{'compat.v1.' if b'compat.v1' in raw else ''}set_random_seed(seed)"
    return source.say


def _missed(repo: Repo) -> Iterator[Unknown]:
    for spot, reason, old in unparsed(repo):
        why = "is Python 2" if old else reason
        yield Unknown(f"line {spot.line} {why}: random sources there are not known", spot.path)
