"""The inventory of a repository, as JSON and for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mlscaffold.inventory import Known, place
from mlscaffold.printable import shown
from mlscaffold.repo.repo import Repo
from mlscaffold.report.terminal import Terminal
from mlscaffold.report.words import counted

SCHEMA = 1
PLACES = 3
"""How many places of a value the text shows."""

LEAST = 30
"""Columns beside the names below which values stand under them."""


def as_json(repo: Repo, found: Mapping[str, Known], tool: str) -> str:
    """One JSON document; `facts.schema.json` beside this file describes it."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "mlscaffold-toolkit", "version": tool},
        "repository": {
            "label": shown(repo.tree.label),
            "commit": repo.tree.commit,
            "git": repo.tree.in_git,
            "files": len(repo.files),
        },
        "facts": {name: _fact(known) for name, known in found.items()},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _fact(known: Known) -> dict[str, Any]:
    return {
        "value": _plain(known.value),
        "evidence": [{"path": shown(e.path), "line": e.line, "note": shown(e.note)} for e in known.evidence],
    }


def _plain(value: Any) -> Any:
    match value:
        case str():
            return shown(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
    return value


def as_text(repo: Repo, found: Mapping[str, Known], terminal: Terminal) -> str:
    """A line for each fact, with the first places that prove it."""
    commit = f" @ {repo.tree.commit[:10]}" if repo.tree.commit else ""
    head = terminal.paint(f"{shown(repo.tree.label)}{commit}", "bold")
    column = max(len(name) for name in found) + 2
    narrow = 0 < terminal.width < column + LEAST
    rows = [
        line
        for name, known in found.items()
        for line in (_below if narrow else _beside)(name, known, column, terminal)
    ]
    return "\n".join([head, counted(len(repo.files), "file"), "", *rows]) + "\n"


def _beside(name: str, known: Known, column: int, terminal: Terminal) -> Iterator[str]:
    """The name, and beside it the value and its places."""
    first, *rest = terminal.wrap(_said(known.value), " " * column)
    yield f"{name:{column}}" + _quiet(known, first[column:], terminal)
    yield from rest
    yield from _places(known, " " * (column + 2), terminal)


def _below(name: str, known: Known, _column: int, terminal: Terminal) -> Iterator[str]:
    """The name with its value, and its places below: there is no room for columns."""
    first, *rest = terminal.wrap(f"{name}  {_said(known.value)}", "", "  ")
    yield name + _quiet(known, first[len(name) :], terminal)
    yield from rest
    yield from _places(known, "    ", terminal)


def _quiet(known: Known, text: str, terminal: Terminal) -> str:
    return terminal.paint(text, "dim") if _said(known.value) in ("no", "none", "n/a", "–") else text


def _places(known: Known, indent: str, terminal: Terminal) -> Iterator[str]:
    said = [
        ": ".join(filter(None, (place(shown(e.path), e.line), shown(e.note))))
        for e in known.evidence[:PLACES]
    ]
    if (more := len(known.evidence) - PLACES) > 0:
        said.append(f"and {more} more")
    for text in said:
        for line in terminal.wrap(text, indent, "  "):
            yield terminal.paint(line, "dim")


def _said(value: Any) -> str:
    match value:
        case True | False:
            return "yes" if value else "no"
        case {"list": _, "total": int(total)}:
            return str(total) if total else "–"
        case dict():
            return ", ".join(f"{key}: {_said(item)}" for key, item in value.items())
        case list():
            return ", ".join(shown(str(item)) for item in value) or "–"
    return shown(str(value))
