"""Managers that share one environment: manifests and locks of one folder that ask for different versions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.locks import Lock, locks
from mlscaffold.repo.environments.manifests import Manifest, declaring
from mlscaffold.repo.environments.requirements import Requirement
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder

MAIN = regex(
    r"(?:^|/)(?:requirements\.txt|(?:conda[-_.]?)?env(?:ironment)?\.ya?ml|conda\.ya?ml|pyproject\.toml|pixi\.toml"
    r"|pipfile|setup\.(?:py|cfg))$",
)
"""The file that each manager reads unasked; others serve a purpose of their own."""

WHOLE = ("uv", "poetry", "pipenv", "pdm")
SAME = {
    "pytorch": "torch",
    "pytorch-gpu": "torch",
    "tensorflow-gpu": "tensorflow",
    "msgpack-python": "msgpack",
}
"""Names of conda and older ones, by the name on the public index."""

CONDITION = regex(r";|\bmarkers?\b|\bplatform\b|\bpython\s*=|sys_platform|optional\s*=\s*true")


class Shared(NamedTuple):
    """Two files of one folder; `differ` are packages with both versions and both lines."""

    one: str
    other: str
    tools: tuple[str, str]
    differ: tuple[tuple[str, str, str, int | None, int | None], ...] = ()


@fact
def shared_environments(repo: Repo) -> tuple[Shared, ...]:
    """Every pair of managers that share a folder, in the order of their paths."""
    main = [m for m in declaring(repo) if m.requirements and MAIN.search(m.path.lower())]
    pairs = [(a, b) for a, b in combinations(main, 2) if a.folder == b.folder and a.tool != b.tool]
    found = [_compared(repo, a, b) for a, b in pairs if not _made_from(repo, a, b)]
    whole = [lock for lock in locks(repo) if lock.tool in WHOLE and lock.path.endswith(".lock")]
    found += [_locked(repo, a, b) for a, b in combinations(whole, 2) if folder(a.path) == folder(b.path)]
    return tuple(found)


def _made_from(repo: Repo, one: Manifest, other: Manifest) -> bool:
    """Whether one file is the other's lock or reads it: then there is one owner."""
    served = {(lock.path, path) for lock in locks(repo) for path in lock.serves}
    if (one.path, other.path) in served or (other.path, one.path) in served:
        return True
    names = {one.path.rpartition("/")[2], other.path.rpartition("/")[2]}
    return bool(names & {path.rpartition("/")[2] for m in (one, other) for path in m.includes})


def _compared(repo: Repo, one: Manifest, other: Manifest) -> Shared:
    mine, theirs = _plain(repo, one), _plain(repo, other)
    rows = (
        (name, mine[name].spec, theirs[name].spec, mine[name].line, theirs[name].line)
        for name in mine
        if name in theirs and _conflict(one, mine[name], other, theirs[name])
    )
    return Shared(one.path, other.path, (one.tool, other.tool), tuple(rows))


def _plain(repo: Repo, manifest: Manifest) -> dict[str, Requirement]:
    """What holds on every platform and is given once."""
    lines = (repo.text(manifest.path) or "").split("\n")
    rows: dict[str, list[Requirement]] = {}
    for wanted in manifest.requirements:
        text = lines[wanted.line - 1] if wanted.line and wanted.line <= len(lines) else ""
        if wanted.spec and not CONDITION.search(text):
            rows.setdefault(SAME.get(wanted.name, wanted.name), []).append(wanted)
    return {name: found[0] for name, found in rows.items() if len(found) == 1}


def _conflict(one: Manifest, mine: Requirement, other: Manifest, theirs: Requirement) -> bool:
    """Whether an exact version of one side lies outside what the other asks for, whichever way it is read."""
    from mlscaffold.repo.environments.versions import fits

    answers = [
        fits(_series(manifest, spec), version)
        for pinned, manifest, spec in ((mine, other, theirs), (theirs, one, mine))
        if pinned.exact and not pinned.spec.startswith("@")
        for version in _versions(one if pinned is mine else other, pinned)
    ]
    return bool(answers) and all(answer is False for answer in answers)


def _versions(manifest: Manifest, pinned: Requirement) -> Iterator[str]:
    """The version that is named, and of conda's series also its last one."""
    version = pinned.spec.strip().lstrip("= ")
    yield version
    if manifest.tool == "conda":
        yield f"{version}.99999"


def _series(manifest: Manifest, wanted: Requirement) -> str:
    """In conda's own words one version is a series: 11.4 allows 11.4.2."""
    plain = manifest.tool == "conda" and wanted.exact
    return f"{wanted.spec.strip()}.*" if plain else wanted.spec


def _locked(repo: Repo, one: Lock, other: Lock) -> Shared:
    from mlscaffold.repo.environments.lock_contents import packages

    mine, theirs = packages(repo, one), packages(repo, other)
    shared = [name for name in sorted(set(mine) & set(theirs)) if mine[name] and theirs[name]]
    rows = (
        (name, _said(mine[name]), _said(theirs[name]), None, None)
        for name in shared
        if not mine[name] & theirs[name]
    )
    return Shared(one.path, other.path, (one.tool, other.tool), tuple(rows))


def _said(versions: set[str]) -> str:
    return ", ".join(sorted(versions))
