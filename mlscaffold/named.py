"""`NamedTuple` as type checkers know it from `typing`, with classes that take a tenth of the time to make.

A run makes hundreds. `typing` compiles a constructor and each annotation of every class; here classes with
equally many fields share one, and annotations stay what `from __future__ import annotations` leaves: text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter as getter
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    new = tuple.__new__
    CONSTRUCTORS = (
        lambda _cls, a: new(_cls, (a,)),
        lambda _cls, a, b: new(_cls, (a, b)),
        lambda _cls, a, b, c: new(_cls, (a, b, c)),
        lambda _cls, a, b, c, d: new(_cls, (a, b, c, d)),
        lambda _cls, a, b, c, d, e: new(_cls, (a, b, c, d, e)),
        lambda _cls, a, b, c, d, e, f: new(_cls, (a, b, c, d, e, f)),
        lambda _cls, a, b, c, d, e, f, g: new(_cls, (a, b, c, d, e, f, g)),
        lambda _cls, a, b, c, d, e, f, g, h: new(_cls, (a, b, c, d, e, f, g, h)),
        lambda _cls, a, b, c, d, e, f, g, h, i: new(_cls, (a, b, c, d, e, f, g, h, i)),
    )
    """For one field, for two and so on: most classes have no more, and `namedtuple` compiles each anew."""

    @cache
    def _constructor(fields: int) -> FunctionType:
        """What makes a tuple of so many arguments, whatever their names."""
        if 0 < fields <= len(CONSTRUCTORS):
            return CONSTRUCTORS[fields - 1]
        return namedtuple("Any", [f"field{number}" for number in range(fields)]).__new__

    class _Record(tuple):
        """What an instance of any of the classes does."""

        __slots__ = ()
        _fields: tuple[str, ...] = ()

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(map('{}={!r}'.format, self._fields, self))})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes: Any) -> _Record:
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

    class _Made(type):
        """Makes plain classes, since `isinstance` takes longer with others."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body["__annotations__"])
            defaults = tuple(body[field] for field in fields if field in body)
            new = _constructor(len(fields))
            code = new.__code__.replace(co_varnames=("_cls", *fields), co_qualname=name)
            body |= {field: getter(number, None) for number, field in enumerate(fields)}
            body |= {"_fields": fields, "__match_args__": fields, "__slots__": ()}
            body["__new__"] = FunctionType(code, new.__globals__, "__new__", defaults)
            return type(name, (_Record,), body)

    class NamedTuple(metaclass=_Made):
        """The base that a class names in its source; it gets `tuple` for it."""
