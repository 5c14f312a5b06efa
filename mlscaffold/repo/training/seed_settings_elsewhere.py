"""Where a seed of R, Julia, Scala or Java can be set without editing code, and where it is a number there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.r_and_julia import DOCUMENTS
from mlscaffold.repo.training.randomness import At

GIVEN = regex(
    r"(?<!\w)(?:params|opts?|args|argv|config|cfg|conf|settings|snakemake@(?:params|wildcards))(?:\$|\.|\[\[?[\"':])\w*seed"
    r"|[\"']--[\w-]{0,30}seed\b|\bopt\s*\[[\w.\[\]]+\]\s*\(\s*(?:'.'\s*,\s*)?[\"'][\w-]{0,30}seed"
    r"|\.\s*get\w*\s*\(\s*[\"'][\w.-]{0,60}seed\b|\b(?:Sys\.getenv|getenv|ENV)\s*[(\[]\s*[\"']\w{0,30}SEED"
    r"|\bseed\s*(?:<-|=|:\s*\w+\s*=)\s*[^\n]{0,40}\b(?:args|ARGS|commandArgs)\b"
    r"|\bset\.seed\s*\(\s*(?:as\.\w+\s*\(\s*)?(?:args|commandArgs)\b",
    re.IGNORECASE,
)
"""An option, a setting, a variable of the environment, or an argument by its place."""

NUMBER = regex(
    r"seed!?\w*\s*[(=]\s*\d|\bRandom\s*\(\s*\d|\brngs?\s*=\s*\d|(?:RNG|Xoshiro|MersenneTwister)\s*\(\s*\d"
    r"|\brandomSplit\b[^\n]*,\s*\d+[lL]?\s*\)|\bshuffle\s*\(\s*\d",
    re.IGNORECASE,
)


def configured_seed(repo: Repo) -> Spot | None:
    """The first place in a script or source where a seed is given from outside."""
    for script in elsewhere.scripts(repo):
        if hit := GIVEN.search(script.told):
            return script.spot(script.told, hit.start())
    return None


@fact
def fixed_seeds(repo: Repo) -> tuple[Spot, ...]:
    """The lines of scripts that seed with a number in the code, by place."""
    lines = {script.path: script.code.split("\n") for script in elsewhere.scripts(repo)}
    found = {at.spot for at in seeding(repo) if NUMBER.search(lines[at.source.path][at.line - 1])}
    return tuple(sorted(found, key=lambda spot: (spot.path, spot.line or 0)))


def seeding(repo: Repo) -> Iterator[At]:
    """What seeds the numbers that training draws, outside notebooks and documents."""
    for drawn in elsewhere.certain_draws(repo):
        for at in drawn.seeds:
            if not at.source.notebook and not at.source.path.lower().endswith(DOCUMENTS):
                yield at
