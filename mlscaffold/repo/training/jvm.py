"""Sources in Scala and Java that use a library of machine learning: their code, and which library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.r_and_julia import MOST, Language, Script, noted, stripped
from mlscaffold.repo.training.training import EXAMPLE
from mlscaffold.repo.vendored import is_own

LANGUAGES: dict[str, Language] = {".scala": "scala", ".sc": "scala", ".java": "java"}
TESTS = regex(
    r"(?:^|/)(?:src/(?:[\w-]+/)?(?:test|it|integration[Tt]est|androidTest)|tests?)/"
    r"|^(?!.*(?:^|/)src/main/).*(?:Test|Tests|Spec|Suite|IT)\.(?:scala|java)$"
)
"""Folders of tests, and names of tests where no folder tells what is run: a program may test a model."""

IMPORT = regex(
    r"^[ \t]*import[ \t]+(?:static[ \t]+)?(?:_root_\.)?(?:(?P<spark>org\.apache\.spark\.(?:ml|mllib))"
    r"|(?P<deeplearning4j>org\.deeplearning4j)|(?P<nd4j>org\.(?:nd4j|datavec))|(?P<weka>weka)|(?P<smile>smile)"
    r"|(?P<xgboost>ml\.dmlc\.xgboost4j)|(?P<sparkling>ai\.h2o\.sparkling|org\.apache\.spark\.h2o)"
    r"|(?P<h2o>hex|water)|(?P<djl>ai\.djl)|(?P<tribuo>org\.tribuo))[.;{]",
    re.MULTILINE,
)
LEARNS = regex(
    rb"\b(?:org\.apache\.spark\.(?:ml|h2o)|org\.(?:deeplearning4j|nd4j|datavec|tribuo)"
    rb"|import[ \t]+(?:static[ \t]+)?(?:weka|smile|hex|water)|ml\.dmlc\.xgboost4j|ai\.(?:h2o|djl))"
)
STARTS = regex(
    rb"\bvoid\s+main\s*\(|\bdef\s+main\s*\(|\b(?:extends|with)\s+App\b|@SpringBootApplication\b|@main\b|\bEngineFactory\b"
    rb"|^// Databricks notebook source",
    re.M,
)
PUBLISHED = regex(
    rb"\bmaven-publish\b|\bnexus-staging\b|\bsonatypeProfileName\b|\bpublishTo\b|\bcentral-publishing\b"
)
BUILDS = ("pom.xml", "build.sbt", "build.gradle", "build.gradle.kts", "build.sc")


COPIES = (
    "weka/core/Instances.java",
    "smile/classification/RandomForest.java",
    "org/deeplearning4j/nn/multilayer/MultiLayerNetwork.java",
    "org/apache/spark/ml/Pipeline.scala",
    "org/tribuo/Model.java",
)
"""Where one of these lies, the library itself was copied."""


class Module(NamedTuple):
    """One source, and the libraries of machine learning that it imports."""

    script: Script
    uses: frozenset[str]


@fact
def modules(repo: Repo) -> tuple[Module, ...]:
    """The repository's own sources that import such a library, by path: none of what others run.

    Where nothing starts a program, or a build publishes its packages, it is they who train, choose the seed
    and hold data back.
    """
    found = (*_sources(repo), *_books(repo))
    return found if found and _starts(repo) and not _published(repo) else ()


def _sources(repo: Repo) -> Iterator[Module]:
    for path in own_sources(repo):
        raw = (repo.raw(path) or b"") if repo.files[path].size <= MOST else b""
        if LEARNS.search(raw):
            language = LANGUAGES[path[path.rfind(".") :]]
            text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
            script = Script(Source(path), language, *stripped(text, language))
            if uses := _imports(script):
                yield Module(script, uses)


def _books(repo: Repo) -> Iterator[Module]:
    for book in notebooks(repo):
        if book.language == "scala" and is_own(book.path):
            script = noted(book, "scala")
            if uses := _imports(script):
                yield Module(script, uses)


def _imports(script: Script) -> frozenset[str]:
    return frozenset(str(hit.lastgroup) for hit in IMPORT.finditer(script.code))


def own_sources(repo: Repo) -> Iterator[str]:
    """Paths of the repository's own sources that are no tests, nor a library's that was copied."""
    copied = _copied(repo)
    for path in repo.files:
        source = path.endswith(tuple(LANGUAGES)) and not path.startswith(copied)
        if source and is_own(path) and not TESTS.search(path):
            yield path


@fact
def _copied(repo: Repo) -> tuple[str, ...]:
    """The folders of libraries that lie here as sources."""
    found = (
        (path, mark) for mark in COPIES for path in repo.by_name.get(mark.rpartition("/")[2].lower(), ())
    )
    return tuple(
        path.removesuffix(mark) + mark[: mark.index("/", 4 if mark.startswith("org/") else 0) + 1]
        for path, mark in found
        if f"/{path}".endswith(f"/{mark}")
    )


def _starts(repo: Repo) -> bool:
    """Whether anything is run here: a program, a script or a notebook that is no example of a library."""
    if any(book.language == "scala" for book in notebooks(repo)):
        return True
    paths = [path for path in own_sources(repo) if not EXAMPLE.search(path)] or list(own_sources(repo))
    return any(path.endswith(".sc") or STARTS.search(repo.raw(path) or b"") for path in paths)


def _published(repo: Repo) -> bool:
    builds = (path for name in BUILDS for path in repo.by_name.get(name, ()))
    return any(PUBLISHED.search(repo.raw(path) or b"") for path in builds)


OPENING = {")": "(", "]": "[", "}": "{", ">": "<"}
CLOSING = {opened: closed for closed, opened in OPENING.items()}
NAME = regex(r"[\w$]+\Z")
FAR = 4000
"""Characters of an expression that are followed at most."""


def root(code: str, end: int) -> tuple[str, bool]:
    """What a chain of calls that ends before `end` begins with, and whether that is an object made there."""
    position = end
    while True:
        position = len(code[:position].rstrip()) if end - position < FAR else 0
        if position and code[position - 1] in OPENING:
            position = _opened(code, position - 1, end - FAR)
            continue
        name = NAME.search(code[max(0, position - 80) : position])
        if name is None:
            return "", False
        position -= len(name[0])
        before = code[max(0, position - 40) : position].rstrip()
        if before.endswith(".") and not before.endswith("new."):
            position = code.rindex(".", 0, position)
            continue
        return name[0], before.endswith("new")


def _opened(code: str, closed: int, least: int) -> int:
    """Where the bracket opens that closes at `closed`; 0 where that is too far to follow."""
    close, depth = code[closed], 0
    for position in range(closed, max(least, -1), -1):
        depth += (code[position] == close) - (code[position] == OPENING[close])
        if depth == 0:
            return position
    return 0


def given(code: str, start: int) -> list[str]:
    """The arguments in the brackets that open before `start`, each without the space around it."""
    found, depth, begin = list[str](), 0, start
    for position in range(start, min(len(code), start + FAR)):
        letter = code[position]
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        if depth < 0 or (letter == "," and depth == 0):
            found.append(code[begin:position].strip())
            begin = position + 1
        if depth < 0:
            break
    return [part for part in found if part]


LINK = regex(r"\s*\.\s*(?:new\s+)?[\w$]+(?:\[[^\]\n]*\])?\s*")


def chain(code: str, start: int) -> str:
    """The calls that follow on the one whose brackets open before `start`, with their arguments."""
    position = _closed(code, start)
    first = position
    while position - first < FAR and (link := LINK.match(code, position)):
        position = link.end()
        if code[position : position + 1] in ("(", "{"):
            position = _closed(code, position + 1)
    return code[first:position]


def _closed(code: str, start: int) -> int:
    depth = 1
    for position in range(start, min(len(code), start + FAR)):
        depth += (code[position] in "([{") - (code[position] in ")]}")
        if depth == 0:
            return position + 1
    return min(len(code), start + FAR)
