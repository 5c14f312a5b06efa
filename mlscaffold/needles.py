"""The words of which every match of a regular expression holds one, told by Python's parser of patterns."""

from __future__ import annotations

import re
from collections.abc import Container
from importlib import import_module
from itertools import product
from typing import Any

from mlscaffold.compiled import Needles
from mlscaffold.named import NamedTuple

MOST = 150
"""Words of one set; more take longer to look for than the expression itself."""

MOST_SPELLINGS = 48
"""Ways to write one run of characters, up to which it is spelled out."""

MOST_LEAD = 12
"""Places before a word at which it still pays to try whether a match starts there."""

MOST_SETS = 3
SHORTEST = 2

Words = frozenset[str]


class _Part(NamedTuple):
    """A part of a pattern: all that it can match, where that is few words; else sets, one word of each."""

    exact: Words | None
    sets: tuple[Words, ...] = ()
    starts: Words | None = None
    """The words of which one begins it, after the lead."""
    lead: tuple[int, int] = (0, 0)
    either: tuple[tuple[Words, ...], ...] = ()
    """The sets of each alternative, where one has several."""


NOTHING = _Part(frozenset([""]))
UNKNOWN = _Part(None)
NEWLINE = ord("\n")
HOLD_NEWLINE = ("CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD")


def needles(pattern: str | bytes, flags: int) -> Needles:
    """What can be told of a pattern. Of a parser of Python that we do not know: nothing."""
    try:
        parsed = import_module("re._parser").parse(pattern, flags)
        set_flags = re.RegexFlag(parsed.state.flags)
        reader = _Reader(set_flags, import_module("re._casefix")._EXTRA_CASES)
        told = reader.sequence(parsed)
    except (ImportError, AttributeError, TypeError, ValueError, RecursionError):
        return Needles()
    sets = sorted({_few(words) for words in _all_sets(told)}, key=_worth, reverse=True)
    kept = [words for words in sets if _good(words)]
    starts = _without_longer(told.exact or told.starts or frozenset())
    return Needles(
        tuple(map(_sorted, kept[:MOST_SETS])),
        tuple(tuple(map(_sorted, alternative)) for alternative in told.either),
        tuple(sorted(starts)) if _good(starts) else (),
        told.lead,
        reader.one_line,
    )


def _sorted(words: Words) -> tuple[str, ...]:
    """Short words first: they are the ones that texts hold."""
    return tuple(sorted(words, key=lambda word: (len(word), word)))


def _good(words: Words) -> bool:
    return bool(words) and len(words) <= MOST and min(map(len, words)) >= SHORTEST


class _Reader:
    """Follows a parsed pattern. `twins`: the letters that match others where case does not matter."""

    def __init__(self, flags: re.RegexFlag, twins: Container[int]) -> None:
        self.flags = flags
        self.twins = twins
        self.one_line = True

    def sequence(self, parsed: Any) -> _Part:
        run, began = frozenset([""]), 0
        sets: list[Words] = []
        leads: list[tuple[Words, tuple[int, int]]] = []
        either: tuple[tuple[Words, ...], ...] = ()
        for at, (operation, argument) in enumerate(parsed):
            part = self.part(str(operation), argument)
            if part.exact is not None and len(run) * len(part.exact) <= MOST_SPELLINGS:
                run = frozenset(map("".join, product(run, part.exact)))
                continue
            leads += [
                (run, _widths(parsed, began)),
                (part.starts or frozenset(), _widths(parsed, at, part.lead)),
            ]
            sets += [run, *part.sets]
            either = either or part.either
            run, began = (frozenset([""]), at + 1) if part.exact is None else (part.exact, at)
        if not leads:
            return _Part(run)
        leads.append((run, _widths(parsed, began)))
        starts, lead = next(((w, n) for w, n in leads if _good(w) and n[1] <= MOST_LEAD), (None, (0, 0)))
        return _Part(None, (*sets, run), starts, lead, either)

    def part(self, operation: str, argument: Any) -> _Part:
        found = UNKNOWN
        match operation, argument:
            case "LITERAL", code:
                found = self.character(code)
            case "IN", [*choices]:
                found = self.choice(choices)
            case "AT", where:
                self.note(str(where) == "AT_END_STRING" or (str(where) == "AT_END" and not self.flags & re.M))
                found = NOTHING
            case "ASSERT" | "ASSERT_NOT", (_, inner):
                self.sequence(inner)
                found = NOTHING
            case ("SUBPATTERN", (_, 0, 0, inner)) | ("ATOMIC_GROUP", inner):
                found = self.sequence(inner)
            case "BRANCH", (_, branches):
                found = _either([self.sequence(branch) for branch in branches])
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (least, most, inner):
                found = self.repeated(int(least), int(most), self.sequence(inner))
            case "NOT_LITERAL", code:
                self.note(code != NEWLINE)
            case "ANY", _:
                self.note(bool(self.flags & re.S))
            case _:
                self.note(True)
        return found

    def note(self, crosses: bool) -> None:
        """Remember that something may look over the end of a line."""
        self.one_line = self.one_line and not crosses

    def character(self, code: int) -> _Part:
        self.note(code == NEWLINE)
        if not self.flags & re.I:
            return _Part(frozenset([chr(code)]))
        low = chr(code).lower()
        certain = low.isascii() or (len(low) == 1 and ord(low) not in self.twins)
        return _Part(frozenset([low])) if certain else UNKNOWN

    def choice(self, choices: list[Any]) -> _Part:
        if all(str(operation) == "LITERAL" for operation, _ in choices):
            return _either([self.character(code) for _, code in choices])
        negated = str(choices[0][0]) == "NEGATE"
        self.note(negated != any(_holds_newline(str(operation), argument) for operation, argument in choices))
        return UNKNOWN

    def repeated(self, least: int, most: int, inner: _Part) -> _Part:
        if least == 0:
            optional = most == 1 and inner.exact is not None
            return _Part((inner.exact or frozenset()) | {""}) if optional else UNKNOWN
        starts = inner.starts if inner.exact is None else inner.exact
        return (
            inner if least == most == 1 else inner._replace(exact=None, sets=_all_sets(inner), starts=starts)
        )


def _widths(parsed: Any, end: int, more: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """The fewest and the most characters that the first parts of a sequence match, and so many more."""
    least, most = parsed[:end].getwidth()
    return int(least) + more[0], int(most) + more[1]


def _holds_newline(operation: str, argument: Any) -> bool:
    match operation, argument:
        case "LITERAL", code:
            return bool(code == NEWLINE)
        case "RANGE", (first, last):
            return bool(first <= NEWLINE <= last)
        case "CATEGORY", category:
            return str(category) in HOLD_NEWLINE
    return operation != "NEGATE"


def _all_sets(part: _Part) -> tuple[Words, ...]:
    return part.sets if part.exact is None else (part.exact,)


def _either(parts: list[_Part]) -> _Part:
    """One of several parts: all their words where those are few, else a set with the best words of each."""
    exact = [part.exact for part in parts if part.exact is not None]
    together: Words = frozenset().union(*exact)
    if len(exact) == len(parts) and len(together) <= MOST_SPELLINGS:
        return _Part(together)
    best = [max(map(_few, _all_sets(part)), key=_worth, default=frozenset[str]()) for part in parts]
    first = [part.exact or part.starts or frozenset[str]() for part in parts]
    starts = frozenset[str]().union(*first) if all(map(_usable, first)) else None
    lead = min(part.lead[0] for part in parts), max(part.lead[1] for part in parts)
    if not all(map(_usable, best)):
        return _Part(None, (), starts, lead)
    several = tuple(sets for part in parts for sets in _alternatives(part))
    told = all(several) and len(several) <= MOST_SPELLINGS and max(map(len, several)) > 1
    return _Part(None, (frozenset().union(*best),), starts, lead, several if told else ())


def _alternatives(part: _Part) -> tuple[tuple[Words, ...], ...]:
    return part.either or (tuple(sorted(filter(_good, map(_few, _all_sets(part))), key=len)),)


def _few(words: Words) -> Words:
    """The set without the words that hold another of it."""
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(shorter in word for shorter in kept):
            kept.append(word)
    return frozenset(kept)


def _without_longer(words: Words) -> Words:
    """The words without those that begin with another of them."""
    return frozenset(w for w in words if not any(w != shorter and w.startswith(shorter) for shorter in words))


def _usable(words: Words) -> bool:
    return bool(words) and "" not in words


def _worth(words: Words) -> tuple[int, int]:
    """Long words are rare, and few are soon looked for."""
    return (min(map(len, words)), -len(words)) if words else (0, 0)
