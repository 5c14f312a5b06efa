"""The practices, one room of two files each: `<pillar>/<name>.py` looks, `<name>.md` explains and tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlscaffold.derived import derived, stamp
from mlscaffold.rule import RULES, Answer, Rule

if TYPE_CHECKING:
    from mlscaffold.repo.repo import Repo
    from mlscaffold.standard import Standard

PILLARS = {
    "VCS": "version_control",
    "EXP": "experiment_tracking",
    "ENV": "environments",
    "REP": "reproducibility",
    "DOC": "documentation",
    "TEAM": "teamwork",
}
INDEXED = ("code", "name", "level", "since", "after", "module", "last")
"""What is known of a rule before its module is imported, which is when the rule is first asked."""


@cache
def load() -> dict[str, Rule]:
    """Every rule by its code, in the order of the pillars and their codes."""
    here = Path(__file__).parent
    compiled = here / "compiled.json"

    def made() -> list[dict[str, Any]]:
        rows = json.loads(compiled.read_text("utf-8")) if compiled.is_file() else written()
        order = list(PILLARS)
        return sorted(rows, key=lambda row: (order.index(row["code"][:-3]), row["code"]))

    return {row["code"]: _late(row) for row in derived(here, "rules", version(), made)}


@cache
def version() -> list[str]:
    """What names this version of the rules."""
    return stamp(Path(__file__).parent, (".py", ".json"))


def written() -> list[dict[str, Any]]:
    """What all rooms say of their rules: plain data, which a wheel carries as one file."""
    for room in _rooms(Path(__file__).parent):
        import_module(f"{__package__}.{room.parent.name}.{room.stem}")
    return [{name: getattr(rule, name) for name in INDEXED} for rule in RULES.values()]


def _rooms(here: Path) -> list[Path]:
    rooms = (room for pillar in PILLARS.values() for room in sorted((here / pillar).glob("*.py")))
    return [room for room in rooms if not room.name.startswith("_")]


def _late(row: dict[str, Any]) -> Rule:
    def asked() -> Rule:
        import_module(row["module"])
        return RULES[row["code"]]

    def when(repo: Repo) -> str | None:
        return asked().not_applicable(repo)

    def check(repo: Repo, standard: Standard) -> Iterator[Answer]:
        return asked().answers(repo, standard)

    return Rule(**{**row, "after": tuple(row["after"])}, check=check, when=(when,))
