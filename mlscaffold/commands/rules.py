"""`mlscaffold rules`: every practice with its code, its name and what each profile asks."""

from __future__ import annotations

import json
import sys

from mlscaffold import rules as rooms
from mlscaffold import standard
from mlscaffold.errors import OK
from mlscaffold.page import page_of
from mlscaffold.report.terminal import Terminal, terminal_of
from mlscaffold.rule import Rule
from mlscaffold.titles import title_of

SIGNS = {"required": "●", "advised": "○", "off": "·"}


def rules(*, profile: str = "", output: str = "text") -> int:
    """List the rules; with a profile only those that it asks for."""
    carried = standard.load()
    every = [
        rule for rule in rooms.load().values() if not profile or carried.profiles[profile][rule.code] != "off"
    ]
    if output == "json":
        sys.stdout.write(_json(every, carried))
    else:
        sys.stdout.write(_text(every, carried, terminal_of(sys.stdout)))
    return OK


def _text(every: list[Rule], carried: standard.Standard, terminal: Terminal) -> str:
    rows = []
    for rule in every:
        signs = "".join(SIGNS[rows[rule.code]] for rows in carried.profiles.values())
        head = f"{rule.code:8}{signs}  "
        rows += terminal.wrap(f"{head}{title_of(rule)}", "", " " * len(head))
    names = ", ".join(carried.profiles)
    tail = f"{len(every)} rules. The three signs: {names}; ● required, ○ advised, · off."
    return "\n".join([*rows, "", *terminal.wrap(tail, ""), ""])


def _json(every: list[Rule], carried: standard.Standard) -> str:
    document = [
        {
            "code": rule.code,
            "name": rule.name,
            "title": page_of(rule).title,
            "summary": page_of(rule).summary,
            "level": rule.level,
            "since": rule.since,
            "profiles": {name: rows[rule.code] for name, rows in carried.profiles.items()},
        }
        for rule in every
    ]
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
