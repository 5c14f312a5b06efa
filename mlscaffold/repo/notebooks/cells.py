"""Jupyter notebooks as data: cells, outputs, execution counts, and the lines of the JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mlscaffold.named import NamedTuple
from mlscaffold.repo.notebooks.lines import locate
from mlscaffold.repo.repo import Repo, fact


class Cell(NamedTuple):
    """One code cell. `number` counts all cells of the notebook from 1."""

    number: int
    source: str
    executed: int | None
    outputs: int


class Notebook:
    """A notebook's code cells, and the text of the others. `language` is the kernel's, in lower case."""

    def __init__(self, path: str, raw: bytes, language: str, cells: list[Any]) -> None:
        self.path, self.raw, self.language = path, raw, language
        self.cells, self.prose, self.total = tuple(_code_cells(cells)), tuple(_prose(cells)), len(cells)
        self._located: list[dict[str, list[int]]] = []

    @property
    def with_outputs(self) -> tuple[Cell, ...]:
        """The cells that carry saved outputs."""
        return tuple(cell for cell in self.cells if cell.outputs)

    @property
    def counts(self) -> tuple[tuple[int, Cell], ...]:
        """The execution counts present, with their cells, in the order of the notebook; 0 is none."""
        return tuple((cell.executed, cell) for cell in self.cells if cell.executed)

    def line(self, cell: int, cell_line: int = 1, part: str = "source") -> int:
        """The line of the JSON file where a line of a cell stands, or the cell's `outputs`."""
        while len(self._located) < cell and (more := next(self._rest, None)):
            self._located.append(more)
        here = self._located[cell - 1] if 0 < cell <= len(self._located) else {}
        lines = here.get(part) or here.get("cell") or [1]
        return lines[min(cell_line, len(lines)) - 1]

    @cached_property
    def _rest(self) -> Iterator[dict[str, list[int]]]:
        """Where the parts of the cells stand whose lines nobody asked for yet."""
        return locate(self.raw.decode("utf-8-sig", "replace"))

    def texts(self) -> Iterator[tuple[int, str]]:
        """The saved text and HTML outputs, each with the number of its cell; pictures are left out."""
        data = json.loads(self.raw.decode("utf-8-sig")) if self.raw.strip() else {}
        for number, cell in enumerate(_cells(data) or (), 1):
            outputs = cell.get("outputs") if isinstance(cell, dict) else None
            for output in outputs if isinstance(outputs, list) else ():
                if isinstance(output, dict):
                    yield from ((number, text) for text in _texts(output))


@fact
def notebooks(repo: Repo) -> tuple[Notebook, ...]:
    """Every readable notebook; the others are noted as unreadable. Checkpoints are left out."""
    found = (notebook(repo, p) for p in repo.files if p.endswith(".ipynb") and ".ipynb_checkpoints/" not in p)
    return tuple(book for book in found if book is not None)


def notebook(repo: Repo, path: str) -> Notebook | None:
    """The notebook at `path`, or `None`, and a note in `unreadable`, where it is none."""
    entry, limit = repo.files[path], int(repo.standard.notebook_limit)
    if entry.size > limit:
        repo.broken(path, f"cannot be read: it is larger than {limit:,} bytes")
        return None
    try:
        raw = repo.tree.read(path, limit) if entry.size > repo.standard.read_limit else repo.raw(path)
    except OSError:
        raw = None
    if raw is None:
        return None
    if not raw.strip():
        return Notebook(path, raw, "python", [])
    book = read(path, raw)
    if isinstance(book, Notebook):
        return book
    repo.broken(path, *book)
    return None


def read(path: str, raw: bytes) -> Notebook | tuple[str, int]:
    """Parse the bytes of a notebook (format 3 or 4), or say what is wrong and on which line."""
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return f"is not valid JSON ({error.msg})", error.lineno
    except UnicodeDecodeError as error:
        return "is not UTF-8", raw.count(b"\n", 0, error.start) + 1
    except (RecursionError, ValueError):
        return "nests too deeply to be read", 1
    if not isinstance(data, dict) or not isinstance(_cells(data), list):
        return "is JSON but no notebook (it has no cells)", 1
    cells = _cells(data)
    return Notebook(path, raw, _language(data, cells), cells)


def _cells(data: dict[str, Any]) -> Any:
    match data:
        case {"cells": list() as cells}:
            return cells
        case {"worksheets": list() as sheets}:
            inner = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
            return [cell for cells in inner if isinstance(cells, list) for cell in cells]
    return None


def _texts(output: dict[str, Any]) -> Iterator[str]:
    data = output.get("data")
    held = data if isinstance(data, dict) else output
    for kind in ("text", "text/plain", "text/html", "html"):
        match held.get(kind):
            case str(text):
                yield text
            case list(parts):
                yield "".join(part for part in parts if isinstance(part, str))


def _code_cells(cells: list[Any]) -> Iterator[Cell]:
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        count = cell.get("execution_count", cell.get("prompt_number"))
        outputs = cell.get("outputs")
        yield Cell(
            number,
            source if isinstance(source, str) else "",
            count if isinstance(count, int) else None,
            len(outputs) if isinstance(outputs, list) else 0,
        )


def _prose(cells: list[Any]) -> Iterator[str]:
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") != "code":
            source = cell.get("source", "")
            parts = source if isinstance(source, list) else [source]
            yield "".join(part for part in parts if isinstance(part, str))


def _language(data: dict[str, Any], cells: list[Any]) -> str:
    match data.get("metadata"):
        case {"kernelspec": {"language": str(language)}} | {"language_info": {"name": str(language)}}:
            return language.lower()
        case {"kernelspec": {"name": str(kernel)}} if kernel.lower() in ("ir", "rstudio"):
            return "r"
    first = next((c for c in cells if isinstance(c, dict) and isinstance(c.get("language"), str)), None)
    return str(first["language"]).lower() if first else "python"


@fact
def committed_with_outputs(repo: Repo) -> tuple[Notebook, ...]:
    """The tracked notebooks that hold outputs as git has them (a filter may have stripped those)."""
    return tuple(book for found in notebooks(repo) if (book := _committed(repo, found)) and book.with_outputs)


def _committed(repo: Repo, book: Notebook) -> Notebook | None:
    if not book.with_outputs or not repo.files[book.path].tracked:
        return None
    try:
        raw = repo.tree.committed(book.path, int(repo.standard.notebook_limit))
    except OSError:
        return None
    held = read(book.path, raw) if raw != book.raw else book
    return held if isinstance(held, Notebook) else None
