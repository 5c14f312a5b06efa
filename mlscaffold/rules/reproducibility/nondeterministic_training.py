"""REP103: deep learning that may differ from run to run, and nothing that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.readme import pages
from mlscaffold.repo.prose import prose
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.determinism import deep_learning, deterministic
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import trains_anywhere
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

SAID = regex(
    r"\bnon-?determinis\w+|\bnot (?:fully |completely |bit(?:wise)?[- ])?(?:deterministic|reproducible)\b"
    r"|\b(?:results?|numbers?|scores?|metrics?|performance|accuracy)\b[^.\n]{0,60}\b(?:may|might|can|will|could)\b"
    r"[^.\n]{0,20}\b(?:vary|differ|fluctuate|deviate)\b"
    r"|\b(?:vary|variance|variation|varies) (?:between|across|among) (?:runs|seeds|machines|hardware|gpus?)\b"
    r"|\bdeterministic (?:training|algorithms?|operations|results?|mode|behaviou?r|runs?)\b",
    re.IGNORECASE,
)
IN_PYTHON = "torch.use_deterministic_algorithms(True), tf.config.experimental.enable_op_determinism()"
IN_R = "tensorflow::tf$config$experimental$enable_op_determinism(), or tensorflow::set_random_seed on the CPU"
STEADY = ("jax",)
"""Frameworks that draw no numbers but from keys and compute the same on the same device."""


def learns_deeply(repo: Repo) -> str | None:
    """Training by a framework whose fast algorithms may add numbers in any order."""
    concerned = [run for run in deep_learning(repo) if run.framework not in STEADY]
    return (
        None if concerned or elsewhere.deep(repo) else "no deep learning by a framework with such algorithms"
    )


@rule("REP103", level=1, since="1.0", when=(trains_anywhere, own_experiments, learns_deeply))
def nondeterministic_training(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """A setting satisfies, and so does a sentence that tells readers what to expect."""
    if found := deterministic(repo) or elsewhere.deterministic(repo):
        yield Satisfied(found[0].spot.path, by=found[0].by)
    elif said := _said(repo):
        yield said
    else:
        python = [run.spot for run in deep_learning(repo) if run.framework not in STEADY]
        first, *others = python or [run.spot for run in elsewhere.deep(repo)]
        yield Finding(
            first.path,
            "two runs with the same seed may still differ: ask for deterministic algorithms "
            f"({IN_PYTHON if python else IN_R}), or say in the README how much results vary",
            *first[1:],
            also=tuple(Place(*other) for other in others),
            key="determinism",
        )


def _said(repo: Repo) -> Satisfied | None:
    cards = (prose(repo, card.path) for card in model_cards(repo))
    for page in (*pages(repo), *cards):
        for line in page.said if page else ():
            if page and SAID.search(line.text):
                return Satisfied(page.path, by=f"what line {line.line} says of repeated runs")
    return None
