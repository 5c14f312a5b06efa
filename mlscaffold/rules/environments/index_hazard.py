"""ENV120: packages come from where they are meant to come from, under terms that were agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.manifests import manifests
from mlscaffold.repo.environments.package_indexes import Hazard, index_hazards
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, rule
from mlscaffold.rules.applies import has_python
from mlscaffold.standard import Standard

ADVICE = {
    "second index": "{what} is searched beside another index, and the highest version of all wins: "
    "name one index that holds both, or lock with hashes",
    "trusted host": "the certificate of {what} is not checked, so anybody on the way can replace a package: "
    "add its authority to the system's instead",
    "licensed channel": "{what}: Anaconda's own channels need a paid licence in larger organisations: "
    "use conda-forge and nodefaults",
}


def _installs(repo: Repo) -> str | None:
    return None if manifests(repo) else has_python(repo)


@rule("ENV120", level="collaboration", since="1.0", when=_installs)
def index_hazard(repo: Repo, standard: Standard) -> Iterator[Finding]:
    """One finding for each host, and one for all channels, with all places."""
    found: dict[tuple[str, str], list[Hazard]] = {}
    for hazard in index_hazards(repo):
        about = "" if hazard.kind == "licensed channel" else hazard.what
        found.setdefault((hazard.kind, about), []).append(hazard)
    for (kind, about), hazards in found.items():
        first, *others = dict.fromkeys(Place(*hazard.spot) for hazard in hazards)
        names = ", ".join(dict.fromkeys(hazard.what for hazard in hazards))
        key = f"{kind} {about}".strip()
        yield Finding(*first[:1], ADVICE[kind].format(what=names), *first[1:], also=tuple(others), key=key)
