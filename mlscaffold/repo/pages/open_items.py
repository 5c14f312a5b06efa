"""What documents leave for a person to write: the template's marker, and placeholders of card generators."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.prose import FENCE, SUFFIXES, decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

MARKER = regex(r"(?<!`)\[to write:\s*[^\]…\s][^\]]*\]")
PLACEHOLDER = regex(
    r"(?<!`)\[to write:\s*[^\]…\s][^\]]*\]|\[more information needed\]|\b(?:TODO|TBD|FIXME)\b(?!-)"
    r"|\[(?:insert|add|describe|your|name of)\b[^\]\n]{1,80}\](?!\()|\{\{[^}\n]{1,200}\}\}",
    re.IGNORECASE,
)
SCANNED = regex(r"[^/]+|(?:docs?|\.github|\.gitlab|reports|models|data)/.+")


class Unwritten(NamedTuple):
    """The first place in a document that waits for a person, and how many there are."""

    line: int
    places: int
    sign: str = "[to write:"

    @property
    def message(self) -> str:
        """What to do, for a report."""
        said = "1 passage" if self.places == 1 else f"{self.places} passages"
        return f"{said} for a person to write: search for “{self.sign}”"


@fact
def unwritten(repo: Repo) -> dict[str, Unwritten]:
    """Documents with the marker `[to write: …]` outside code, by path."""
    found = {}
    for path in repo.files:
        name = path.rpartition("/")[2]
        suffix = name[name.rindex(".") :].lower() if "." in name else ""
        if suffix not in (*SUFFIXES, ".cff") or not SCANNED.fullmatch(path) or vendored(path):
            continue
        raw = repo.raw(path)
        if raw and b"[to write:" in raw and (places := _places(decoded(raw), MARKER)):
            found[path] = Unwritten(places[0], len(places))
    return found


def placeholders(text: str) -> Unwritten | None:
    """The places of a card or dictionary that its generator, or its author, left to be filled in."""
    places = _places(text, PLACEHOLDER)
    if not places:
        return None
    first = PLACEHOLDER.search(text.split("\n")[places[0] - 1])
    sign = first[0] if first and not first[0].startswith("[to write:") else "[to write:"
    return Unwritten(places[0], len(places), sign)


def _places(text: str, pattern: re.Pattern[str]) -> list[int]:
    """The line of each match outside fenced code."""
    places, fenced = [], False
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            places += [number] * sum(1 for _ in pattern.finditer(line))
    return places
