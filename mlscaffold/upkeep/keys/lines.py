"""Files of one entry a line (.gitignore, requirements.in, CODEOWNERS) as a lossless tree."""

from __future__ import annotations

from pathlib import PurePosixPath

from mlscaffold.lazy import regex
from mlscaffold.upkeep.keys.identity import requirement
from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf, header_end

BY_PATTERN = (".gitattributes", "CODEOWNERS")
"""Files whose lines give something to the pattern that they begin with."""

LINE = regex(r"(?:[^\n]*\\\n)*[^\n]*\n")
"""A line, with those that a backslash joins to it."""


def parse(text: str, path: str) -> Branch:
    """The tree of the file; every text has one."""
    entries: list[Entry] = []
    start = pos = header_end(text)
    lead = ""
    while pos < len(text):
        end = text.index("\n", pos) + 1
        line = text[pos:end]
        if line.strip() and not line.lstrip().startswith("#"):
            found = LINE.match(text, pos)
            line = found[0] if found else line
            entries.append(entry(path, lead, line))
            lead = ""
        else:
            lead += line
        pos += len(line)
    return Branch("set", "lines", tuple(entries), text[:start], lead)


def entry(path: str, lead: str, line: str) -> Entry:
    """One line as an entry."""
    value = line[:-1]
    means = " ".join(value.split()) if PurePosixPath(path).name in BY_PATTERN else value.strip()
    return Entry(line_key(path, value), lead, "", Leaf(value, means, means), tail="\n")


def line_key(path: str, line: str) -> str:
    """What the line is known by: the distribution, the pattern, the variable, or all of it."""
    name = PurePosixPath(path).name
    words = line.split() or [line]
    if name in BY_PATTERN:
        return words[0]
    if name.startswith(".env"):
        return line.partition("=")[0].removeprefix("export ").strip()
    if PurePosixPath(path).suffix in (".in", ".txt") and not line.lstrip().startswith("-"):
        return requirement(line)
    return line.strip()
