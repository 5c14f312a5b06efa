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
    head = (
        terminal.paint(f"{shown(repo.tree.label)}{commit}", "bold") + f" · {counted(len(repo.files), 'file')}"
    )
    width = max(len(name) for name in found)
    rows = [line for name, known in found.items() for line in _rows(name, known, width, terminal)]
    return "\n".join([head, "", *rows]) + "\n"


def _rows(name: str, known: Known, width: int, terminal: Terminal) -> Iterator[str]:
    value = _said(known.value)
    quiet = value in ("no", "none", "n/a", "–")
    yield f"{name:{width}}  {terminal.paint(value, 'dim') if quiet else value}"
    for e in known.evidence[:PLACES]:
        where = place(shown(e.path), e.line)
        said = ": ".join(filter(None, (where, shown(e.note))))
        yield terminal.paint(f"{'':{width}}    {said}", "dim")
    if (more := len(known.evidence) - PLACES) > 0:
        yield terminal.paint(f"{'':{width}}    and {more} more", "dim")


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
