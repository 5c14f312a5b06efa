"""Regular expressions that are compiled when first used: most audits need few of the many."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, except that the work is left to the first use."""
    return cast("re.Pattern[AnyStr]", _Lazy(text, flags))


class _Lazy:
    """Stands for a compiled pattern, whose methods it takes over as its own when one is first asked for."""

    def __init__(self, text: str | bytes, flags: int | re.RegexFlag) -> None:
        self._source = (text, flags)

    def __reduce__(self) -> tuple[Any, ...]:
        return regex, self._source

    def __getattr__(self, name: str) -> Any:
        compiled: re.Pattern[Any] = re.compile(*self._source)
        taken = {method: getattr(compiled, method) for method in METHODS}
        self.__dict__.update(taken)
        return taken[name] if name in taken else getattr(compiled, name)


METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split", "pattern", "flags")
