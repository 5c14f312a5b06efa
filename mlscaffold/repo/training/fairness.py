"""Whether a model's decisions concern people, as a person declared it, and whether groups were compared."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.pages.cards import Card, model_cards
from mlscaffold.repo.prose import Heading, Prose, Row, clean, prose
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact

DECLARED = regex(
    r"^\W*(?:people (?:are )?(?:concerned|affected)|(?:concerns|affects) people|decides? (?:about|on) people)"
    r"\W{1,8}(?P<answer>yes|no|true|false|\[)",
    re.I | re.M,
)
SECTION = regex(
    r"\b(?:bias(?:es)?(?! and variance)|fairness|sub-?groups?|disaggregated|by group|per[- ]group"
    r"|demographic\w*|protected (?:groups?|attributes?)|disparit\w+)\b",
    re.I,
)
LIBRARIES = frozenset(("fairlearn", "aif360", "aequitas", "responsibleai", "raiwidgets"))
LEAST_WORDS = 8


class Declared(NamedTuple):
    """What a card says about whether people are concerned; `None` where it leaves that open."""

    spot: Spot
    concerned: bool | None


@fact
def declared(repo: Repo) -> Declared | None:
    """The first card that says so."""
    for card in model_cards(repo):
        if found := DECLARED.search(card.mentions):
            line = card.mentions.count("\n", 0, found.start("answer")) + 1
            answer = found["answer"].lower()
            return Declared(Spot(card.path, line), None if answer == "[" else answer in ("yes", "true"))
    return None


@fact
def compared_groups(repo: Repo) -> Spot | None:
    """A section of a card that compares groups, or code that does so with a library made for it."""
    for card in model_cards(repo):
        if spot := _section(repo, card):
            return spot
    for source in code(repo):
        for name, line in source.imports.items():
            if name.partition(".")[0] in LIBRARIES:
                return source.spot(line)
    return None


def _section(repo: Repo, card: Card) -> Spot | None:
    page = prose(repo, card.path)
    headings = page.headings if page else ()
    for heading in headings:
        if page and SECTION.search(clean(heading.text)) and _says_something(page, heading):
            return Spot(card.path, heading.line)
    return None


def _says_something(page: Prose, heading: Heading) -> bool:
    """A table of numbers, or sentences that a person wrote."""
    first, last = page.section(heading)
    if any(first <= row.line <= last and regex(r"\d").search(" ".join(row.cells[1:])) for row in _rows(page)):
        return True
    text = " ".join(line.text for line in page.said if first <= line.line <= last)
    return len(text.split()) >= LEAST_WORDS and "[to write" not in text


def _rows(page: Prose) -> list[Row]:
    return [row for table in page.tables for row in table.rows]
