"""Decision logs: architecture decision records, requests for comments that were decided, dated logs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.community import Kept
from mlscaffold.repo.pages.readme import pages
from mlscaffold.repo.prose import SUFFIXES, Heading, Prose, clean, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

FOLDER = regex(
    r"(?:^|/)(?:adrs?|decisions?|decision[-_ ]?(?:records?|logs?)|architectur(?:e"
    r"|al)[-_ ]?decisions?(?:[-_ ]?records?)?"
    r"|design[-_ ]?decisions?|rfcs?|entscheidungen|decisiones|decis[oõ]es|决策|決定)/(?:[^/]+/)*[^/]+$",
    re.IGNORECASE,
)
RECORD = regex(r"(?:^|/)(?:adr|rfc)[-_ ]?\d{1,5}[-_. ][^/]*$", re.IGNORECASE)
LOG = regex(
    r"(?:^|/)(?:[\w.-]*[-_. ])?(?:decisions?|decision[-_ ]?(?:logs?|records?|register)|adrs?"
    r"|entscheidungen)"
    r"(?:[-_. ]?(?:log|record|register)s?)?\.\w+$",
    re.IGNORECASE,
)
TITLE = regex(
    r"\b(?:decision (?:log|records?|register)|(?:architecture|architectural|design|technical|key"
    r"|project) decisions?"
    r"(?: records?| log)?|adrs?|log of decisions)\b|entscheidungen|决策记录|設計判断",
    re.IGNORECASE,
)
NO_LOG = regex(
    r"(?:^|/)(?:tests?|fixtures?|testdata|versioned_docs|node_modules)/|template|(?:^"
    r"|/)decision[-_ ]?trees?",
    re.IGNORECASE,
)
DATE = regex(
    r"\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19"
    r"|20)\d\d\b",
    re.IGNORECASE,
)
SHAPE = regex(
    r"^\W*(?:status|context(?: and problem statement)?|decisions?(?: outcome| drivers)?|consequences"
    r"|alternatives"
    r"(?: considered)?|considered options|rationale|problem|options|reasons?|motivation|decided"
    r"|superseded)\b",
    re.IGNORECASE,
)
LEAST_WORDS = 15


@fact
def decision_logs(repo: Repo) -> tuple[Kept, ...]:
    """Records of what was decided, when or in what shape; minutes, changelogs and analyses are none."""
    found = dict.fromkeys(_files(repo))
    if not found:
        return tuple(_sections(repo))
    return tuple(found)


def _files(repo: Repo) -> Iterator[Kept]:
    for path, entry in repo.files.items():
        dot = path.rfind(".")
        if dot < 0 or path[dot:].lower() not in SUFFIXES or not entry.size:
            continue
        if NO_LOG.search(path) or not is_own(path):
            continue
        folder, single, log = FOLDER.search(path), RECORD.search(path), LOG.search(path)
        if not (folder or single or log):
            continue
        page = prose(repo, path)
        if page and page.words >= LEAST_WORDS and (single or decides(page)):
            yield Kept(path, "decision record" if folder or single else "decision log")


def decides(page: Prose) -> bool:
    """Whether a page has the shape of a record: a date, or what such records say under their headings."""
    return DATE.search(page.text) is not None or len(_shape(page)) >= 2


def _shape(page: Prose) -> set[str]:
    titles = [clean(heading.text) for heading in page.headings] + [line.text for line in page.said]
    cells = [clean(cell) for table in page.tables for cell in table.header.cells]
    return {found[0].lower() for text in [*titles, *cells] if (found := SHAPE.match(text))}


def _sections(repo: Repo) -> Iterator[Kept]:
    """A section of the README, or of a page that it links to, with dated decisions."""
    for page in pages(repo):
        lines = page.text.split("\n")
        for heading in page.headings:
            if TITLE.search(clean(heading.text)) and (place := _dated(page, heading, lines)):
                yield Kept(page.path, f"its section “{heading.text}”", place)
                break


def _dated(page: Prose, heading: Heading, lines: list[str]) -> int | None:
    first, last = page.section(heading)
    body = "\n".join(lines[first - 1 : last])
    return heading.line if len(body.split()) >= LEAST_WORDS and DATE.search(body) else None
