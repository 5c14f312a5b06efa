"""A `Source` as JSON text and back, for the cache and for other processes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mlscaffold import records
from mlscaffold.repo.python import facts as python_facts
from mlscaffold.repo.python.facts import Call, Named, Ref, Source, Value

LEFT_OUT = frozenset({"path", "role", "where"})
"""What depends on where the file lies."""

RECORDS = {name: value for name, value in vars(python_facts).items() if isinstance(value, type)}


def pack(source: Source) -> str:
    """What the source's bytes say as JSON; raises TypeError or ValueError for what JSON cannot hold."""
    fields = {name: value for name, value in vars(source).items() if name not in LEFT_OUT}
    packed = {name: PACKERS.get(name, records.pack)(value) for name, value in fields.items()}
    return json.dumps(packed, separators=(",", ":"))


def unpack(packed: dict[str, Any], path: str) -> Source:
    """The source again; raises ValueError where `packed` was made by nobody of us."""
    source = Source(path)
    try:
        if packed.keys() != vars(source).keys() - LEFT_OUT:
            raise ValueError("other fields than a source has")
        for name, value in packed.items():
            read = UNPACKERS.get(name)
            setattr(source, name, read(value) if read else records.unpack(value, RECORDS))
    except (TypeError, LookupError, AttributeError) as error:
        raise ValueError(f"no packed source: {error}") from None
    return source


def _pack_value(value: Value) -> Any:
    if isinstance(value, Ref):
        return {"r": value.name}
    if isinstance(value, tuple):
        return [_pack_value(item) for item in value]
    if isinstance(value, bytes):
        return {"b": value.decode("latin-1")}
    if isinstance(value, complex):
        return {"c": [value.real, value.imag]}
    return value


def _value(packed: Any) -> Value:
    if type(packed) is dict:
        ((kind, value),) = packed.items()
        if kind == "r":
            return Ref(value)
        return value.encode("latin-1") if kind == "b" else complex(*value)
    if type(packed) is list:
        return tuple(_value(item) for item in packed)
    return packed  # type: ignore[no-any-return]


def _pack_calls(calls: list[Call]) -> list[Any]:
    return [
        [
            call.name,
            call.line,
            [_pack_value(a) for a in call.args],
            {k: _pack_value(v) for k, v in call.keywords.items()},
            *call[4:],
        ]
        for call in calls
    ]


def _calls(packed: list[Any]) -> list[Call]:
    return [
        Call(
            name,
            line,
            tuple([_value(a) if type(a) in (dict, list) else a for a in args]),
            {k: _value(v) if type(v) in (dict, list) else v for k, v in keywords.items()},
            *rest,
        )
        for name, line, args, keywords, *rest in packed
    ]


PACKERS: dict[str, Callable[[Any], Any]] = {
    "calls": _pack_calls,
    "imports": dict,
    "names": dict,
    "called": sorted,
    "constants": list,
    "strings": list,
}
"""The large fields, each in the shortest form that its shape allows; other fields carry their types."""

UNPACKERS: dict[str, Callable[[Any], Any]] = {
    "calls": _calls,
    "imports": dict,
    "names": dict,
    "called": set,
    "constants": lambda rows: [(name, line) for name, line in rows],
    "strings": lambda rows: [Named(text, line) for text, line in rows],
}
