"""A rule's page for a reader at a terminal: what to know first, and prose in the terminal's width."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from mlscaffold.lazy import regex
from mlscaffold.page import FENCE
from mlscaffold.report.terminal import Terminal

FIRST = ("## Why", "## How to fix", "## When it does not apply")
CASES = ("## Example", "## Quiet", "## Unknown")
MARKED = regex(r"(?P<indent>[ \t]*)(?P<mark>[-*] |\d+\. )")
STANDS = regex(r"[ \t]*(?:#|\||$)| {4}")
"""Lines that are no part of a paragraph: headings, tables, code."""


def in_short(text: str, code: str) -> str:
    """The page with the first of its cases alone, and how many there are beyond."""
    head, *sections = _sections(text)
    cases = [section for section in sections if section.startswith(CASES)]
    shown = [section for section in sections if section.startswith(FIRST) or section in cases[:1]]
    page = head + "".join(shown)
    if not cases[1:]:
        return page
    quiet = sum(section.startswith("## Quiet") for section in cases[1:])
    return (
        f"{page.rstrip()}\n\n{len(cases) - 1} more {'cases' if cases[2:] else 'case'}, of which {quiet} "
        f"must stay quiet: mlscaffold explain --all {code}\n"
    )


def _sections(text: str) -> Iterator[str]:
    """What stands before the first heading of the second level, then each such heading with what follows."""
    fences = [fence.span() for fence in FENCE.finditer(text)]
    heads = [hit.start() for hit in regex(r"(?m)^## ").finditer(text)]
    starts = [0, *(at for at in heads if not any(start < at < end for start, end in fences)), len(text)]
    yield from (text[start:end] for start, end in pairwise(starts))


def laid_out(text: str, terminal: Terminal) -> str:
    """The text with its paragraphs, items and outcomes in the terminal's width; files stay as they are."""
    if not terminal.width:
        return text
    parts, start = list[str](), 0
    for fence in FENCE.finditer(text):
        said = fence[0]
        if fence["info"].strip().startswith("outcome"):
            rows = [terminal.wrap(line.lstrip(), _indent(line), "    ") for line in said.split("\n")]
            said = "\n".join(line for row in rows for line in row)
        parts += [_prose(text[start : fence.start()], terminal), said]
        start = fence.end()
    return "".join([*parts, _prose(text[start:], terminal)])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _prose(text: str, terminal: Terminal) -> str:
    lines: list[str] = []
    for paragraph in _paragraphs(text.split("\n")):
        marked = MARKED.match(paragraph)
        hanging = " " * len(marked[0]) if marked else ""
        stands = "\n" in paragraph or STANDS.match(paragraph)
        lines += [paragraph] if stands else terminal.wrap(paragraph, "", hanging)
    return "\n".join(lines)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Each paragraph or list item on one line; other lines as they are."""
    running: list[str] = []
    for line in lines:
        ends = STANDS.match(line) and not (running and line.strip() and line.startswith(" "))
        if running and (ends or MARKED.match(line)):
            yield _joined(running)
            running = []
        if ends:
            yield line
        else:
            running.append(line)
    if running:
        yield _joined(running)


def _joined(lines: list[str]) -> str:
    return " ".join([lines[0].rstrip(), *(line.strip() for line in lines[1:])])
