"""The baseline: the findings that a repository had when it began to be audited, which do not fail it."""

from __future__ import annotations

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.tree import Tree

NAME = ".mlscaffold.baseline"
SIZE_LIMIT = 20_000_000
LINE = regex(r"(?P<code>[A-Z]+\d{3}) (?P<fingerprint>[0-9a-f]{16}) (?P<places>[1-9]\d{0,5}) (?P<path>.*)")


class Entry(NamedTuple):
    """So many places of one file of which a rule says the same; `path` is there for people."""

    code: str
    path: str
    fingerprint: str
    places: int


class Baseline(NamedTuple):
    """What was accepted as it was; without a file it is empty."""

    source: str = ""
    entries: tuple[Entry, ...] = ()


def read_baseline(tree: Tree) -> Baseline:
    """The baseline at the root of `tree`; raises Stop where a line of it cannot be read."""
    try:
        raw = tree.read(NAME, SIZE_LIMIT)
    except OSError:
        return Baseline()
    lines = raw.decode("utf-8", "replace").splitlines()
    rows = ((n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
    return Baseline(NAME, tuple(_entry(number, line) for number, line in rows))


def _entry(number: int, line: str) -> Entry:
    found = LINE.fullmatch(line)
    if found is None:
        what = (
            "is half of a merge conflict" if regex(r"[<=>|]{7}").match(line) else "is no line of a baseline"
        )
        raise Stop(
            f"{NAME}:{number} {what}. Take the lines of both sides, or of the last commit; "
            "`mlscaffold audit --update-baseline` then removes those that are gone."
        )
    return Entry(found["code"], found["path"], found["fingerprint"], int(found["places"]))
