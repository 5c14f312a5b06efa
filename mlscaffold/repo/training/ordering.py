"""Where code takes files or sets in the order that the system happens to give, and loads data by it."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact

OF_RESULTS = regex(
    r"(?:results?|logs?|plots?|reports?|figures?|eval\w*|visuali[sz]\w*|analy[sz]\w*|_card)[^/]*\.py$"
    r"|(?:^|/)(?:infer(?:ence)?|predict\w*|demo\w*|synthesi[sz]\w*|submi\w*"
    r"|serv\w*)(?:[_-][^/]*)?(?:\.py$|/)",
    re.IGNORECASE,
)
"""Scripts that read what runs left behind, or apply a model file by file."""


class Unsorted(NamedTuple):
    """One listing whose order nothing fixes: its file, line and call, and where its text starts and ends."""

    path: str
    line: int
    call: str
    start: tuple[int, int]
    end: tuple[int, int]


@fact
def unsorted_inputs(repo: Repo) -> tuple[Unsorted, ...]:
    """Listings kept as lists, walked into lists, or numbered, in scripts that also load or split data."""
    return tuple(
        Unsorted(source.path, *listing)
        for source in code(repo)
        if source.listings and not OF_RESULTS.search(source.path)
        for listing in source.listings
    )


def sorted_text(text: str, places: list[Unsorted]) -> str:
    """The source with each of the listings wrapped in `sorted(…)`, at its own place."""
    lines = [line.encode() for line in text.split("\n")]
    for place in sorted(places, key=lambda p: p.start, reverse=True):
        (first, column), (last, end) = place.start, place.end
        lines[last - 1] = lines[last - 1][:end] + b")" + lines[last - 1][end:]
        lines[first - 1] = lines[first - 1][:column] + b"sorted(" + lines[first - 1][column:]
    return b"\n".join(lines).decode()
