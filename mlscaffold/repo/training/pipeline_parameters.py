"""Hyper-parameters that a pipeline takes: who starts a run gives them, in a form or on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo

TAKING = regex(
    rb"^@(?:\w+\.)*(?P<kind>pipeline|workflow|flow)\b(?:\((?:[^()]|\([^()]*\))*\))?[ \t]*\r?\n"
    rb"(?:@[^\n]*\n){0,5}(?:async[ \t]+)?def[ \t]+\w+[ \t]*\((?P<taken>(?:[^()]|\([^()]*\))*)\)",
    re.M,
)
TAKEN = regex(rb"(?:^|,)\s*(?P<name>\w+)\s*(?=[:=,]|$)")
STARTED = {b"pipeline": "kfp", b"workflow": "flytekit", b"flow": "prefect"}
"""What a function that is decorated so is a pipeline of."""

DEPLOYS = regex(rb"\.(?:serve|deploy|build_from_flow)\(")
OF_PREFECT = ("prefect.yaml", "prefect.yml")


def taken(repo: Repo) -> Iterator[tuple[Source, int, str]]:
    """The parameters of each pipeline that people start with values of their own: place and name.

    A flow of Prefect is one where something deploys it; without, only other code calls the function.
    """
    for source in code(repo):
        raw = b"" if source.notebook else repo.raw(source.path) or b""
        for hit in TAKING.finditer(raw) if b"\n@" in raw else ():
            kind = STARTED[hit["kind"]]
            if source.imports_any({kind}) and (kind != "prefect" or _deployed(repo)):
                for name in TAKEN.finditer(hit["taken"]):
                    line = raw.count(b"\n", 0, hit.start("taken") + name.start("name")) + 1
                    yield source, line, name["name"].decode()


def _deployed(repo: Repo) -> bool:
    if next(repo.named(*OF_PREFECT), None):
        return True
    flows = (source.path for source in code(repo) if source.imports_any({"prefect"}))
    return any(DEPLOYS.search(repo.raw(path) or b"") for path in flows)
