"""Our `NamedTuple` does what the one of `typing` does."""

from __future__ import annotations

import copy
import typing
from collections.abc import Callable
from multiprocessing import Pipe
from typing import Any

import pytest

from mlscaffold import named


class Theirs(typing.NamedTuple):
    """A place."""

    path: str
    line: int = 1
    also: tuple[str, ...] = ()
    """More."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Ours(named.NamedTuple):
    """A place."""

    path: str
    line: int = 1
    also: tuple[str, ...] = ()
    """More."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def matched(value: Any) -> Any:
    match value:
        case Theirs(path, line=line) | Ours(path, line=line):
            return path, line


def sent(value: Any) -> Any:
    """What another process gets of it."""
    there, here = Pipe()
    there.send(value)
    return here.recv()


ASKED: dict[str, Callable[[Any], Any]] = {
    "defaults": lambda kind: kind("a"),
    "by name": lambda kind: kind(also=("b",), path="a"),
    "text": lambda kind: repr(kind("a", 2, ("b", "c"))).removeprefix(kind.__name__),
    "documentation": lambda kind: kind.__doc__,
    "a property": lambda kind: kind("a/b").name,
    "fields": lambda kind: (kind._fields, kind.__match_args__),
    "unpacked": lambda kind: [*kind("a", 2)],
    "a dictionary": lambda kind: kind("a")._asdict(),
    "one changed": lambda kind: kind("a")._replace(line=3),
    "changed keeps its kind": lambda kind: type(kind("a")._replace(line=3)) is kind,
    "order": lambda kind: sorted([kind("b", 1), kind("a", 3), kind("a", 2)]),
    "in a set": lambda kind: len({kind("a"), kind("a", 1), kind("a", 2)}),
    "as good as the tuple": lambda kind: kind("a") == ("a", 1, ()),
    "matched": lambda kind: matched(kind("a", 7)),
    "sent to another process": lambda kind: sent(kind("a", 2)) == kind("a", 2),
    "sent keeps its kind": lambda kind: type(sent(kind("a"))) is kind,
    "copied": lambda kind: copy.deepcopy(kind("a", 2, ("b",))),
    "a plain class": lambda kind: (type(kind), isinstance(kind("a"), tuple), isinstance(kind("a"), kind)),
    "no more than a tuple in memory": lambda kind: hasattr(kind("a"), "__dict__"),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED.keys())
def test_both_answer_alike(ask: Callable[[Any], Any]) -> None:
    assert ask(Ours) == ask(Theirs)


WRONG: dict[str, Callable[[Any], Any]] = {
    "too few": lambda kind: kind(),
    "too many": lambda kind: kind("a", 1, (), 4),
    "an unknown name": lambda kind: kind("a", lines=3),
    "an unknown change": lambda kind: kind("a")._replace(lines=3),
    "a field set": lambda kind: setattr(kind("a"), "path", "b"),
    "a new attribute": lambda kind: setattr(kind("a"), "more", "b"),
}


@pytest.mark.parametrize("ask", WRONG.values(), ids=WRONG.keys())
def test_both_refuse_alike(ask: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as theirs:
        ask(Theirs)
    with pytest.raises(theirs.type):
        ask(Ours)


def test_classes_with_equally_many_fields_have_fields_and_defaults_of_their_own() -> None:
    class Pair(named.NamedTuple):
        left: int
        right: int = 5

    class Span(named.NamedTuple):
        start: str = "a"
        end: str = "b"

    assert (Pair(1), Span(end="c")) == ((1, 5), ("a", "c"))
    assert (Pair(1).right, Span().start) == (5, "a")
