"""TEAM113: loads that run whatever code the loaded file brings."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.deserialisation import unsafe_loads
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.rules.applies import has_python
from mlscaffold.standard import Standard


@rule("TEAM113", level="collaboration", since="1.0", when=has_python)
def unsafe_deserialisation(repo: Repo, _standard: Standard) -> Iterator[Finding]:
    """One finding for the repository, with every place."""
    found = unsafe_loads(repo)
    if not found:
        return
    first = next((load for load in found if not load.remote), found[0])
    yield Finding(
        first.spot.path,
        f"{first.call} {_danger(first.remote)}",
        *first.spot[1:],
        also=tuple(Place(*other.spot) for other in found if other is not first),
        key="unsafe loads",
    )


def _danger(remote: bool) -> str:
    if remote:
        return "runs code that its owner can change: pin a revision that you read or leave it out"
    return (
        "runs code that the file brings: store models and data in a safe format (safetensors, skops, "
        "Parquet, JSON), or load with weights_only=True, allow_pickle=False, yaml.safe_load"
    )
