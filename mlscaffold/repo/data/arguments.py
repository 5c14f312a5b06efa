"""Options of a training command that say where the data lies, which nothing in the repository does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.versioning import data_reads
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import folder

_REST = rb"(?P<rest>[^()]*+(?:\([^()]*+\)[^()]*+)*+)\)"
OPTIONS = (
    regex(rb"\badd_argument\(\s*(?:[\"']-\w+[\"']\s*,\s*)?[\"'](?P<dashes>--)?(?P<name>[\w-]+)[\"']" + _REST),
    regex(rb"\bclick\.(?:option\(\s*[\"'](?P<dashes>--)|argument\(\s*[\"'])(?P<name>[\w-]+)[\"']" + _REST),
    regex(rb"\b(?P<dashes>DEFINE_\w+)\(\s*[\"'](?P<name>\w+)[\"']\s*,(?P<rest>[^,\n]*)"),
)
DATA = regex(
    r"data|imagenet|(?:(?:train|test|val|valid|img|image|audio|text|input|raw)(?:ing)?[-_]?)?(?:data(?:set)?s?|corpus|images?"
    r"|input|train)[-_]?(?:path|dir|root|folder|file|location|csv)s?",
    re.IGNORECASE,
)
DEFAULT = regex(rb"(?:default\s*=|^)\s*(?:None\b|[rf]?[\"'](?P<path>[^\"']*)[\"']|(?P<other>[\w.]+))")
OUTSIDE = regex(rb"$|[/~<$\[]|[A-Za-z]:\\|.*\bpath[/_]to\b|(?:your|some|my)\b")


class Argument(NamedTuple):
    """An option without which nobody knows where the data lies."""

    path: str
    line: int
    name: str


@fact
def data_argument(repo: Repo) -> Argument | None:
    """The option that says where the training's data lies, unless the code names a place itself."""
    trained = {run.source.path for run in training(repo)}
    near = {folder(path) for path in trained}
    reads = data_reads(repo)
    close = [read for read in reads if read.path in trained or folder(read.path) in near] or reads
    if any(read.named for read in close):
        return None
    first = [*sorted(trained), *(read.path for read in close)]
    asked = dict.fromkeys([*first, *(source.path for source in code(repo))])
    return next((found for path in asked for found in _options(repo, path)), None)


def _options(repo: Repo, path: str) -> Iterator[Argument]:
    raw = repo.raw(path) or b""
    for pattern in OPTIONS:
        for found in pattern.finditer(raw):
            name = found["name"].decode()
            if DATA.fullmatch(name) and (not found["dashes"] or _from_outside(found["rest"])):
                shown = f"--{name}" if found["dashes"] else f"the argument {name}"
                yield Argument(path, raw.count(b"\n", 0, found.start()) + 1, shown)


def _from_outside(rest: bytes) -> bool:
    """Whether an option has no default, or one that is a place of somebody's machine."""
    given = DEFAULT.search(rest)
    if given is None:
        return True
    return OUTSIDE.match(given["path"] or b"") is not None if given["other"] is None else False
