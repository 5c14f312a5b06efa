"""Regular expressions that are compiled when first used: most audits need few of the many.

One that is asked of much text looks first for the words of which each of its matches holds one: that takes
a hundredth of the time, and most texts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, AnyStr, cast

from mlscaffold.compiled import Compiled, Needles, compiled

SHORT = 150
"""Characters of a text that is searched as soon as looked through."""

MUCH = 30_000
"""Characters of longer texts after which it pays to tell the words, where no earlier run did."""

MANY = 300
"""Short texts after which it is taken that all are."""

LOOK_THROUGH = {"search": 0, "finditer": 0, "findall": 0, "sub": 1, "subn": 1}
"""The methods that look through a text, and which of their arguments that is."""

GIVEN: dict[tuple[str | bytes, int | re.RegexFlag], _Lazy] = {}


def regex(text: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, except that the work is left to the first use, or was done by an earlier run.

    The same for the same text, so it may stand where it is used. For patterns of ours: one that is made of
    what a repository says is nothing to keep.
    """
    known = GIVEN.get((text, flags))
    if known is None:
        known = GIVEN[text, flags] = _Lazy(text, flags)
    return cast("re.Pattern[AnyStr]", known)


def words(pattern: re.Pattern[Any]) -> Needles:
    """What can be told of the words of a pattern's matches."""
    told = pattern._compiled.words if isinstance(pattern, _Lazy) else None
    if told is None:
        from mlscaffold.needles import needles

        told = needles(pattern.pattern, pattern.flags)
    return told


class _Lazy:
    """Stands for a compiled pattern, whose methods it takes over as its own, each when first asked for."""

    _looked = 0
    """Characters of long texts that were looked through."""

    def __init__(self, text: str | bytes, flags: int | re.RegexFlag) -> None:
        self._source = (text, flags)

    def __reduce__(self) -> tuple[Any, ...]:
        return regex, self._source

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled(*self._source)

    def __getattr__(self, name: str) -> Any:
        taken = getattr(self._compiled.pattern, name)
        if name in LOOK_THROUGH and self._compiled.told != b"":
            taken = self._counting(taken, name)
        self.__dict__[name] = taken
        return taken

    def _counting(self, plain: Callable[..., Any], method: str) -> Callable[..., Any]:
        """The method until it is known which texts are searched."""
        at, short, much = LOOK_THROUGH[method], MANY, MUCH if self._compiled.told is None else 0

        def asked(*given: Any) -> Any:
            nonlocal short
            if (size := len(given[at])) > SHORT:
                self._looked += size
                if self._looked > much:
                    self._look_first()
                    return self.__dict__[method](*given)
            elif short:
                short -= 1
            elif not self._looked:
                self.__dict__[method] = plain
            return plain(*given)

        return asked

    def _look_first(self) -> None:
        from mlscaffold.looking import methods

        pattern = self._compiled.pattern
        self.__dict__.update({method: getattr(pattern, method) for method in LOOK_THROUGH})
        self.__dict__.update(methods(pattern, words(cast("re.Pattern[Any]", self))))
