"""A `Source` as JSON text and back, for the cache and for other processes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import starmap
from typing import Any

from mlscaffold import records
from mlscaffold.repo.python import facts as python_facts
from mlscaffold.repo.python.facts import Call, Named, Ref, Source, Value

LEFT_OUT = frozenset({"path", "role", "where"})
"""What depends on where the file lies."""

ALWAYS = frozenset({"calls", "imports", "called"})
"""What most sources have, and nothing else is without."""

DEFAULTS = {name: value for name, value in vars(Source("")).items() if name not in LEFT_OUT}
MARK = 1
PLAIN_LENGTH = 5
RECORDS = {name: value for name, value in vars(python_facts).items() if isinstance(value, type)}


def pack(source: Source) -> str:
    """What the source's bytes say as JSON; raises TypeError or ValueError for what JSON cannot hold."""
    fields = {name: value for name, value in vars(source).items() if name not in LEFT_OUT}
    fields = {name: value for name, value in fields.items() if name in ALWAYS or value != DEFAULTS[name]}
    packed = {name: PACKERS.get(name, records.pack)(value) for name, value in fields.items()}
    return json.dumps(packed, separators=(",", ":"))


def unpack(packed: dict[str, Any], path: str) -> Source:
    """The source again; raises ValueError where `packed` was made by nobody of us."""
    source = Source(path)
    try:
        if not ALWAYS <= packed.keys() <= DEFAULTS.keys():
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
    return [_pack_call(call) for call in calls]


def _pack_call(call: Call) -> list[Any]:
    """The fields of the call, and a mark where a value of it is no plain one: that is soon unpacked."""
    args, keywords = list(call.args), dict(call.keywords)
    if all(type(value) in records.PLAIN for value in (*args, *keywords.values())):
        return [call.name, call.line, args, keywords, call.inside]
    marked = {name: _pack_value(value) for name, value in keywords.items()}
    return [call.name, call.line, [_pack_value(arg) for arg in args], marked, call.inside, MARK]


def _calls(packed: list[Any]) -> list[Call]:
    return [
        Call(row[0], row[1], tuple(row[2]), row[3], row[4]) if len(row) == PLAIN_LENGTH else _call(*row)
        for row in packed
    ]


def _call(name: str, line: int, args: list[Any], keywords: dict[str, Any], inside: str, _mark: int) -> Call:
    given = {k: _value(v) if type(v) in (dict, list) else v for k, v in keywords.items()}
    return Call(name, line, tuple([_value(a) if type(a) in (dict, list) else a for a in args]), given, inside)


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
    "constants": lambda rows: list(map(tuple, rows)),
    "strings": lambda rows: list(starmap(Named, rows)),
}
