"""Documents that people wrote, in Markdown, reStructuredText, org, AsciiDoc or plain text, by their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo

SUFFIXES = (
    "", ".md", ".markdown", ".mkd", ".mdown", ".mdx", ".qmd", ".rmd",
    ".rst", ".rest", ".org", ".txt", ".text", ".adoc", ".asciidoc", ".textile", ".html", ".htm",
)  # fmt: skip

ATX = regex(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*$")
ASCIIDOC = regex(r"^(={1,6})\s+(\S.*)$")
ORG = regex(r"^(\*{1,6})\s+(\S.*)$")
HTML = regex(r"<h([1-6])\b[^>]{0,300}>(.{0,300}?)</h\1\s*>", re.I | re.S)
BOLD = regex(r"^\s{0,3}(?:\*\*|__)([^*_]{2,60})(?:\*\*|__)\s*:?\s*$")
UNDERLINE = regex(r"^(?P<c>[=\-~^\"'`#*+.:])(?P=c){2,}\s*$")
FENCE = regex(r"^[\s>]*(`{3,}(?!.*`)|~{3,})")
"""What opens or closes a block; between backticks on one line stands a literal."""

OPENS = regex(r"^[\s>]*(?:`{3,}|~{3,})[ \t]*\w[\w+.-]*[ \t]*$")
"""A fence with the name of a language only opens, also where the block before it was left open."""

ITEM = regex(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
"""An item of a list; one that is indented below another item is no code."""

MARKDOWN = (".md", ".markdown", ".mkd", ".mdown", ".mdx", ".qmd", ".rmd")
RESTRUCTURED = (".rst", ".rest")
BLOCK_START = regex(r"^\s*#\+begin_(src|example)", re.I)
BLOCK_END = regex(r"^\s*#\+end_(src|example)", re.I)
LITERAL = regex(r"^\s*(?:\.\. (?:code(?:-block)?|sourcecode|prompt|parsed-literal)::|(?!\.\.).*::\s*$)")
DELIMITER = regex(r"^(-{4,}|\.{4,})\s*$")
INLINE = regex(r"``([^`\n]+)``|`([^`\n]+)`|(?<![\w=])=([^=\n]{2,80})=(?![\w=])")
LINK = regex(
    r"\]\([ \t]*<?([^)\s>\]]{1,500})>?[^)\n\]]{0,200}\)|^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*(\S{1,500})", re.M
)
OTHER_LINK = regex(
    r"""`[^`<\n]{0,200}<([^>`\s]{1,500})>`_|\[\[(?:file:)?([^\]\n]{1,300})\](?:\[|\])|link:(\S{1,300}?)\["""
    r"""|(?:href|src)=["']([^"'\n]{1,500})["']|:doc:`(?:[^`<\n]{0,200}<)?([^`>\n]{1,300})>?`"""
    r"""|^[ \t]*\.\.[ \t]+include::[ \t]+(\S{1,300})""",
    re.M | re.I,
)
TAG = regex(
    r"<[^>\n]{1,400}>|!\[[^\]\[]{0,300}\]\([^)(\]]{0,500}\)|\]\([^)\]]{0,500}\)|\]\[[^\]\[]{0,300}\]|https?://\S+|&\w+;"
)
COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.S)
FRONT = regex(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
RULE = regex(r"^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
LIMIT = 500_000
"""As many characters of a document are read; no person reads further."""

WORD = regex(r"[^\W\d_]{2,}")
IDEOGRAPH = regex(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Heading(NamedTuple):
    """A heading; `level` 1 is the highest."""

    line: int
    level: int
    text: str


class Code(NamedTuple):
    """One line of a code block (`block`) or one literal within a sentence."""

    line: int
    text: str
    block: bool


class Row(NamedTuple):
    """One row of a table."""

    line: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """A pipe table: its header row and the rows below."""

    header: Row
    rows: tuple[Row, ...]


class Prose(NamedTuple):
    """What a document says, by kind. Line numbers are those of the file."""

    path: str
    text: str
    front: str
    headings: tuple[Heading, ...]
    code: tuple[Code, ...]
    tables: tuple[Table, ...]
    said: tuple[Code, ...]
    """The lines that are neither heading nor code."""

    @property
    def words(self) -> int:
        """How many words of sentences it holds, without headings, code, addresses and markup."""
        plain = "\n".join(line.text for line in self.said)
        if plain.isascii():
            return len(WORD.findall(plain))
        return len(WORD.findall(IDEOGRAPH.sub(" ", plain))) + len(IDEOGRAPH.findall(plain)) // 2

    def section(self, heading: Heading) -> tuple[int, int]:
        """First and last line below `heading`, up to the next heading that is not of a lower level."""
        after = (h.line for h in self.headings if h.line > heading.line and h.level <= heading.level)
        return heading.line + 1, next(after, self.text.count("\n") + 2) - 1

    def above(self, line: int) -> Heading | None:
        """The last heading before `line`."""
        return next((h for h in reversed(self.headings) if h.line < line), None)

    def around(self, line: int) -> Iterator[Heading]:
        """The headings of the sections that hold `line`, the innermost first."""
        level = 7
        for heading in reversed(self.headings):
            if heading.line < line and heading.level < level:
                level = heading.level
                yield heading

    def links(self) -> Iterator[tuple[int, str]]:
        """Line and target of each link."""
        for pattern in (LINK, OTHER_LINK):
            for found in pattern.finditer(self.text):
                target = next((group for group in found.groups() if group), "")
                yield self.text.count("\n", 0, found.start()) + 1, target


def decoded(raw: bytes) -> str:
    """Text for people to read in whatever encoding it was saved; what cannot be told is replaced."""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return raw.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n")


def prose(repo: Repo, path: str) -> Prose | None:
    """The document at `path`, or `None` where it cannot be read."""
    raw = repo.raw(path)
    return None if raw is None else parse(path, decoded(raw))


def parse(path: str, text: str) -> Prose:
    """Read a document; the shape of its marks, not only its suffix, decides what they mean."""
    text = text[:LIMIT]
    front = FRONT.match(text)
    start = text.count("\n", 0, front.end()) if front else 0
    visible = COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    lines = visible.split("\n")
    code = list(_code(path, lines, start))
    blocks = {c.line for c in code if c.block}
    headings = sorted({h.line: h for h in _headings(path, visible, lines, blocks, start)}.values())
    tables = tuple(_tables(lines, blocks))
    titles = {h.line for h in headings}
    said = tuple(
        Code(number, " ".join(TAG.sub(" ", line).split()), block=False)
        for number, line in enumerate(lines, 1)
        if number > start and number not in blocks and number not in titles and line.strip()
    )
    return Prose(path, visible, front[1] if front else "", tuple(headings), tuple(code), tables, said)


def _code(path: str, lines: list[str], start: int) -> Iterator[Code]:
    close, listed = "", False
    below = _literal(lines) if path.lower().endswith(RESTRUCTURED) else frozenset()
    for number, line in enumerate(lines[start:], start + 1):
        fence = None if path.lower().endswith(RESTRUCTURED) else FENCE.match(line)
        indented = line.startswith(("    ", "\t")) and not line.isspace()
        item = not close and ITEM.match(line) is not None and (listed or not indented)
        listed = item or (listed and not line[:1].strip())
        if close:
            if _closes(close, line):
                close = ""
                yield Code(number, "", block=True)
            else:
                yield Code(number, line.lstrip("> ").rstrip(), block=True)
        elif fence or BLOCK_START.match(line) or (path.endswith("doc") and DELIMITER.match(line)):
            close = fence[1] if fence else "org" if "#+" in line else line.strip()
            yield Code(number, "", block=True)
        elif (indented and not item) or number in below:
            yield Code(number, line.strip(), block=True)
        else:
            for literal in INLINE.finditer(line):
                yield Code(number, next(g for g in literal.groups() if g), block=False)


def _literal(lines: list[str]) -> frozenset[int]:
    """The lines of reStructuredText that are indented below a directive for code, or below `::`."""
    found, indent = set(), -1
    for number, line in enumerate(lines, 1):
        lead = len(line) - len(line.lstrip())
        if indent >= 0 and line.strip() and lead <= indent:
            indent = -1
        if indent >= 0 and line.strip():
            found.add(number)
        elif indent < 0 and LITERAL.search(line):
            indent = lead
    return frozenset(found)


def _closes(mark: str, line: str) -> bool:
    if mark == "org":
        return BLOCK_END.match(line) is not None
    return line.strip() == mark or (FENCE.match(line) is not None and mark in line and not OPENS.match(line))


def _headings(path: str, text: str, lines: list[str], blocks: set[int], start: int) -> Iterator[Heading]:
    for found in HTML.finditer(text):
        yield Heading(text.count("\n", 0, found.start()) + 1, int(found[1]), clean(found[2]))
    for number, line in enumerate(lines, 1):
        if number <= start or number in blocks or not line.strip():
            continue
        marked = ATX.match(line) or (ASCIIDOC.match(line) if path.endswith("doc") else None)
        marked = marked or (ORG.match(line) if path.endswith(".org") else None)
        if marked:
            yield Heading(number, len(marked[1]), clean(marked[2]))
        elif number < len(lines) and _underlines(path, lines[number]) and _is_title(lines, number):
            yield Heading(number, 1 if lines[number][0] == "=" else 2, clean(line))
        elif bold := BOLD.match(line):
            yield Heading(number, 7, clean(bold[1]))


def _underlines(path: str, line: str) -> bool:
    """Whether a line may be the underline of a title; in Markdown most marks open code or lists instead."""
    if path.lower().endswith(MARKDOWN) and not line.startswith(("=", "-")):
        return False
    return UNDERLINE.match(line) is not None


def _is_title(lines: list[str], number: int) -> bool:
    """Whether the line before an underline is a title: alone or under an overline, and no table."""
    line = lines[number - 1]
    before = lines[number - 2] if number > 1 else ""
    alone = not before.strip() or UNDERLINE.match(before) is not None
    return (
        alone and "|" not in line and not UNDERLINE.match(line) and not line.lstrip().startswith(("- ", "* "))
    )


def clean(text: str) -> str:
    """The words of a heading or cell, without markup."""
    return " ".join(regex(r"[*`_#]{1,3}(?=\S)|(?<=\S)[*`_]{1,3}").sub("", TAG.sub(" ", text)).split()).strip(
        " []:"
    )


def _tables(lines: list[str], blocks: set[int]) -> Iterator[Table]:
    number = 1
    while number < len(lines):
        rule = lines[number]
        if number in blocks or "|" not in lines[number - 1] or "-" not in rule or not RULE.match(rule):
            number += 1
            continue
        rows, end = [], number + 1
        while end < len(lines) and "|" in lines[end] and end + 1 not in blocks:
            rows.append(Row(end + 1, cells(lines[end])))
            end += 1
        yield Table(Row(number, cells(lines[number - 1])), tuple(rows))
        number = end + 1


def cells(line: str) -> tuple[str, ...]:
    """The cells of one row of a pipe table."""
    inner = line.strip()
    inner = inner.removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(cell.replace("\\|", "|").strip() for cell in regex(r"(?<!\\)\|").split(inner))
