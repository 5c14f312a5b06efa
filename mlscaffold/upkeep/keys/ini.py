"""INI files in the dialect of configparser (setup.cfg, .editorconfig, .dvc/config) as a lossless tree."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.upkeep.keys.identity import IN_ORDER, word_key
from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf, Node, NotByKeys, entry_text, header_end, place

HEADER = regex(r"[ \t]*\[([^\n]+)\][^\n]*\n")
OPTION = regex(r"([ \t]*+)([^=:\n]*+)[=:][ \t]*")
BEFORE_HEADERS = "[before the first header]\n"


def parse(text: str, _path: str) -> Branch:
    """The tree of an INI file; raises NotByKeys where configparser would not read it."""
    try:
        configparser.RawConfigParser(strict=True).read_string(BEFORE_HEADERS + text)
    except configparser.Error as error:
        raise NotByKeys(f"it is not an INI file: {error.message}") from error
    start = header_end(text)
    lines = regex(r"[^\n]*\n").findall(text[start:])
    entries = tuple(sections(lines))
    foot = text[start + sum(len(entry_text(entry)) for entry in entries) :]
    return Branch("table", "lines", entries, text[:start], foot, airy=True)


def sections(lines: list[str]) -> Iterator[Entry]:
    """The options before the first header as the section without a name, then one section a header."""
    lead, opening, name, pos = "", "", "", 0
    while True:
        options, trivia, pos = body(lines, pos, name)
        last = pos == len(lines)
        indent = options[0].lead.rpartition("\n")[2] if options else ""
        value = Branch("table", "lines", tuple(options), indent=indent)
        yield Entry(name, lead, opening, value)
        if last:
            return
        found = HEADER.match(lines[pos])
        if not found:
            raise NotByKeys(f"it has a line that is neither section nor option: {lines[pos].strip()[:60]}")
        lead, opening, name, pos = trivia, lines[pos], found[1], pos + 1


def body(lines: list[str], pos: int, section: str) -> tuple[list[Entry], str, int]:
    """The options up to the next header, the comments behind them, and where these end."""
    options: list[Entry] = []
    lead = ""
    while pos < len(lines):
        line = lines[pos]
        if is_trivia(line):
            lead += line
            pos += 1
            continue
        found = OPTION.match(line)
        if HEADER.match(line) or not found:
            break
        end = continued(lines, pos, len(found[1]))
        options.append(option(lines[pos:end], found, lead, section))
        lead, pos = "", end
    return options, lead, pos


def is_trivia(line: str) -> bool:
    """Whether the line is blank or a comment."""
    return not line.strip() or line.lstrip()[0] in "#;"


def continued(lines: list[str], pos: int, indent: int) -> int:
    """Where the option at `pos` ends: behind the last line that is indented more than it."""
    end = pos + 1
    for at in range(pos + 1, len(lines)):
        deeper = len(lines[at]) - len(lines[at].lstrip(" \t")) > indent
        if not is_trivia(lines[at]):
            if not deeper:
                break
            end = at + 1
    return end


def option(lines: list[str], found: re.Match[str], lead: str, section: str) -> Entry:
    """One option; a value of several lines that begins below its key is a set of lines."""
    key = found[2].strip().lower()
    path = place(section, "table", key)
    first = lines[0][found.end() :]
    opening = lines[0][len(found[1]) : found.end()]
    lead += found[1]
    value: Node
    if len(lines) > 1 and not first.strip() and not IN_ORDER.search(path):
        value = items(lines[1:], path)
        return Entry(key, lead, opening + first, value)
    written = "".join([first, *lines[1:]]).rstrip("\n")
    words = [line.strip() for line in written.split("\n") if not is_trivia(line)]
    return Entry(key, lead, opening, Leaf(written, "\n".join(words), "\n".join(words)), tail="\n")


def items(lines: list[str], path: str) -> Branch:
    """The lines of a value, each an item."""
    entries: list[Entry] = []
    lead = ""
    for line in lines:
        if is_trivia(line):
            lead += line
            continue
        word = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        entries.append(
            Entry(
                word_key(path, word),
                lead + indent,
                "",
                Leaf(word, word, word),
                tail=line[len(indent + word) :],
            )
        )
        lead = ""
    return Branch("set", "lines", tuple(entries), indent=entries[0].lead.rpartition("\n")[2])
