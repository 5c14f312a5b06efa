"""Hyper-parameters that a pipeline takes: who starts a run gives them, in a form or on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo

TAKING = regex(
    rb"^@(?:\w+\.)*(?P<kind>pipeline|workflow|flow|command|callback|default|local_entrypoint)\b"
    rb"(?:\((?:[^()]|\([^()]*\))*\))?[ \t]*\r?\n"
    rb"(?:@[^\n]*\n){0,5}(?:async[ \t]+)?def[ \t]+\w+[ \t]*\((?P<taken>(?:[^()]|\([^()]*\))*)\)",
    re.M,
)
TAKEN = regex(rb"(?:^|,)\s*(?P<name>\w+)\s*(?=[:=,]|$)")
OF_SCRIPTS = {"typer", "cyclopts"}
STARTED: dict[bytes, set[str]] = {
    b"pipeline": {"kfp"},
    b"workflow": {"flytekit"},
    b"flow": {"prefect"},
    b"command": OF_SCRIPTS,
    b"callback": OF_SCRIPTS,
    b"default": OF_SCRIPTS,
    b"local_entrypoint": {"modal"},
}
"""What a function that is decorated so is a pipeline, or a command, of."""

RUN = regex(rb"\b(?:typer|cyclopts)\.run\([ \t]*(?P<name>\w+)")

SETTINGS = regex(
    rb"^class[ \t]+\w+\((?:\w+\.)*(?:Config|ConfigurableResource|PermissiveConfig|BaseParameters"
    rb"|BaseSettings)\)[ \t]*:[ \t]*\r?\n"
    rb"(?P<taken>(?:[ \t]+[^\n]*\n|[ \t]*\r?\n){1,200})",
    re.M,
)
FIELD = regex(rb"^(?:    |\t)(?P<name>[A-Za-z]\w*)[ \t]*:[ \t]*[A-Za-z]", re.M)
SCHEMA = regex(rb"\bconfig_schema[ \t]*=[ \t]*\{(?P<taken>[^{}]*)\}")
KEY = regex(rb"[\"'](?P<name>\w+)[\"'][ \t]*:")
OF_STEPS = {"dagster", "zenml", "pydantic", "pydantic_settings"}
"""Whose steps have settings of their own, which a form or a file of the run gives."""

DEPLOYS = regex(rb"\.(?:serve|deploy|build_from_flow)\(")
OF_PREFECT = ("prefect.yaml", "prefect.yml")


def taken(repo: Repo) -> Iterator[tuple[Source, int, str]]:
    """The parameters of each pipeline, and of its steps, that people start with values of their own.

    A flow of Prefect is one where something deploys it; without, only other code calls the function.
    """
    for source in code(repo):
        raw = b"" if source.notebook else repo.raw(source.path) or b""
        if source.imports_any(OF_STEPS):
            yield from _named(source, raw, SETTINGS, FIELD)
            yield from _named(source, raw, SCHEMA, KEY)
        for run in RUN.finditer(raw) if b".run(" in raw else ():
            yield from _named(source, raw, _definition(run["name"]), TAKEN)
        for hit in TAKING.finditer(raw) if b"\n@" in raw else ():
            kinds = STARTED[hit["kind"]]
            if source.imports_any(kinds) and ("prefect" not in kinds or _deployed(repo)):
                yield from _names(source, raw, hit, TAKEN)


def _definition(name: bytes) -> re.Pattern[bytes]:
    """The head of a function of the module, with what it takes."""
    return re.compile(rb"^def[ \t]+" + name + rb"[ \t]*\((?P<taken>(?:[^()]|\([^()]*\))*)\)", re.M)


def _named(
    source: Source, raw: bytes, head: re.Pattern[bytes], each: re.Pattern[bytes]
) -> Iterator[tuple[Source, int, str]]:
    for hit in head.finditer(raw):
        yield from _names(source, raw, hit, each)


def _names(
    source: Source, raw: bytes, hit: re.Match[bytes], each: re.Pattern[bytes]
) -> Iterator[tuple[Source, int, str]]:
    for name in each.finditer(hit["taken"]):
        line = raw.count(b"\n", 0, hit.start("taken") + name.start("name")) + 1
        yield source, line, name["name"].decode()


def _deployed(repo: Repo) -> bool:
    if next(repo.named(*OF_PREFECT), None):
        return True
    flows = (source.path for source in code(repo) if source.imports_any({"prefect"}))
    return any(DEPLOYS.search(repo.raw(path) or b"") for path in flows)
