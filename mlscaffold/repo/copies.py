"""Copies of this process that compute facts: who comes first to one computes it, and tells the others."""

from __future__ import annotations

import mmap
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from mlscaffold.compiled import keep
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits_of
from mlscaffold.repo.kept_hits import Column
from mlscaffold.repo.repo import Repo, Unreadable, reader
from mlscaffold.repo.trees.recorded import RecordedTree
from mlscaffold.repo.workers import leave_ends_to_the_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Fact = Callable[[Repo], Any]
NOBODY, HERE = 0, 255
"""Who computes a fact; the copies are numbered from 1."""


class _Learnt(NamedTuple):
    """What a copy came to know: facts by their numbers, and what it met on the way to them."""

    facts: dict[int, Any]
    unreadable: list[Unreadable]
    asked: list[Any]
    kept: dict[bytes, str]
    hits: dict[str, Column]

    def since(self, before: _Learnt) -> _Learnt:
        """What is new."""
        return _Learnt(
            {number: value for number, value in self.facts.items() if number not in before.facts},
            self.unreadable[len(before.unreadable) :],
            self.asked[len(before.asked) :],
            {key: value for key, value in self.kept.items() if key not in before.kept},
            self.hits,
        )


class Copies:
    """The copies of this process, and who of all computes what."""

    def __init__(self, repo: Repo, facts: Sequence[Fact]) -> None:
        self.repo = repo
        self.facts = facts
        self.numbers = {reader(fact): number for number, fact in enumerate(facts)}
        self.owners = mmap.mmap(-1, len(facts))  # all of them share it
        self.running: dict[Connection, int] = {}
        self.started: list[BaseProcess] = []
        self.heard: deque[_Learnt] = deque()

    def start(self, count: int) -> None:
        """Copy this process so many times."""
        from multiprocessing import get_context

        context = get_context("fork")
        for owner in range(1, count + 1):
            ours, theirs = context.Pipe(duplex=False)
            self.running[ours] = owner
            self.started.append(context.Process(target=_serve, args=(self, owner, theirs), daemon=True))
            self.started[-1].start()
            theirs.close()

    def end(self) -> None:
        """Leave none."""
        for process in self.started:
            process.kill()
            process.join()

    def give(self, read: Fact) -> bool:
        """Put the value of a fact in its place; false where it is to be computed here."""
        number = self.numbers.get(read)
        if number is None:
            return False
        self._hear(wait=False)
        while not any(number in learnt.facts for learnt in self.heard):
            if self.owners[number] not in self.running.values():
                self.owners[number] = HERE
                return False
            self._meanwhile()
        while read not in self.repo.known:
            self._take(self.heard.popleft())
        return True

    def _meanwhile(self) -> None:
        """Compute what nobody began; wait where there is nothing of the kind."""
        other = self.owners.rfind(bytes([NOBODY]))
        if other >= 0:
            with suppress(Exception):  # whoever asks for that fact hears of it
                self.facts[other](self.repo)
        self._hear(wait=other < 0)

    def _hear(self, *, wait: bool) -> None:
        from multiprocessing import connection

        while ready := connection.wait(list(self.running), None if wait else 0):
            wait = False
            for pipe in cast("list[Connection]", ready):
                try:
                    self.heard.append(pipe.recv())
                except (EOFError, OSError):
                    del self.running[pipe]

    def _take(self, learnt: _Learnt) -> None:
        """Know what a copy came to know; what it told earlier was taken before."""
        for number, value in learnt.facts.items():
            self.repo.known.setdefault(reader(self.facts[number]), value)
        for note in learnt.unreadable:
            self.repo.broken(*note)
        if isinstance(self.repo.tree, RecordedTree):
            self.repo.tree.also(learnt.asked)
        if self.repo.cache is not None:
            self.repo.cache.new |= learnt.kept
        if learnt.hits and (hits := hits_of(self.repo)):
            hits.add(learnt.hits)

    def compute(self, owner: int) -> Iterator[_Learnt]:
        """In a copy: each fact that nobody began, with those among its own that it builds on."""
        self.repo.elsewhere = lambda read: self._claim(read, owner)
        before = self._news(owner)
        for number, fact in enumerate(self.facts):
            if self.owners[number] == NOBODY:
                fact(self.repo)
                news = self._news(owner)
                yield news.since(before)
                before = news

    def _claim(self, read: Fact, owner: int) -> bool:
        """Let the others know that a fact is begun here."""
        number = self.numbers.get(read)
        if number is not None and self.owners[number] == NOBODY:
            self.owners[number] = owner
        return False

    def _news(self, owner: int) -> _Learnt:
        """All that this process knows which others may not."""
        repo, hits = self.repo, hits_of(self.repo)
        known = ((number, reader(fact)) for number, fact in enumerate(self.facts))
        return _Learnt(
            {n: repo.known[read] for n, read in known if self.owners[n] == owner and read in repo.known},
            list(repo.unreadable.values()),
            repo.tree.answers() if isinstance(repo.tree, RecordedTree) else [],
            dict(repo.cache.new) if repo.cache else {},
            hits.news() if hits else {},
        )


def _serve(copies: Copies, owner: int, pipe: Connection) -> None:
    """In a copy: compute until nothing is left."""
    leave_ends_to_the_parent()
    for others in copies.running:
        others.close()  # a copy that is open here would hide the reader's end
    with suppress(Exception):  # the reader computes the fact itself, and there the error is heard
        for learnt in copies.compute(owner):
            pipe.send(learnt)
    pipe.close()
    keep()
