"""Model cards: where they are, what they leave open, and the numbers that they state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import Malformed, read_yaml
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.pages.open_items import Unwritten, placeholders
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.prose import SUFFIXES, Prose, clean, prose
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, vendored

NAMED = regex(r"(?:^|/)[^/]*model[-_ ]?cards?[^/]*$|(?:^|/)model[-_ ]?cards?/[^/]+$", re.I)
NAMED_BY_FOLDER = regex(r"(?:^|/)[^/]*[-_ ]model[-_ ]?cards?/[^/]+\.(?:md|qmd|rmd|rst)$", re.I)
"""A step of a numbered analysis that writes the card."""

NO_CARD = regex(
    r"template|example|(?:^|/)(?:references|literature|papers)/|how[-_]?to|(?:^|/)tests?/|(?:^|/)fixtures?/|\.jinja$|\.j2$",
    re.I,
)
ABOUT = regex(r"\W*(?:(?:what|why|how|on|about|using|writing|the)\W+(?:are\W+)?)?model[- ]?cards\W*", re.I)
"""A title that speaks of cards in general."""

FRONT_KEYS = regex(r"^(?:model-index|library_name|pipeline_tag|base_model)\s*:", re.M)
SPACE_KEYS = regex(r"^(?:sdk|app_file)\s*:", re.M)
HINT = regex(
    rb"intended use|model details|out-of-scope|limitations|model-index|library_name|pipeline_tag", re.I
)
DISTINCT = regex(
    r"^(?:primary )?intended uses?|^model details|out[- ]of[- ]scope|^ethical considerations"
    r"|^caveats and recommendations|^bias, risks,? and limitations|^quantitative analyses",
    re.I,
)
USUAL = regex(
    r"^training (?:data|details|procedure|data ?set)|^evaluation(?: data| results| data ?sets?)?$"
    r"|^(?:metrics|factors|uses)$"
    r"|^model (?:description|sources|date|type|version)|^limitations|^how to get started with the model",
    re.I,
)
NUMBER = regex(r"(?P<number>[-+]?\d[\d,]*(?:\.(?P<decimals>\d+))?)(?P<percent>\s*%)?\s*(?:$|±|\+/-|\()")


class Number(NamedTuple):
    """A number that a card states: its names, from the most to the least exact, and how it is written."""

    line: int
    names: tuple[str, ...]
    label: str
    literal: str
    value: float
    decimals: int
    percent: bool
    alone: bool
    """Whether it is the only number of its row, so that its label names it by itself."""


class Card(NamedTuple):
    """One model card."""

    path: str
    line: int | None
    unwritten: Unwritten | None
    numbers: tuple[Number, ...]
    mentions: str
    """The card's text, in which a metrics file may be named."""


@fact
def model_cards(repo: Repo) -> tuple[Card, ...]:
    """The documents that describe a model of this repository."""
    found = [_card(page) for page in _pages(repo)]
    front = front_page(repo)
    if front and all(card.path != front.path for card in found):
        found += _in_readme(front)
    return tuple(found)


def _pages(repo: Repo) -> Iterator[Prose]:
    named = set(likely(repo, NAMED, NAMED_BY_FOLDER))
    for path, entry in repo.files.items():
        name = path[path.rfind("/") + 1 :].lower()
        suffix = name[name.rindex(".") :] if "." in name else ""
        if path not in named and suffix not in (".md", ".markdown", ".rst"):
            continue
        if not entry.size or vendored(path) or NO_CARD.search(path):
            continue
        if NAMED_BY_FOLDER.search(path) or (
            NAMED.search(path) and suffix in (*SUFFIXES, ".json", ".yaml", ".yml")
        ):
            page = prose(repo, path)
            if page and (page.words or page.front or page.tables) and not _about_cards(page):
                yield page
        elif (
            suffix in (".md", ".markdown", ".rst") and depth(path) <= 2 and HINT.search(repo.raw(path) or b"")
        ):
            page = prose(repo, path)
            if page and _reads_like_a_card(page):
                yield page


def _about_cards(page: Prose) -> bool:
    """Whether the page is on model cards as such: that is its title, and no section is one of a card."""
    titles = [clean(heading.text) for heading in page.headings]
    if not titles or not ABOUT.fullmatch(titles[0]):
        return False
    return not FRONT_KEYS.search(page.front) and not any(
        DISTINCT.search(title) or USUAL.search(title) for title in titles
    )


def _reads_like_a_card(page: Prose) -> bool:
    if FRONT_KEYS.search(page.front) and not SPACE_KEYS.search(page.front):
        return True
    titles = [clean(heading.text) for heading in page.headings]
    distinct = {t.lower() for t in titles if DISTINCT.search(t)}
    usual = {t.lower() for t in titles if USUAL.search(t)}
    return len(distinct) >= 1 and len(distinct | usual) >= 3


def _in_readme(page: Prose) -> Iterator[Card]:
    """A section of the README called “Model card”, with something in it."""
    lines = page.text.split("\n")
    for heading in page.headings:
        if not regex(r"\W*model card\W*", re.I).fullmatch(heading.text):
            continue
        first, last = page.section(heading)
        text = "\n".join(lines[first - 1 : last])
        if len(text.split()) >= 25:
            yield Card(page.path, heading.line, None, (), "")


def _card(page: Prose) -> Card:
    numbers = (*_of_front(page), *_of_tables(page))
    return Card(page.path, None, placeholders(page.text), numbers, page.text)


def plain(*words: str) -> str:
    """Names as they are compared: letters and digits only, in lower case."""
    return regex(r"[\W_]").sub("", "".join(words).lower())


def _subject(page: Prose) -> str:
    """The model that a row of the card's own facts names, such as `Model | forest`."""
    rows = [[clean(cell) for cell in row.cells] for table in page.tables for row in table.rows]
    return next((row[1] for row in rows if len(row) == 2 and plain(row[0]) in ("model", "modelname")), "")


def _of_tables(page: Prose) -> Iterator[Number]:
    subject = _subject(page)
    for table in page.tables:
        for row in table.rows:
            cells = [clean(cell) for cell in row.cells]
            numeric = [i for i, cell in enumerate(cells) if i and NUMBER.match(cell)]
            for index in numeric:
                column = clean(table.header.cells[index]) if index < len(table.header.cells) else ""
                above = page.above(row.line)
                around = (subject, above.text if above else "", column, cells[0])
                yield _number(row.line, around, cells[index], alone=len(numeric) == 1)


def _number(line: int, around: tuple[str, str, str, str], cell: str, *, alone: bool) -> Number:
    subject, section, column, label = around
    found = NUMBER.match(cell)
    assert found is not None  # noqa: S101 (the caller chose the cell by this pattern)
    pairs = [(subject, column, label), (subject, label), (section, column, label), (section, label)]
    names = tuple(plain(*pair) for pair in [*pairs, (column, label), (label, column), (label,)])
    literal = found["number"]
    percent = bool(found["percent"]) or "%" in column or "%" in label
    value = float(literal.replace(",", ""))
    shown = label if alone else f"{label} ({column})"
    return Number(line, names, shown, literal, value, len(found["decimals"] or ""), percent, alone)


def _of_front(page: Prose) -> Iterator[Number]:
    """The results that a Hugging Face card states in its front matter (`model-index`)."""
    if "model-index" not in page.front:
        return
    try:
        documents: Any = read_yaml(page.front)
    except Malformed:
        return
    lines = page.text.split("\n")
    for label, value in _results(documents):
        literal = str(value)
        line = next(
            (n for n, text in enumerate(lines, 1) if re.search(rf"value:\s*{re.escape(literal)}\s*$", text)),
            1,
        )
        decimals = len(literal.partition(".")[2]) if "e" not in literal else 12
        yield Number(line, (plain(label),), label, literal, float(value), decimals, percent=False, alone=True)


def _results(value: Any) -> Iterator[tuple[str, float]]:
    match value:
        case {"value": int() | float() as number, "type": str() as kind} if not isinstance(number, bool):
            yield str(value.get("name") or kind), number
        case dict():
            for key, inner in value.items():
                if key in ("model-index", "results", "metrics"):
                    yield from _results(inner)
        case list() | tuple():
            for inner in value:
                yield from _results(inner)
