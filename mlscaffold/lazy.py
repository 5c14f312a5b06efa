"""Regular expressions that are compiled when first used: most audits need few of the many.

One that is asked of much text looks first for the words of which each of its matches holds one: that takes
a hundredth of the time, and most texts hold none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, cast

from mlscaffold.compiled import compiled

SHORT = 150
"""Characters of a text that is searched as soon as looked through."""

MUCH = 30_000
"""Characters of longer texts after which it pays to tell the words, where no earlier run did."""

MANY = 300
"""Short texts after which it is taken that all are."""

METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags")
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


class _Lazy:
    """Stands for a compiled pattern, whose methods it takes over as its own when one is first asked for."""

    def __init__(self, text: str | bytes, flags: int | re.RegexFlag) -> None:
        self._source = (text, flags)

    def __reduce__(self) -> tuple[Any, ...]:
        return regex, self._source

    def __getattr__(self, name: str) -> Any:
        pattern, self._words = compiled(*self._source)
        self._left = self._much = 0 if self._words else MUCH
        taken = {method: getattr(pattern, method) for method in METHODS}
        if self._words is None or self._words.sets:
            taken |= {method: self._counting(pattern, method) for method in LOOK_THROUGH}
        self.__dict__.update(taken)
        return taken[name] if name in taken else getattr(pattern, name)

    def _counting(self, pattern: re.Pattern[Any], method: str) -> Callable[..., Any]:
        """The method until it is known which texts are searched."""
        plain, at, short = getattr(pattern, method), LOOK_THROUGH[method], MANY

        def asked(*given: Any) -> Any:
            nonlocal short
            if (size := len(given[at])) > SHORT:
                self._left -= size
                if self._left < 0:
                    self._look_first(pattern)
                    return self.__dict__[method](*given)
            elif short:
                short -= 1
            elif self._left == self._much:
                self.__dict__[method] = plain
            return plain(*given)

        return asked

    def _look_first(self, pattern: re.Pattern[Any]) -> None:
        from mlscaffold.looking import methods

        self.__dict__.update({method: getattr(pattern, method) for method in LOOK_THROUGH})
        self.__dict__.update(methods(pattern, self._words))
