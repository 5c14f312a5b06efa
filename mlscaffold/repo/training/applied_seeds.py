"""Seeds that a file of HyperPyYAML sets: what its tag `!apply` names is called when the file is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Call, Ref, Source
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own

LOADS = "load_hyperpyyaml"
APPLIES = regex(rb"^[ \t]*[\w.-]+[ \t]*:[ \t]*!apply:(?P<name>[\w.]+)", re.M)


def applied(repo: Repo) -> Iterator[tuple[Source, Call]]:
    """What such files call, as a call of each script that loads one."""
    users = [source for source in code(repo) if source.imports_any({"hyperpyyaml"})]
    loading = [(source, call) for source in users for call in source.calls if call.last == LOADS]
    for path in repo.named("*.yaml", "*.yml") if loading else ():
        for hit in APPLIES.finditer(repo.raw(path) or b"") if is_own(path) else ():
            for source, call in loading:
                yield source, Call(hit["name"].decode(), call.line, (Ref(""),), {}, call.inside)
