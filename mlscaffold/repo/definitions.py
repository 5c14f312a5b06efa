"""Definitions of pipelines, clusters, infrastructure and sites, told by shapes that the catalogue gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own, own
from mlscaffold.standard import Tool

NOT_USED = regex(
    r"(?:^|/)(?:tests?|testing|test_?data|fixtures?|snapshots?|__snapshots__|cassettes|mocks?)/|(?:^|/)test_[^/]+$",
    re.I,
)
"""Paths whose definitions are tried out by tests, and used by nobody."""

SHOWN = regex(
    r"(?:^|/)(?:docs?|examples?|samples?|tutorials?|demos?|templates?|cookiecutter[^/]*"
    r"|(?:[^/]*[-_])?(?:rendered|generated)(?:[-_][^/]*)?)/",
    re.I,
)
"""Folders of what is shown to readers, filled in later or written by a tool: not run as it is."""

SCRIPTS: tuple[str, ...] = (
    ".sh", ".bash", ".slurm", ".slrm", ".sbatch",
    ".sbat", ".slm", ".job", ".qsub", ".pbs", ".sge", ".lsf", ".bsub",
    ".sub", ".cmd", ".run", ".batch", ".csh", ".zsh", ".py", ".r", ".jl", ".j2", ".tmpl", ".template",
)  # fmt: skip
ANY_STEM = regex(r"\*\.\w+")
MOST = 400_000
"""Bytes of a file beyond which no definition is looked for: what is larger was not written by hand."""


class Definition(NamedTuple):
    """One tool by its name in the inventory, and a place that proves its use."""

    slug: str
    tool: str
    path: str
    line: int | None = None


def printed(tool: Tool) -> str:
    """The name of a tool in the inventory."""
    return str(tool.facts.get("prints", tool.slug))


@fact
def _known(_repo: Repo) -> dict[str, tuple[Definition, ...]]:
    return {}


def definitions(repo: Repo, kind: str) -> tuple[Definition, ...]:
    """Every definition of one kind of tool, by tool and path."""
    known = _known(repo)
    if kind not in known:
        known[kind] = tuple(found for tool in repo.standard.of_kind(kind) for found in _of(repo, tool))
    return known[kind]


def _of(repo: Repo, tool: Tool) -> Iterator[Definition]:
    seen: set[str] = set()
    for proof in tool.facts.get("proofs", ()):
        for path in _near(repo, proof):
            if path in seen or _not_used(path):
                continue
            if line := _matched(repo, path, proof):
                seen.add(path)
                yield Definition(printed(tool), tool.name, path, line)


@lru_cache(maxsize=100_000)
def _not_used(path: str) -> bool:
    """Many definitions are looked for in the same files."""
    return NOT_USED.search(path) is not None


def _near(repo: Repo, proof: Mapping[str, Any]) -> Iterator[str]:
    """The candidates that hold one of the words without which the proof's patterns match nothing."""
    words, wanted = tuple(proof.get("near", ())), _wanted(repo)
    holding, near = _holding(repo).get(words, ()) if words in wanted else (), _encoded(words)
    told = not proof.get("scripts") and wanted.get(words, frozenset()).issuperset(
        map(_ending, proof["names"])
    )
    if told and not holding:
        return
    for path in _candidates(repo, proof):
        known = _ending(path) in wanted.get(words, ())
        if path in holding if known else _holds(repo.raw(path), near):
            yield path


@fact
def _holding(repo: Repo) -> dict[tuple[str, ...], set[str]]:
    """The files that hold one of the words, by words: those that are looked for in all files of a kind."""
    every = [(words, _encoded(words), endings) for words, endings in _wanted(repo).items()]
    by_ending: dict[str, list[tuple[int, tuple[bytes, ...]]]] = {}
    for number, (_, near, endings) in enumerate(every):
        for ending in endings:
            by_ending.setdefault(ending, []).append((number, near))

    def held(path: str, raw: bytes) -> list[int]:
        return [number for number, near in by_ending[_ending(path)] if _holds(raw, near)]

    asked = (path for path in repo.files if _ending(path) in by_ending and is_own(path))
    found: dict[tuple[str, ...], set[str]] = {}
    for path, numbers in hits(repo, "near", asked, held):
        for number in numbers:
            found.setdefault(every[number][0], set()).add(path)
    return found


@fact
def _wanted(repo: Repo) -> dict[tuple[str, ...], frozenset[str]]:
    """The words that proofs look for in all files with some ending, or in all scripts, with those endings."""
    found: dict[tuple[str, ...], frozenset[str]] = {}
    every = (proof for tool in repo.standard.tools.values() for proof in tool.facts.get("proofs", ()))
    for proof in every:
        if proof.get("near") and not proof.get("inside"):
            words = tuple(proof["near"])
            found[words] = found.get(words, frozenset()) | frozenset(_endings(proof))
    return found


def _endings(proof: Mapping[str, Any]) -> Iterator[str]:
    yield from (suffix[1:] for suffix in SCRIPTS if proof.get("scripts"))
    yield from (name[2:] for name in proof.get("names", ()) if ANY_STEM.fullmatch(name))


def _ending(path: str) -> str:
    return path[path.rfind(".") + 1 :].lower()


def _candidates(repo: Repo, proof: Mapping[str, Any]) -> Iterator[str]:
    if proof.get("scripts"):
        yield from _scripts(repo)
        return
    within = _within(repo, proof["inside"]) if proof.get("inside") else repo.files
    for path in own(repo, *proof["names"]) if within else ():
        if path not in within:
            continue
        if proof.get("outside") == "chart" and path.startswith(charts(repo)):
            continue
        yield path


def _within(repo: Repo, inside: str) -> frozenset[str]:
    """The files whose path the pattern finds."""
    known = _found(repo)
    if inside not in known:
        pattern = _compiled((inside,))[0]
        known[inside] = frozenset(path for path in likely(repo, pattern) if pattern.search(path))
    return known[inside]


@fact
def _found(_repo: Repo) -> dict[str, frozenset[str]]:
    return {}


@fact
def _scripts(repo: Repo) -> tuple[str, ...]:
    """Files that a scheduler may be given: scripts by their suffix, and files without one."""
    rows = ((path, path.rpartition("/")[2].lower()) for path in repo.files)
    return tuple(p for p, name in rows if (name.endswith(SCRIPTS) or "." not in name) and is_own(p))


@fact
def charts(repo: Repo) -> tuple[str, ...]:
    """Folders of the templates of Helm charts: Helm makes manifests of them."""
    return tuple(path.rpartition("/")[0].lstrip("/") + "/templates/" for path in own(repo, "chart.yaml"))


def _matched(repo: Repo, path: str, proof: Mapping[str, Any]) -> int | None:
    """The line of the last pattern of the proof in the first part of the file in which all match."""
    text = (repo.raw(path) or b"").decode("utf-8", "replace").replace("\r\n", "\n")
    if path.endswith(".ipynb"):
        text = regex(r"^[ \t]*\"", re.M).sub("", text)
    patterns = _compiled(tuple(proof["holds"]))
    first = 1
    for part in (
        regex(r"(?m)^---[ \t]*(?:#.*)?$").split(text) if path.endswith((".yml", ".yaml")) else (text,)
    ):
        found = [pattern.search(part) for pattern in patterns]
        if all(found):
            at = next(m.end() for m in reversed(found) if m)
            return first + part.count("\n", 0, at)
        first += part.count("\n")
    return None


def _holds(raw: bytes | None, near: tuple[bytes, ...]) -> bool:
    """Whether a person may have written the file, and it holds one of the words, if there are any."""
    if not raw or len(raw) > MOST:
        return False
    for word in near:
        if word in raw:
            return True
    return not near


@cache
def _encoded(words: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words)


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(regex(pattern, re.M) for pattern in patterns)
