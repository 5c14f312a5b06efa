"""What one question of the template comes to in a repository that is there already, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol

from mlscaffold.named import NamedTuple

Confidence = Literal["certain", "likely", "default"]
"""Written there as such; told from what is there; the template's own proposal, because nothing tells."""

State = Literal["answered", "not expressible", "to be asked"]


class Place(NamedTuple):
    """Where something stands, and what it is."""

    path: str
    line: int | None = None
    note: str = ""


class Standing(Protocol):
    """Any fact that knows its place."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def line(self) -> int | None:
        """The line in it."""


class Answer(NamedTuple):
    """One answer. `value` is None where the template has no choice for what is true, or nobody knows it."""

    question: str
    value: str | None
    evidence: tuple[Place, ...] = ()
    confidence: Confidence = "certain"
    said: str = ""
    """What a person must know beside the value: why there is none, or who says otherwise."""
    state: State = "answered"


def not_expressible(question: str, why: str, evidence: Iterable[Place] = ()) -> Answer:
    """The true answer is none of the template's: what depends on the question is not offered."""
    return Answer(question, None, tuple(evidence), "certain", why, "not expressible")


def proposed(question: str, said: str = "") -> Answer:
    """Nothing tells: the template's own default, which is filled in when the other answers are known."""
    return Answer(question, None, (), "default", said)


def to_be_asked(question: str, why: str) -> Answer:
    """Only a person can answer."""
    return Answer(question, None, (), "default", why, "to be asked")


def at(standing: Standing, note: str = "") -> Place:
    """A fact's place as evidence."""
    return Place(standing.path, standing.line, note)
