"""VCS115: models, data, code or hosted models are fetched by a name whose content can change."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.data_files import is_data, tracked
from mlscaffold.repo.data.fetched import Fetched, fetched
from mlscaffold.repo.data.versioning import data_versioning, named_versions
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import training
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

ADVICE = {
    "model": "is fetched without a revision, so its owner can change it: pass revision= with a commit",
    "data set": "is fetched without a revision, so its owner can change it: pass revision= with a commit",
    "files": "are fetched without a revision, so their owner can change them: pass revision= with a commit",
    "code": "is fetched at its newest state and run: name a tag or commit (`owner/name:ref`)",
    "address": "is fetched from a branch, which moves: name a commit in the address or verify a checksum",
    "package": "is installed from the newest commit: add @ and a tag or commit",
    "hosted model": "is an alias that the provider moves to newer models: name the dated snapshot",
}


def nothing_fetched(repo: Repo) -> str | None:
    """Something that code here fetches, in a repository that runs it."""
    return own_experiments(repo) or (
        None if _asked(repo) else "nothing is fetched from a hub or a hosted model"
    )


@rule("VCS115", level=1, since="1.0", when=nothing_fetched)
def fetched_unpinned(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One finding for the repository, with every place."""
    asked = _asked(repo)
    loose = [one for one in asked if one.pinned is False]
    if loose:
        yield _finding(loose)
        return
    if pinned := next((one for one in asked if one.pinned), None):
        yield Satisfied(pinned.spot.path, by=f"a pinned version of {pinned.name or 'what it loads'}")
    else:
        first = asked[0].spot
        yield Unknown(
            "cannot tell which model or data a variable names, and whether it is pinned", first.path
        )


def _asked(repo: Repo) -> list[Fetched]:
    """The fetches, less the data sets where VCS111 already asks for their version."""
    found = list(fetched(repo))
    if any(one.what == "data set" for one in found) and _asked_elsewhere(repo):
        return [one for one in found if one.what != "data set"]
    return found


def _asked_elsewhere(repo: Repo) -> bool:
    if not training(repo) or data_versioning(repo) or named_versions(repo):
        return False
    return not any(is_data(repo, entry) for entry in tracked(repo))


def _finding(loose: list[Fetched]) -> Finding:
    first = next((one for one in loose if one.what != "hosted model"), loose[0])
    others = [Place(*one.spot) for one in loose if one is not first]
    more = f" ({len(others)} more such place{'s' * (len(others) > 1)})" if others else ""
    return Finding(
        first.spot.path,
        f"{first.name} {ADVICE[first.what]}{more}",
        *first.spot[1:],
        also=tuple(dict.fromkeys(others)),
        key="unpinned",
    )
