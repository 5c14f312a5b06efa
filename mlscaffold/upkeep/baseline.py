"""The text of a baseline: a line for what was found, sorted, so that two branches merge."""

from __future__ import annotations

from collections.abc import Iterable

from mlscaffold.baseline import Entry
from mlscaffold.printable import shown

HEAD = """\
# Findings that were there when this repository began to be audited. They do not fail the audit; new ones do.
# `mlscaffold audit --update-baseline` removes the lines of findings that are gone, and never adds one.
# practice, fingerprint, places, path
"""


def written(entries: Iterable[Entry]) -> str:
    """The file's whole text."""
    rows = (f"{e.code} {e.fingerprint} {e.places} {shown(e.path)}\n" for e in sorted(entries))
    return HEAD + "".join(rows)


def without(entries: Iterable[Entry], gone: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries less what is gone of each."""
    less = {(entry.code, entry.fingerprint): entry.places for entry in gone}
    left = (e._replace(places=e.places - less.get((e.code, e.fingerprint), 0)) for e in entries)
    return tuple(entry for entry in left if entry.places > 0)
