"""Columns of personal data in tracked tables and in the saved outputs of notebooks: counted, never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.personal_kinds import is_email, kind_of, may_hold
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.cells import Notebook, committed_with_outputs
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

TABLES = (".csv", ".tsv", ".psv")
RECORDS = (".jsonl", ".ndjson", ".json")
HEAD = 100_000
"""Bytes of a file, and characters of an output, that are looked at."""

MOST_FILES = 500
MOST_RECORDS = 500
LEAST_ROWS = 5
LEAST_SHOWN = 3
"""So many values make a column of a file, and of an output, which shows the first rows alone."""

MADE_UP = regex(
    r"synth|fake|faker|mock|dummy|generated|simulat|example|demo|fictit|made.?up|artificial|anonymi"
    r"|pseudonym|placeholder",
    re.I,
)
INVENTED = regex(
    r"\b(?:synthetic(?:ally)?|simulated|fictitious|fictional|fake|invented|made[ -]up"
    r"|artificial)\b[^.\n]{0,60}"
    r"\b(?:data|records?|people|persons?|customers?|users?|patients?|names?|e-?mails?|phone|tables?"
    r"|transactions?)\b"
    r"|\b(?:data|records?|people|persons?|customers?|users?|patients?|names?|e-?mails?|addresses"
    r"|tables?)\b[^.\n]{0,60}"
    r"\b(?:synthetic|simulated|fictitious|fictional|fake|invented|made[ -]up|artificial|generated)\b"
    r"|\bfaker\b|\bmockaroo\b|\banonymi[sz]ed|\bpseudonymi[sz]ed",
    re.I,
)
"""How a page says that nobody real is meant."""

PEOPLE = regex(
    r"author|maintainer|contributor|codeowners|reviewer|mailmap|credits|members?\b|team|staff|citation"
    r"|committee|speaker"
    r"|organi[sz]er",
    re.I,
)
"""Lists of who takes part, who wished to be named."""

GENERATOR = regex(rb"^[ \t]*(?:import|from)[ \t]+(?:faker|mimesis|sdv|factory_boy|factory)\b", re.M)
ROW = regex(r"<tr[^>]{0,200}>(.*?)</tr>", re.S | re.I)
FIELD = regex(r"<t([hd])[^>]{0,200}>(.*?)</t[hd]>", re.S | re.I)
FRAME_ROW = regex(r"^\d{1,9}\s")


class Personal(NamedTuple):
    """One column, or output, with personal data: its kind and how many distinct values were seen."""

    path: str
    line: int | None
    cell: int | None
    kind: str
    seen: int
    where: str


@fact
def personal_data(repo: Repo) -> tuple[Personal, ...]:
    """Every such column, by path; at most one of each kind in a file or notebook."""
    found = [*_in_files(repo), *_in_notebooks(repo)]
    return tuple({(one.path, one.kind): one for one in reversed(found)}.values())[::-1]


@fact
def made_up(repo: Repo) -> str:
    """What says that the people of the data were invented, or left out: a path, or nothing."""
    page = front_page(repo)
    if page and INVENTED.search(page.text):
        return page.path
    code = (path for path in repo.files if path.endswith((".py", ".ipynb")))
    return next(
        (path for path in code if b"ak" in (raw := repo.raw(path) or b"") and GENERATOR.search(raw)), ""
    )


def data_paths(repo: Repo) -> Iterator[str]:
    """The tracked tables that are no samples, no tests and no lists of those who take part."""
    for path, entry in repo.files.items():
        name = path.rpartition("/")[2]
        if not name.lower().endswith((*TABLES, *RECORDS)) or not entry.tracked or not is_own(path):
            continue
        if not SAMPLE.search(path) and not MADE_UP.search(path) and not PEOPLE.search(name):
            yield path


def _in_files(repo: Repo) -> Iterator[Personal]:
    for path in islice(data_paths(repo), MOST_FILES):
        try:
            head = repo.tree.read(path, HEAD)
        except OSError:
            continue
        if not may_hold(head):
            continue
        from mlscaffold.repo.committed.personal_tables import table_of  # few files come so far

        if table := table_of(repo, path, head, whole=len(head) < HEAD):
            for index, name in enumerate(table.header):
                values = [row[index] for _, row in table.rows if index < len(row)]
                kind, count = kind_of(name, values, LEAST_ROWS)
                if kind:
                    yield Personal(table.path, None, None, kind, count, f"in column {index + 1}")


def _in_notebooks(repo: Repo) -> Iterator[Personal]:
    for book in committed_with_outputs(repo):
        if is_own(book.path) and not SAMPLE.search(book.path) and _may_show(repo, book):
            yield from _outputs(book)


def _may_show(repo: Repo, book: Notebook) -> bool:
    """A first look; what git has is another text than the file where a filter stands between them."""
    if book.raw != repo.raw(book.path):
        return may_hold(book.raw)
    return any(hits(repo, "personal", [book.path], lambda _path, raw: may_hold(raw)))


def _outputs(book: Notebook) -> Iterator[Personal]:
    for cell, text in islice(book.texts(), MOST_RECORDS):
        short = text[:HEAD]
        for kind, count in _html(short) if "<td" in short else _frame(short):
            yield Personal(book.path, book.line(cell, part="outputs"), cell, kind, count, "in an output")


def _html(text: str) -> Iterator[tuple[str, int]]:
    """The kinds of an HTML table's columns; row labels stand under an empty head."""
    import html

    rows = [[html.unescape(value) for _, value in FIELD.findall(row)] for row in ROW.findall(text)]
    for index, head in enumerate(rows[0] if rows else ()):
        kind, count = kind_of(head, [row[index] for row in rows[1:] if index < len(row)], LEAST_SHOWN)
        if kind:
            yield kind, count


def _frame(text: str) -> Iterator[tuple[str, int]]:
    """The e-mail addresses in the rows of a printed table."""
    if text.count("@") >= LEAST_SHOWN:
        rows = (line.split() for line in text.split("\n") if FRAME_ROW.match(line))
        shown = {word for row in rows for word in row if "@" in word and is_email(word)}
        if len(shown) >= LEAST_SHOWN:
            yield "e-mail addresses", len(shown)


def has_shown(repo: Repo) -> bool:
    """Whether some notebook of the repository's own is tracked with outputs."""
    return any(
        is_own(book.path) and regex(rb"\"(?:text|data)").search(book.raw)
        for book in committed_with_outputs(repo)
    )
