"""Where a lock and the manifest that it was made from disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document
from mlscaffold.repo.environments.lock_contents import manifest_hashes, packages, recorded_hash
from mlscaffold.repo.environments.locks import Lock, locks, other_locks
from mlscaffold.repo.environments.manifests import Manifest, line_of, python_manifests, table
from mlscaffold.repo.environments.requirements import Requirement, requirement
from mlscaffold.repo.environments.versions import fits
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder

FIXTURE = regex(r"(?:^|/)(?:tests?|fixtures?|testdata)/", re.I)
CONDITION = regex(r";|\bmarkers?\b|\bplatform\b|\bpython\s*=|sys_platform|optional\s*=\s*true")
SOURCES = regex(r"^[ ]+sources:\n(?P<rows>(?:[ ]*- .*\n)+)", re.M)
WHOLE = ("uv", "poetry", "pipenv", "pixi", "conda-lock")
"""Tools whose lock holds every group that the manifest declares."""


class Disagreement(NamedTuple):
    """One thing that the manifest says and the lock does not, and the line of the manifest."""

    lock: str
    manifest: str
    said: str
    line: int | None = None


class Compared(NamedTuple):
    """A lock, the manifest that it was compared with, and whatever they disagree about."""

    lock: Lock
    manifest: str
    disagreements: tuple[Disagreement, ...] = ()


@fact
def compared(repo: Repo) -> tuple[Compared, ...]:
    """Every lock with each manifest that it serves, as far as both can be read."""
    rows: list[Compared] = []
    by_path = {m.path: m for m in python_manifests(repo)}
    for lock in locks(repo):
        held = packages(repo, lock) if not FIXTURE.search(lock.path) else {}
        served = [by_path[p] for p in _served(repo, lock) if p in by_path] if held else []
        rows += [Compared(lock, m.path, tuple(_disagreements(repo, lock, held, m))) for m in served]
    for lock in other_locks(repo):
        if lock.tool == "package-lock.json" and (row := _npm(repo, lock)):
            rows.append(row)
    return tuple(rows)


def _served(repo: Repo, lock: Lock) -> Iterator[str]:
    """The manifests that the lock was made from; a lock of conda names them, of several in a folder."""
    head = SOURCES.search((repo.text(lock.path) or "")[:20_000]) if lock.tool == "conda-lock" else None
    named = {row.strip("- \n").rpartition("/")[2] for row in head["rows"].split("\n")} if head else set()
    for path in lock.serves:
        if path != lock.path and (not named or path.rpartition("/")[2] in named):
            yield path


def _disagreements(
    repo: Repo, lock: Lock, held: dict[str, set[str]], manifest: Manifest
) -> Iterator[Disagreement]:
    for wanted in _must_be_held(repo, lock, manifest):
        line = wanted.line
        if wanted.name not in held:
            yield Disagreement(lock.path, manifest.path, f"{wanted.name} is not in it", line)
            continue
        versions, spec = held[wanted.name], wanted.spec
        if manifest.tool == "conda" and regex(r"==[\d.]+").fullmatch(spec):
            spec += ".*"  # one version in conda's own words is a series: 11.4 allows 11.4.2
        if versions and all(fits(spec, version) is False for version in versions):
            have = ", ".join(sorted(versions))
            yield Disagreement(lock.path, manifest.path, f"{wanted.name} {have} is not {wanted.spec}", line)
    document = toml_document(repo, manifest.path) if lock.tool in ("poetry", "pipenv") else None
    recorded = recorded_hash(repo, lock)
    if document and recorded and recorded not in manifest_hashes(lock.tool, document):
        yield Disagreement(lock.path, manifest.path, "it keeps the hash of another state")


def _must_be_held(repo: Repo, lock: Lock, manifest: Manifest) -> Iterator[Requirement]:
    """The requirements that hold on every platform and that the lock's tool always locks."""
    if manifest.tool == "setuptools":
        return
    wanted: tuple[Requirement, ...] = manifest.requirements
    if lock.tool not in WHOLE or lock.path.endswith(".txt"):
        wanted = tuple(_main_ones(repo, manifest))
    lines = (repo.text(manifest.path) or "").split("\n")
    for row in wanted:
        text = lines[row.line - 1] if row.line and row.line <= len(lines) else ""
        conditional = CONDITION.search(text) or (manifest.tool == "pyproject" and not row.line)
        if not conditional and not _own_table(repo, manifest, row.name):
            yield row


def _main_ones(repo: Repo, manifest: Manifest) -> Iterator[Requirement]:
    """What every installation gets: a compiled file leaves groups and extras out."""
    if not manifest.path.endswith("pyproject.toml"):
        yield from manifest.requirements
        return
    document = toml_document(repo, manifest.path) or {}
    items = table(document, "project").get("dependencies")
    names = {r.name for item in items or () if isinstance(item, str) and (r := requirement(item))}
    yield from (row for row in manifest.requirements if row.name in names)


def _own_table(repo: Repo, manifest: Manifest, name: str) -> bool:
    """Whether a package has a table of its own, or is given twice: a condition may stand elsewhere."""
    if sum(row.name == name for row in manifest.requirements) > 1:
        return True
    if not manifest.path.endswith(".toml") and manifest.tool != "pipenv":
        return False
    text = repo.text(manifest.path) or ""
    loose = re.escape(name).replace("\\-", "[-_.]")
    return (
        re.search(rf"^\[.*dependencies\.[\"']?{loose}[\"']?\]|^\s*{loose}\s*=\s*\[", text, re.M | re.I)
        is not None
    )


def _npm(repo: Repo, lock: Lock) -> Compared | None:
    """The lock of npm keeps what the manifest asked for when it was made."""
    path = f"{folder(lock.path)}/package.json".lstrip("/")
    document, manifest = json_document(repo, lock.path), json_document(repo, path)
    root = table(document, "packages").get("") if isinstance(document, dict) else None
    if not isinstance(root, dict) or not isinstance(manifest, dict):
        return None
    found: list[Disagreement] = []
    for key in ("dependencies", "devDependencies", "optionalDependencies"):
        asked, kept = table(manifest, key), table(root, key)
        for name, spec in asked.items():
            if kept.get(name) != spec:
                said = f"{name} is {kept[name]}, not {spec}" if name in kept else f"{name} is not in it"
                found.append(
                    Disagreement(lock.path, path, said, line_of(repo, path, rf'"{re.escape(name)}"\s*:'))
                )
    return Compared(lock, path, tuple(found))
