"""The methods of a compiled pattern on long texts, where they look at first for what matches must hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from mlscaffold.compiled import Needles

SHORT = 150
"""Characters of a text that is searched as soon as looked through."""

ODD = ("\u0131", "\u017f")
"""Letters that match `i` and `s` where case does not matter, although they are no capitals of them."""

Method = Callable[..., Any]


def methods(pattern: re.Pattern[Any], told: Needles | None = None) -> dict[str, Method]:
    """The methods that look through a text, by their names, each answering as the pattern's own.

    `told` are the words, where they are known already.
    """
    if told is None:
        from mlscaffold.needles import needles

        told = needles(pattern.pattern, pattern.flags)
    if not told.sets:
        return {}
    finds = _Finds(pattern, told)
    return {
        "search": lambda text, *span: next(finds.all(text, pattern.search, *span), None),
        "finditer": lambda text, *span: finds.all(text, pattern.finditer, *span),
        "findall": lambda text, *span: pattern.findall(text, *span) if finds.may(text) else [],
        "sub": finds.replaced,
        "subn": lambda new, text, *count: pattern.subn(new, text, *count) if finds.may(text) else (text, 0),
    }


class _Finds:
    """Looks for the words of a pattern in texts."""

    def __init__(self, pattern: re.Pattern[Any], told: Needles) -> None:
        self.pattern = pattern
        self.fold = bool(pattern.flags & re.I)
        self.sets = [_as(pattern, words) for words in told.sets]
        self.several = list(dict.fromkeys(words for sets in told.either for words in sets))
        self.either = [[self.several.index(words) for words in sets] for sets in told.either]
        self.several = [_as(pattern, words) for words in self.several]
        self.starts = _as(pattern, told.starts)
        self.leads = range(told.lead[0], told.lead[1] + 1)
        self.one_line = told.one_line
        self.odd = ODD if self.fold and isinstance(pattern.pattern, str) else ()
        self.newline: Any = "\n" if isinstance(pattern.pattern, str) else b"\n"
        self.escape: Any = "\\" if isinstance(pattern.pattern, str) else b"\\"

    def may(self, text: Any) -> bool:
        """Whether the text can hold a match."""
        return len(text) <= SHORT or self._odd(text) or self._holds(text.lower() if self.fold else text)

    def all(self, text: Any, plain: Method, *span: int) -> Iterator[re.Match[Any]]:
        """The matches in their order; `plain` gives one or all of them where nothing can be spared."""
        if span or len(text) <= SHORT or self._odd(text):
            return _plain(plain, text, *span)
        low = text.lower() if self.fold else text
        if not self._holds(low):
            return iter(())
        if len(low) != len(text):
            return _plain(plain, text)
        if self.starts:
            return self._from(text, chain(*(_places(low, word) for word in self.starts)))
        return self._in_lines(text, low) if self.one_line else _plain(plain, text)

    def replaced(self, new: Any, text: Any, *count: int) -> Any:
        """The text with `new` in the place of each match, as `sub` gives it."""
        if count or not isinstance(new, type(text)) or self.escape in new:
            return self.pattern.sub(new, text, *count) if self.may(text) else text
        parts, at = [], 0
        for match in self.all(text, self.pattern.finditer):
            parts += [text[at : match.start()], new]
            at = match.end()
        return text[:0].join([*parts, text[at:]]) if parts else text

    def _odd(self, text: Any) -> bool:
        return any(letter in text for letter in self.odd)

    def _holds(self, low: Any) -> bool:
        find = low.find  # with bytes, `in` asks first whether a word is a number
        for words in self.sets:
            for word in words:
                if find(word) >= 0:
                    break
            else:
                return False
        return not self.either or self._holds_either(find)

    def _holds_either(self, find: Callable[[Any], int]) -> bool:
        known: list[bool | None] = [None] * len(self.several)
        for sets in self.either:
            for number in sets:
                held = known[number]
                if held is None:
                    held = known[number] = any(find(word) >= 0 for word in self.several[number])
                if not held:
                    break
            else:
                return True
        return False

    def _from(self, text: Any, places: Iterator[int]) -> Iterator[re.Match[Any]]:
        """The matches that start at these places, or as far before them as may be."""
        match, free = self.pattern.match, 0
        starts = {place - before for place in places for before in self.leads}
        for start in sorted(starts):
            if start >= free and (found := match(text, start)):
                free = found.end()
                yield found

    def _in_lines(self, text: Any, low: Any) -> Iterator[re.Match[Any]]:
        """The matches on the lines that hold a word of the set of which the fewest words are looked for."""
        free = 0
        for at in sorted(chain(*(_places(low, word) for word in self.sets[0]))):
            if at >= free:
                end = text.find(self.newline, at)
                free = end if end >= 0 else len(text)
                yield from self.pattern.finditer(text, text.rfind(self.newline, 0, at) + 1, free)


def _as(pattern: re.Pattern[Any], words: tuple[str, ...]) -> tuple[Any, ...]:
    """The words in the type of the texts."""
    return words if isinstance(pattern.pattern, str) else tuple(word.encode("latin-1") for word in words)


def _plain(method: Method, text: Any, *span: int) -> Iterator[re.Match[Any]]:
    found = method(text, *span)
    if found is None or isinstance(found, re.Match):
        return iter(() if found is None else (found,))
    return iter(found)


def _places(text: Any, word: Any) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
