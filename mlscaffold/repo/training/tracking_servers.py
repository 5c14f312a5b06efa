"""Addresses of tracking servers in code: where each is set, and whether it means one machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot, Value
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.trackers import tools
from mlscaffold.repo.training.training import EXAMPLE

MACHINE = regex(
    r"(?P<scheme>\w[\w+]*)://(?:[^/@\s]*@)?(?P<host>localhost|127(?:\.\d{1,3}){3}|\d{1,3}(?:\.\d{1,3}){3}|\[::1?\]"
    r"|[\w-]+\.(?:local|lan)|ec2-[\w.-]+\.amazonaws\.com|[\w.-]+\.ngrok(?:-free)?\.\w+)(?P<port>:\d+)?(?=/|$)",
    re.IGNORECASE,
)
"""A host that others do not reach, or that will have another address tomorrow."""

BRANCH = regex(r"[ \t]*(?:if|elif|else|except|match|case)\b(?!.*__name__)")
LONGEST = 300
REACH = 6
"""How many lines below its first line a call may still name its address."""


class Address(NamedTuple):
    """One place that sets a server's address; `machine` is the address if it means one machine, or empty."""

    spot: Spot
    by: str
    variable: str
    machine: str
    literal: str
    """The text between the quotes, as the source has it."""


@fact
def addresses(repo: Repo) -> tuple[Address, ...]:
    """Every place in the repository's own code that sets the address of a tracking server, by place."""
    found = [*_called(repo), *_in_environment(repo)]
    own = [a for a in found if not EXAMPLE.search(a.spot.path)]
    return tuple(dict.fromkeys(sorted(own, key=lambda a: (a.spot.path, a.spot.line or 0))))


@fact
def _setters(repo: Repo) -> dict[str, str]:
    return {call: name for tool in tools(repo) for call, name in tool.facts.get("addresses", {}).items()}


@fact
def _patterns(repo: Repo) -> Patterns:
    return Patterns((call, call) for call in _setters(repo))


def _called(repo: Repo) -> Iterator[Address]:
    for source in code(repo):
        for call in source.calls:
            if setter := _patterns(repo).label(call.name):
                yield from _of_call(repo, source, call, _setters(repo)[setter])


def _of_call(repo: Repo, source: Source, call: Call, variable: str) -> Iterator[Address]:
    by = call.name.lstrip(".")
    for value in (*call.args, *call.keywords.values()):
        machine, literal = _machine(value), str(value)
        spot = source.spot(call.line)
        if not machine and isinstance(value, Ref):
            spot, machine, literal = _assigned(repo, spot, value) or (spot, "", "")
        if machine and not _one_of_several(repo, spot):
            yield Address(spot, by, variable, machine, literal)
            return
    if call.last.endswith("uri"):
        yield Address(source.spot(call.line), by, variable, "", "")


def _machine(value: Value) -> str:
    """The address without what may be a password; empty where it does not mean one machine."""
    hit = MACHINE.match(value[:LONGEST]) if isinstance(value, str) else None
    return f"{hit['scheme']}://{hit['host']}{hit['port'] or ''}" if hit else ""


def _assigned(repo: Repo, at: Spot, value: Ref) -> tuple[Spot, str, str] | None:
    """The literal that a constant holds, if it is assigned exactly once."""
    name = value.name.rpartition(".")[2]
    if not regex(r"[A-Za-z_]\w{2,}").fullmatch(name) or "()" in value.name:
        return None
    pattern = re.compile(
        rb"^([ \t]*)" + name.encode() + rb"[ \t]*=(?!=)[ \t]*(?:[\"']([^\"'\n]*)[\"'])?", re.M
    )
    places = [
        (spot, hit)
        for spot, hit in written(repo, pattern, (name.encode(),))
        if spot.path == at.path or not hit.groups[0]
    ]
    here = [(spot, hit) for spot, hit in places if spot.path == at.path] or places
    if len(here) != 1:
        return None
    spot, hit = here[0]
    literal = (hit.groups[1] or b"").decode("utf-8", "replace")
    return (spot, machine, literal) if (machine := _machine(literal)) else None


def _one_of_several(repo: Repo, spot: Spot) -> bool:
    """Whether the line stands in a branch, so that the address may be what is left when none is set."""
    if spot.cell is not None or spot.line is None:
        return False
    lines = (repo.raw(spot.path) or b"").decode("utf-8", "replace").split("\n")[: spot.line]
    line = lines.pop()
    depth = len(line) - len(line.lstrip())
    for above in reversed(lines):
        here = len(above) - len(above.lstrip())
        if above.strip() and here < depth:
            if BRANCH.match(above):
                return True
            depth = here
    return False


def _in_environment(repo: Repo) -> Iterator[Address]:
    """Environment variables of trackers that the code itself sets."""
    variables = [name.encode() for name in sorted(set(_setters(repo).values()) - {""})]
    names = b"|".join(variables)
    pattern = regex(
        rb"environ\[[\"'](" + names + rb")[\"']\][ \t]*=[ \t]*[\"']([^\"'\n]*)[\"']"
        rb"|^[ \t]*%(?:set_)?env[ \t]+(" + names + rb")[= \t][ \t]*(\S+)",
        re.M,
    )
    for spot, hit in written(repo, pattern, tuple(variables)):
        name, text, magic, rest = hit.groups
        variable = (name or magic or b"").decode()
        literal = (text or rest or b"").decode("utf-8", "replace")
        machine = _machine(literal)
        if not (machine and _one_of_several(repo, spot)):
            yield Address(spot, variable, variable, machine, literal)
