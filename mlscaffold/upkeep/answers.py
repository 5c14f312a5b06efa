"""What somebody answered, made complete: defaults computed, each value checked as copier checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.jinja import Engine
from mlscaffold.upkeep.template import Template, variables

Answers = Mapping[str, Any]
"""Values by question; those of hidden questions are never among them."""


class Refused(NamedTuple):
    """A question that stops a run: what is wrong with its answer, and what may be answered."""

    question: str
    why: Literal["missing", "not a choice", "invalid"]
    message: str
    value: Any = None
    choices: tuple[Any, ...] = ()


class Settled(NamedTuple):
    """Every answer of one version of the template, and the context in which its files are rendered."""

    answers: Answers
    context: Mapping[str, Any]
    refused: tuple[Refused, ...] = ()
    unknown: tuple[str, ...] = ()
    """What was given and is no question of this version."""


def engine(template: Template) -> Engine:
    """Jinja as this template sets it up."""
    return Engine(template.files, template.settings.get("_envops", {}))


def settle(template: Template, given: Answers, folder: str) -> Settled:
    """Answers for every question: what is given, else the default. `folder` is the repository's name.

    Nothing is replaced silently: an answer that this version does not allow is *refused*, and stays. One that
    is given as `None` (no choice says what is true) stays `None`; files are rendered with the default.
    """
    jinja = engine(template)
    asked = variables(template)
    values: dict[str, Any] = {}
    shown: dict[str, Any] = {}
    refused: list[Refused] = []
    for name, question in asked.items():
        context = _context(values, shown, folder)
        hidden = not _true(_rendered(jinja, question.get("when", True), context))
        if hidden and isinstance(question.get("default"), dict | list):
            values[name] = question["default"]  # the standard: data, no template
            continue
        found = given.get(name) if not hidden else None
        if name in given and found is None and not hidden:
            values[name], shown[name] = _default(jinja, question, context), None
            continue  # what is true there is none of the choices: nothing that depends on it is offered
        found = _default(jinja, question, context) if found is None else found
        if found is None and not hidden:
            refused.append(Refused(name, "missing", _help(question, name)))
            continue
        values[name] = _cast(found, str(question.get("type", "")))
        if not hidden:
            shown[name] = values[name]
            refused += _checked(jinja, name, question, values[name], _context(values, shown, folder))
    unknown = tuple(name for name in given if name not in asked)
    return Settled(shown, _context(values, shown, folder), tuple(refused), unknown)


def insist(settled: Settled) -> Settled:
    """The same where nothing is refused; raises Stop with every refusal."""
    if settled.refused:
        raise Stop("; ".join(one.message for one in settled.refused))
    return settled


def _context(values: Mapping[str, Any], shown: Mapping[str, Any], folder: str) -> dict[str, Any]:
    return {**values, "_copier_answers": dict(shown), "_folder_name": folder, "_copier_conf": {"sep": "/"}}


def _rendered(jinja: Engine, value: Any, context: Mapping[str, Any]) -> Any:
    return jinja.text(value, context) if isinstance(value, str) else value


def _default(jinja: Engine, question: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
    return _rendered(jinja, question.get("default"), context)


def _true(value: Any) -> bool:
    return (
        value.strip().lower() in {"1", "true", "y", "yes", "t", "on"}
        if isinstance(value, str)
        else bool(value)
    )


def _cast(value: Any, kind: str) -> Any:
    match kind:
        case "bool":
            return _true(value)
        case "int":
            return int(value)
        case "float":
            return float(value)
        case "str" | "":
            return value if kind == "" and not isinstance(value, str) else str(value)
        case _:
            return value


def _help(question: Mapping[str, Any], name: str) -> str:
    asks = f" ({question['help']})" if question.get("help") else ""
    return f"{name} needs an answer{asks}: give --data {name}=…"


def _checked(
    jinja: Engine, name: str, question: Mapping[str, Any], value: Any, context: Mapping[str, Any]
) -> list[Refused]:
    allowed = choices(question)
    if allowed and value not in allowed:
        listed = ", ".join(map(str, allowed))
        message = f"{name} is {value!r}, which this version does not offer. There are: {listed}."
        return [Refused(name, "not a choice", message, value, allowed)]
    said = jinja.text(str(question.get("validator", "")), context).strip()
    return [Refused(name, "invalid", f"{name}: {said}", value, allowed)] if said else []


def choices(question: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values that a question offers; empty where it is free."""
    match question.get("choices"):
        case dict() as labelled:
            return tuple(v["value"] if isinstance(v, dict) else v for v in labelled.values())
        case list() as plain:
            return tuple(v[1] if isinstance(v, list) else v for v in plain)
        case _:
            return ()
