"""Random numbers that training in R and Julia draws for certain, and whether a seed reaches them."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.r_and_julia import Language, Script, scripts
from mlscaffold.repo.training.r_and_julia_runs import DEEP, SEEDS, draws_elsewhere, loading, runs, sourced
from mlscaffold.repo.training.randomness import At, Random

LINEAR = ("lm", "glm", "gam")
DIVIDES = regex(r"split|Partition|Folds|Resample|sample|_cv$|trainControl|bootstraps|rsmp")
"""Draws that decide which rows a regression is fitted on; others in its script make up rows or noise."""

DEFINES: dict[Language, str] = {
    "R": r"[\w.`]+\s*(?:<-|=)\s*(?:\\\(|function\b|list\(|c\(|R6Class|setRefClass|\"\"|[\d-])"
    r"|[})\],{]|function\b|else\b"
    r"|(?:library|require|requireNamespace|suppress\w+|source|options|setClass|setMethod|setGeneric|box::use"
    r"|pacman::p_load)\s*\(",
    "julia": r"(?:function|macro|struct|mutable|abstract|primitive|module|baremodule|end|using|import)\b"
    r"|(?:export|const)\b|include\(|@\w|[)\]},]|\"\""
    r"|[\w.!]+(?:\{[^{}\n]*\})?\([^\n]*\)(?:::[\w.{}]+)?(?:\s*where\b[^=\n]*)?\s*=(?!=)",
}
DOES = {language: regex(rf"^(?!{starts})[^\s#]", re.MULTILINE) for language, starts in DEFINES.items()}
"""A line at the margin that does something: a script without one is there for others to load."""


@fact
def certain_draws(repo: Repo) -> tuple[Random, ...]:
    """The draws of scripts that train and of what they load, by language or library.

    Of what is loaded by the same script as they, those that divide rows count.
    What only defines functions is seeded by whoever calls it, so any seed of its language serves there.
    """
    known = {script.path: script for script in scripts(repo)}
    loaded = {path for run in runs(repo) for path in sourced(repo, run.script)}
    linear = {run.script.path for run in runs(repo) if run.call in LINEAR}
    concerned = {run.script.path for run in runs(repo)} | loaded
    callers = {path for run in runs(repo) for path in loading(repo).get(run.script.path, ())}
    beside = callers | {path for caller in callers for path in sourced(repo, known[caller])}

    def counts(at: At) -> bool:
        path = at.source.path
        if path in concerned and path not in linear:
            return True
        return path in concerned | beside and DIVIDES.search(at.call) is not None

    found = []
    for drawn in draws_elsewhere(repo):
        seeded = _seeded_anywhere(repo, drawn.library)
        left = [
            at for at in drawn.open if counts(at) and not (seeded and _only_defines(known[at.source.path]))
        ]
        found.append(drawn._replace(draws=[at for at in drawn.draws if counts(at)], open=left))
    return tuple(drawn for drawn in found if drawn.draws)


def _seeded_anywhere(repo: Repo, library: str) -> bool:
    pattern = SEEDS[library] if library in SEEDS else DEEP[library][1]
    return any(pattern.search(script.code) for script in scripts(repo))


def _only_defines(script: Script) -> bool:
    return not script.source.notebook and DOES[script.language].search(script.code) is None
