"""Scripts, documents and notebooks in R and Julia: their code without comments, and where its lines stand.

What tells comments and strings from code is here for Scala and Java too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.notebooks.cells import Notebook, notebooks
from mlscaffold.repo.python.facts import Source, Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, is_own

Language = Literal["R", "julia", "scala", "java"]

SUFFIXES: dict[str, Language] = {".r": "R", ".jl": "julia"}
DOCUMENTS = (".rmd", ".qmd", ".rnw")
MOST = 300_000
TESTS = regex(r"(?:^|/)\.?(?:tests?|testthat|runtests\.jl)(?:/|$)", re.IGNORECASE)
CHUNK = regex(r"^[ \t]*(?:>[ \t]*)?(`{3,})[ \t]*\{[ \t]*(r|julia)\b([^}\n]*)\}[ \t]*$", re.IGNORECASE)
NOT_RUN = regex(r"\beval[ \t]*=[ \t]*(?:F|FALSE|false)\b")
OPENS: dict[Language, re.Pattern[str]] = {
    "R": regex(r"#|[rR]\"-*\(|\"|'|`"),
    "julia": regex(r"#=|#|\"\"\"|\"|'(?:\\.|[^'\\])'"),
    "scala": regex(r"//|/\*|\"\"\"|\"|'(?:\\.|[^'\\])'|`"),
    "java": regex(r"//|/\*|\"\"\"|\"|'(?:\\.|[^'\\])'"),
}
REST = {quote: regex(rf"(?:\\.|[^{quote}\\])*{quote}", re.S) for quote in "\"'`"}
FENCED = {"#=": "=#", "/*": "*/", '"""': '"""'}


class Script(NamedTuple):
    """One source. `code` has neither comments nor what strings say; `told` has the strings."""

    source: Source
    language: Language
    code: str
    told: str

    @property
    def path(self) -> str:
        """Where it lies."""
        return self.source.path

    def spot(self, text: str, at: int) -> Spot:
        """Where the offset `at` of `text` stands: of `code`, of `told`, or of what has the same lines."""
        return self.source.spot(text.count("\n", 0, at) + 1)


@fact
def scripts(repo: Repo) -> tuple[Script, ...]:
    """The repository's own scripts by path: no tests, and none of a package that others install."""
    return tuple(_all(repo))


def _all(repo: Repo) -> Iterator[Script]:
    for path in repo.files:
        suffix = path[path.rfind(".") :].lower()
        if (suffix in SUFFIXES or suffix in DOCUMENTS) and _asked(repo, path):
            text = (repo.raw(path) or b"").decode("utf-8", "replace")
            yield from _written(path, suffix, text.replace("\r\n", "\n"))
    for book in notebooks(repo):
        if book.language in ("r", "julia") and is_own(book.path):
            yield noted(book, "R" if book.language == "r" else "julia")


def _asked(repo: Repo, path: str) -> bool:
    if repo.files[path].size > MOST or not is_own(path) or TESTS.search(path):
        return False
    return not any(p in packages(repo) for p in _above(path))


def _above(path: str) -> Iterator[str]:
    while path:
        path = folder(path)
        yield path


@fact
def packages(repo: Repo) -> frozenset[str]:
    """The folders that hold a package of R or of Julia; who keeps a manifest runs the package himself."""
    found = {folder(p) for p in repo.by_name.get("namespace", ()) if _beside(repo, p, "DESCRIPTION")}
    for path in repo.by_name.get("project.toml", ()):
        name = regex(rb"^name\s*=\s*\"(\w+)\"", re.M).search(repo.raw(path) or b"")
        kept = _beside(repo, path, "Manifest.toml")
        if name and not kept and _beside(repo, path, f"src/{name[1].decode()}.jl"):
            found.add(folder(path))
    return frozenset(found)


def _beside(repo: Repo, path: str, name: str) -> bool:
    return f"{folder(path)}/{name}".lstrip("/") in repo.files


def _written(path: str, suffix: str, text: str) -> Iterator[Script]:
    if suffix in SUFFIXES:
        yield Script(Source(path), SUFFIXES[suffix], *stripped(text, SUFFIXES[suffix]))
        return
    parts: dict[Language, list[str]] = {"R": [], "julia": []}
    running: list[str] | None = None
    fence = ""
    for line in text.split("\n"):
        opened = CHUNK.match(line) if not fence else None
        if fence and line.strip() == fence:
            running, fence = None, ""
        for lines in parts.values():
            lines.append(line if lines is running else "")
        if opened:
            fence = opened[1]
            running = None if NOT_RUN.search(opened[3]) else parts["R" if opened[2] in "rR" else "julia"]
    for language, lines in parts.items():
        if any(lines):
            yield Script(Source(path), language, *stripped("\n".join(lines), language))


def noted(book: Notebook, language: Language) -> Script:
    """The code of a notebook's cells as one script."""
    source, places = Source(book.path), list[tuple[int, int]]()
    for cell in book.cells:
        places += [(cell.number, inside) for inside in range(1, cell.source.count("\n") + 2)]
    source.where = _places(book, places)
    return Script(source, language, *stripped("\n".join(c.source for c in book.cells)[:MOST], language))


def _places(book: Notebook, places: list[tuple[int, int]]) -> Callable[[int], Spot]:
    def where(line: int) -> Spot:
        cell, inside = places[min(line, len(places)) - 1]
        return Spot(book.path, book.line(cell, inside), cell, inside)

    return where


def stripped(text: str, language: Language) -> tuple[str, str]:
    """The code without comments and with empty strings, and the code without comments; lines stay."""
    code, told, start, position = list[str](), list[str](), 0, 0
    gone = set[str]()
    while opened := OPENS[language].search(text, position):
        kind = opened[0]
        end = -1 if kind in gone else _end(text, kind, opened.end())
        if end < 0:
            gone.add(kind)
            position = opened.end()
            continue
        for parts in (code, told):
            parts.append(text[start : opened.start()])
        breaks = "\n" * text.count("\n", opened.start(), end)
        comment = kind[0] in "#/"
        code.append(breaks if comment else f'""{breaks}' if kind != "`" else text[opened.start() : end])
        told.append(breaks if comment else text[opened.start() : end])
        start = position = end
    return "".join([*code, text[start:]]), "".join([*told, text[start:]])


def _end(text: str, kind: str, start: int) -> int:
    """Where what opens before `start` ends; -1 where nothing closes it."""
    if kind in ("#", "//"):
        found = text.find("\n", start)
        return found if found >= 0 else len(text)
    if kind[0] in "rR":
        return _after(text, ")" + "-" * kind.count("-") + '"', start)
    if kind in FENCED:
        return _after(text, FENCED[kind], start)
    if len(kind) > 1:
        return start
    rest = REST[kind].match(text, start)
    return rest.end() if rest else -1


def _after(text: str, close: str, start: int) -> int:
    found = text.find(close, start)
    return found + len(close) if found >= 0 else -1
