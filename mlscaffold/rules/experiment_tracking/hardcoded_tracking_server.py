"""EXP104: the address of a tracking server that only one machine or network reaches, written into code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from mlscaffold.edits import Edit
from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.tracking_servers import REACH, Address, addresses
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import has_python
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


def sets_an_address(repo: Repo) -> str | None:
    """Code that tells a tracker which server to use."""
    return None if addresses(repo) else "no code sets the address of a tracking server"


@rule("EXP104", level=2, since="1.0", when=(has_python, own_experiments, sets_an_address))
def hardcoded_tracking_server(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """One finding for each file, with all its lines: who runs the code must be able to say where."""
    fixed = [address for address in addresses(repo) if address.machine]
    for path, group in groupby(fixed, key=lambda address: address.spot.path):
        first, *others = group
        yield Finding(
            path,
            f"{first.machine} is the tracking server of one machine: "
            f"{_advice(first)}, with this address as the default at most",
            *first.spot[1:],
            fix=_edit(repo, path, [first, *others]),
            also=tuple(Place(*other.spot) for other in others),
            key=first.machine,
        )
    for address in addresses(repo)[:1] if not fixed else ():
        yield Satisfied(address.spot.path, by=f"{address.by} without the address of one machine")


def _advice(address: Address) -> str:
    return f"read {address.variable} from the environment" if address.variable else "read it from a setting"


def _edit(repo: Repo, path: str, places: list[Address]) -> Edit | None:
    """The file with each literal as a default; none where a line is too unusual to be sure."""
    text = repo.text(path)
    if text is None or not path.endswith(".py"):
        return None
    lines = text.split("\n")
    for place in places:
        changed = _with_default(lines, place)
        if not changed:
            return None
    return Edit(path, "\n".join(lines)) if _imports_os(lines) else None


def _with_default(lines: list[str], place: Address) -> bool:
    """Change the line that holds the literal; false where it is not found, or holds a password."""
    if not place.variable or place.spot.line is None or "@" in place.literal:
        return False
    literal = rf"(?<![\w\"'])([\"']){re.escape(place.literal)}\1"
    setting = rf"os\.environ\[([\"']){place.variable}\1\]\s*=\s*([\"'])({re.escape(place.literal)})\2"
    for number in range(place.spot.line - 1, min(place.spot.line - 1 + REACH, len(lines))):
        line = lines[number]
        if re.search(setting, line):
            lines[number] = re.sub(setting, rf'os.environ.setdefault("{place.variable}", "\3")', line)
            return True
        if place.by != place.variable and (hit := re.search(literal, line)):
            default = f'os.environ.get("{place.variable}", "{place.literal}")'
            lines[number] = line[: hit.start()] + default + line[hit.end() :]
            return True
    return False


def _imports_os(lines: list[str]) -> bool:
    """Make sure that `os` is imported, before the first import; false where there is no place for it."""
    if any(regex(r"import os\b(?!\.| as)").match(line) for line in lines):
        return True
    for number, line in enumerate(lines):
        if regex(r"(?:import|from) (?!__future__)").match(line):
            lines.insert(number, "import os")
            return True
    return False
