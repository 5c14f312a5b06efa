"""EXP105: hyper-parameters that only an edit of the code can change."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training import elsewhere
from mlscaffold.repo.training.hyperparameters import Fixed, externalised, fixed
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

SHOWN = 4


@rule("EXP105", level="collaboration", since="1.0", when=(trains_a_model, own_experiments))
def hyperparameters_in_code(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Ask for options, a configuration or a parameters file with at least one real hyper-parameter."""
    if found := externalised(repo) or elsewhere.externalised(repo):
        yield Satisfied(found.spot.path, by=found.by)
        return
    numbers = fixed(repo) or elsewhere.fixed(repo)
    first = numbers[0].spot if numbers else elsewhere.trained(repo)[0].spot
    yield Finding(
        first.path,
        f"{_subject(numbers)} only by editing code: take hyper-parameters from a parameters file, "
        "a configuration or command-line options",
        *first[1:],
        also=tuple(dict.fromkeys(Place(*n.spot) for n in numbers if n.spot != first)),
        key="in code",
    )


def _subject(numbers: tuple[Fixed, ...]) -> str:
    names = list(dict.fromkeys(number.name for number in numbers))
    shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    return f"{shown} can be changed" if names else "the hyper-parameters of this training can be changed"
