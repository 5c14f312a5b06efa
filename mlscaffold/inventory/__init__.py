"""What a repository is and uses, by published names and value shapes, independent of any rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from mlscaffold.named import NamedTuple
from mlscaffold.progress import step
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo

Shape = Literal["flag", "names", "paths", "places", "lines", "object", "choice"]
"""`flag` is a boolean; `names`, `paths` and `places` (`path:line`) are lists; `lines` is `{list, total}`."""

UNKNOWN = "unknown"
NOT_APPLICABLE = "n/a"


class Evidence(NamedTuple):
    """A place that proves a value, and what stands there."""

    path: str
    line: int | None = None
    note: str = ""


class Known(NamedTuple):
    """The value of one fact, `unknown` where nobody can tell, with what proves it."""

    value: Any
    evidence: tuple[Evidence, ...] = ()


class Fact(NamedTuple):
    """One published fact: its name, its value's shape, and the words or keys that the value may hold."""

    name: str
    shape: Shape
    about: str
    words: tuple[str, ...]
    take: Callable[[Repo], Known]
    may_not_apply: bool


FACTS: dict[str, Fact] = {}


def inventoried(
    name: str, shape: Shape, *, words: tuple[str, ...] = (), may_not_apply: bool = False
) -> Callable[[Callable[[Repo], Known]], Callable[[Repo], Known]]:
    """Publish the decorated function's answer under `name`; its docstring says what the value means.

    `words` are the values of a `choice` and the keys of an `object`; `may_not_apply` admits `n/a`.
    """

    def register(take: Callable[[Repo], Known]) -> Callable[[Repo], Known]:
        if name in FACTS:
            raise ValueError(f"{name} is published twice")
        about = " ".join((take.__doc__ or "").split())
        FACTS[name] = Fact(name, shape, about, words, take, may_not_apply)
        return take

    return register


def load() -> dict[str, Fact]:
    """Every published fact by name, sorted."""
    for module in sorted(Path(__file__).parent.glob("*.py")):
        if not module.name.startswith("_"):
            import_module(f"{__package__}.{module.stem}")
    return dict(sorted(FACTS.items()))


def take(repo: Repo) -> dict[str, Known]:
    """Every fact of `repo`; one that crashes is unknown and says so, and loses no other."""
    found: dict[str, Known] = {}
    for name, fact in (every := load()).items():
        step(len(found), len(every), "facts")
        found[name] = _taken(fact, repo)
    return found


def _taken(fact: Fact, repo: Repo) -> Known:
    try:
        return fact.take(repo)
    except Exception as error:  # noqa: BLE001 (one fact's bug must not lose the inventory)
        return Known(UNKNOWN, (Evidence("", note=f"{CRASHED} {type(error).__name__}: {error}"),))


CRASHED = "the reader of this fact crashed:"


def crashed(known: Known) -> bool:
    """Whether the value is unknown by a mistake of ours."""
    return known.value == UNKNOWN and any(e.note.startswith(CRASHED) for e in known.evidence)


def at(spots: Iterable[Spot], note: str = "") -> tuple[Evidence, ...]:
    """Places in sources as evidence."""
    return tuple(Evidence(s.path, s.line, note) for s in spots)


def place(path: str, line: int | None) -> str:
    """`path:line`, as lists of places name it."""
    return path if line is None else f"{path}:{line}"


def lines(found: Iterable[Evidence]) -> Known:
    """A `lines` value over distinct places, in the order of paths and lines."""
    kept = sorted({(e.path, e.line or 0): e for e in found}.items())
    listed = [place(path, line or None) for (path, line), _ in kept]
    return Known({"list": listed, "total": len(listed)}, tuple(e for _, e in kept))


def places(found: Iterable[Evidence]) -> Known:
    """A `places` value over distinct places, in the order of paths and lines."""
    known = lines(found)
    return Known(known.value["list"], known.evidence)


def paths(found: Iterable[Evidence]) -> Known:
    """A `paths` or `names` value over what the evidence stands in, in the order found."""
    kept = {e.path: e for e in found}
    return Known(list(kept), tuple(kept.values()))


def names(found: Iterable[tuple[str, Evidence]]) -> Known:
    """A `names` value: slugs, each with the first place that proves it, sorted."""
    kept: dict[str, Evidence] = {}
    for slug, evidence in found:
        kept.setdefault(slug, evidence)
    return Known(sorted(kept), tuple(kept[slug] for slug in sorted(kept)))


def flag(proof: Iterable[Evidence]) -> Known:
    """True, with its evidence, where there is any."""
    found = tuple(proof)
    return Known(bool(found), found)


def schema() -> dict[str, Any]:
    """The JSON schema of `mlscaffold facts --format json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlscaffold facts",
        "type": "object",
        "required": ["schema", "facts"],
        "properties": {
            "schema": {"const": 1},
            "tool": {"type": "object"},
            "repository": {"type": "object"},
            "facts": {
                "type": "object",
                "additionalProperties": False,
                "required": list(load()),
                "properties": {name: _of(fact) for name, fact in load().items()},
            },
        },
        "$defs": {"evidence": EVIDENCE},
    }


EVIDENCE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["path", "line", "note"],
        "properties": {
            "path": {"type": "string"},
            "line": {"type": ["integer", "null"], "minimum": 1},
            "note": {"type": "string"},
        },
    },
}
TEXTS = {"type": "array", "items": {"type": "string"}}


def _of(fact: Fact) -> dict[str, Any]:
    others = [UNKNOWN, *([NOT_APPLICABLE] if fact.may_not_apply else [])]
    return {
        "description": fact.about,
        "type": "object",
        "required": ["value", "evidence"],
        "properties": {
            "value": {"anyOf": [_value(fact), {"enum": others}]},
            "evidence": {"$ref": "#/$defs/evidence"},
        },
    }


def _value(fact: Fact) -> dict[str, Any]:
    match fact.shape:
        case "flag":
            return {"type": "boolean"}
        case "choice":
            return {"enum": list(fact.words)}
        case "lines":
            counted = {"list": TEXTS, "total": {"type": "integer", "minimum": 0}}
            return {"type": "object", "required": ["list", "total"], "properties": counted}
        case "object":
            return {"type": "object", "required": list(fact.words)}
        case _:
            return TEXTS
