"""Documents that say when somebody must look at them again, and who."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

PAGES = (".md", ".markdown", ".rst", ".qmd", ".mdx", ".adoc", ".txt")
QUICK = regex(rb"(?i)review|revisit|valid[ _-]*(?:until|to)")
HEAD = 40
TAIL = 10
"""Lines at the beginning and at the end in which a document speaks of itself."""

DUE = regex(
    r"^\W*(?:next[ _-]*review(?:[ _-]*(?:date|due|on|by))?|review[ _-]*(?:by|due|before|date)"
    r"|to be reviewed (?:by|on)|revisit[ _-]*(?:by|on)|valid[ _-]*(?:until|to))"
    r"\W{1,8}(?P<date>\d{4}-\d{2}-\d{2})\b",
    re.I,
)
OWNER = regex(
    r"^\W*(?:owners?|document owner|owned by|maintainers?|maintained by|responsible|author\(?s?\)?|contact)"
    r"\W{0,6}[:|=]\W{0,4}\w",
    re.I,
)


class Reviewed(NamedTuple):
    """One document that states the day of its next review, and whether it names an owner."""

    path: str
    line: int
    due: datetime.date
    owned: bool


@fact
def reviewed(repo: Repo) -> tuple[Reviewed, ...]:
    """Every such document of the repository's own, by path."""
    found = (_reviewed(repo, path) for path in repo.files if path.lower().endswith(PAGES) and is_own(path))
    return tuple(document for document in found if document)


def _reviewed(repo: Repo, path: str) -> Reviewed | None:
    raw = repo.raw(path) or b""
    if not QUICK.search(raw):
        return None
    lines = list(_about_itself(decoded(raw).split("\n")))
    for number, line in lines:
        if (found := DUE.search(line)) and (due := _date(found["date"])):
            return Reviewed(path, number, due, any(OWNER.search(other) for _, other in lines))
    return None


def _about_itself(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines at both ends of a document, examples in code blocks left out."""
    fenced = False
    for number, line in enumerate(lines, 1):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced and (number <= HEAD or number > len(lines) - TAIL):
            yield number, line[:300]


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
