"""What the bytes of Python files say: kept from an earlier run, or read now, by several processes."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from mlscaffold.digests import blake2b
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.secrets import find
from mlscaffold.repo.notebooks.as_python import python_of
from mlscaffold.repo.python.facts import Interest, Source
from mlscaffold.repo.python.interest import interest
from mlscaffold.repo.python.ordering_walk import listings, lists_data
from mlscaffold.repo.python.packed import pack, unpack
from mlscaffold.repo.python.parse import Parsed, parse
from mlscaffold.repo.python.steps import fits_steps
from mlscaffold.repo.python.walk import walk
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.workers import processors, spread

RELATIVE = regex(rb"^[ \t]*from[ \t]*\.", re.M)
PAYS = 500_000
"""Bytes to parse from which several processes are sooner done than this one alone."""

PIECE = 100_000
BETWEEN = "\n\0\n"
LONGEST = 1_000_000
"""Bytes of one source: a syntax tree takes some hundred times the memory of its text."""


class Script(NamedTuple):
    """A file to be read: where, and its bytes; of a notebook, the cells and their bytes."""

    path: str
    raw: bytes
    cells: tuple[str, ...] | None = None


def of_cells(path: str, cells: tuple[str, ...]) -> Script:
    """A notebook to be read."""
    return Script(path, BETWEEN.join(cells).encode("utf-8", "surrogatepass"), cells)


def summaries(repo: Repo, scripts: Iterable[Script]) -> Iterator[Source]:
    """The summary of each, in any order; role and places are left to the caller."""
    if repo.cache is None:
        yield from _read(repo, list(scripts))
        return
    waiting: dict[bytes, list[Script]] = {}
    for script in scripts:
        waiting.setdefault(_key(repo, script), []).append(script)
    fresh: list[Script] = []
    for key, text in repo.cache.several(list(waiting)):
        for script in waiting.pop(key):
            known = _kept(text, script)
            if known is None:
                fresh.append(script)
            else:
                yield known
    yield from _read(repo, [*fresh, *(script for several in waiting.values() for script in several)])


def summarise(script: Script, wanted: Interest) -> Source:
    """Parse and walk one file."""
    source = Source(script.path)
    if script.cells is not None:
        _summarise_cells(script.cells, script.raw, source, wanted)
        return source
    if len(script.raw) > LONGEST:
        source.unread = (1, f"is larger than the {LONGEST // 1_000_000} MB of source that the audit parses")
        return source
    parsed = parse(script.raw)
    take(parsed, source, {}, wanted, 0)
    if parsed.tree is not None:
        _follow(parsed.tree, script.raw, source)
    source.broken = bool(parsed.reason)
    if source.broken:
        source.unread = (parsed.line, parsed.reason)
    return source


def take(parsed: Parsed, source: Source, scope: dict[str, str], wanted: Interest, offset: int) -> None:
    """Add what a tree says to `source`; one that nests beyond what Python can walk is noted there."""
    if parsed.tree is not None:
        try:
            walk(parsed.tree, source, scope, wanted, offset)
        except RecursionError:
            source.unread = source.unread or (offset + 1, "nests too deeply to be read")


def _summarise_cells(cells: tuple[str, ...], raw: bytes, source: Source, wanted: Interest) -> None:
    """All code cells as one source: they share their names, as they share their kernel."""
    scope: dict[str, str] = {}
    whole, whole_matters = ast.Module([], []), fits_steps(raw)
    base = 0
    for cell in cells:
        text = python_of(cell)
        if text.strip():
            parsed = parse(text)
            take(parsed, source, scope, wanted, base)
            if parsed.reason and source.unread is None:
                source.unread = (base + parsed.line, f"has a cell that {parsed.reason}")
            if parsed.tree is not None and whole_matters:
                whole.body += ast.increment_lineno(parsed.tree, base).body
        base += cell.count("\n") + 1
    _follow(whole, raw, source)


def _follow(tree: ast.Module, raw: bytes, source: Source) -> None:
    """What needs the whole tree, where the bytes can hold any of it."""
    with contextlib.suppress(RecursionError):
        if fits_steps(raw):
            from mlscaffold.repo.python.leakage_scopes import follow, wrapping  # few repositories need it

            source.wrappers = wrapping(tree)
            source.fits, source.written, source.parted = follow(tree, source.wrappers)
        if not source.notebook and lists_data(raw):
            source.listings = list(listings(tree))


def _read(repo: Repo, scripts: list[Script]) -> Iterator[Source]:
    asked = interest(repo)
    if sum(len(script.raw) for script in scripts) < PAYS or processors() < 2:
        for script in scripts:
            source = summarise(script, asked)
            if repo.cache is not None and (text := _storable(script, source)):
                repo.cache.put(_key(repo, script), text)
            yield source
        return
    for piece, answers in spread(partial(_many, asked), list(_pieces(scripts)), processors()):
        for script, (text, storable) in zip(piece, answers, strict=True):
            if text and storable and repo.cache is not None:
                repo.cache.put(_key(repo, script), text)
            yield unpack(json.loads(text), script.path) if text else summarise(script, asked)


def _pieces(scripts: list[Script]) -> Iterator[list[Script]]:
    """The files in parts of about one size, large files first, so that the last parts are short."""
    part: list[Script] = []
    size = 0
    for script in sorted(scripts, key=lambda s: -len(s.raw)):
        part.append(script)
        size += len(script.raw)
        if size >= PIECE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _many(wanted: Interest, scripts: Sequence[Script]) -> list[tuple[str, bool]]:
    """In another process: each summary as text, empty where it cannot be, and whether it may be kept."""
    answers = []
    for script in scripts:
        try:
            text = pack(summarise(script, wanted))
        except (TypeError, ValueError, RecursionError):
            text = ""
        answers.append((text, not _secret(script.raw)))
    return answers


def _kept(text: str, script: Script) -> Source | None:
    try:
        known: Any = json.loads(text)
        return unpack(known, script.path) if isinstance(known, dict) else None
    except (ValueError, RecursionError):
        return None


def _storable(script: Script, source: Source) -> str:
    try:
        return "" if _secret(script.raw) else pack(source)
    except (TypeError, ValueError, RecursionError):
        return ""


def _secret(raw: bytes) -> bool:
    """Whether the bytes hold a credential: nothing of such a file is kept, because constants are."""
    return next(find(raw), None) is not None


def _key(repo: Repo, script: Script) -> bytes:
    """Relative imports are the one thing in a summary that depends on the folder."""
    assert repo.cache is not None  # noqa: S101 (for the type checker: callers ask first)
    folder = script.path.rpartition("/")[0] if RELATIVE.search(script.raw) else ""
    reader = "python" if script.cells is None else "notebook"
    return repo.cache.key(reader, script.raw, f"{wanted(repo)} {folder}")


@fact
def wanted(repo: Repo) -> str:
    """What names the interest of this run: another standard or catalogue keeps other calls."""
    w = interest(repo)
    text = repr([sorted(w.roots), sorted(w.methods), sorted(w.keywords), w.names.pattern, w.strings.pattern])
    return blake2b(text.encode(), digest_size=12).hexdigest()
