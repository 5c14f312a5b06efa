"""Plain values, collections and named tuples as JSON values and back, each with its type beside it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

PLAIN = (str, int, float, bool, type(None))
COLLECTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
}
SCALARS: dict[str, Callable[[str], Any]] = {
    "bytes": lambda text: text.encode("latin-1"),
    "complex": complex,
    "date": datetime.date.fromisoformat,
}


def pack(value: Any) -> Any:
    """`value` as what JSON holds; raises TypeError where it is of another kind."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is bytes:
        return ["bytes", value.decode("latin-1")]
    if kind in (complex, datetime.date):
        return [kind.__name__, str(value)]
    if isinstance(value, dict):
        return ["dict", [[pack(k), pack(v)] for k, v in value.items()]]
    if isinstance(value, tuple) or kind in (list, set, frozenset):
        return [kind.__name__, [pack(item) for item in value]]
    raise TypeError(f"a {kind.__name__} is not kept")


def unpack(packed: Any, records: Mapping[str, Callable[..., Any]]) -> Any:
    """The value again, with `records` as the named tuples by name.

    Raises ValueError, TypeError, LookupError or AttributeError where it was not packed by `pack`.
    """
    if type(packed) is not list:
        return packed
    kind, value = packed
    if kind in SCALARS:
        return SCALARS[kind](value)
    if kind == "dict":
        return {unpack(k, records): unpack(v, records) for k, v in value}
    items = [unpack(item, records) for item in value]
    return COLLECTIONS[kind](items) if kind in COLLECTIONS else records[kind](*items)
