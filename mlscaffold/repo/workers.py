"""Work on many pieces in several processes: all of it is done, whatever happens to one, and none stays."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Piece = TypeVar("Piece")
Done = TypeVar("Done")
MOST = 8
"""More processes cost more in starting than they win."""


def processors() -> int:
    """How many processors this process may use, as far as it pays to use them."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST)


def spread(
    work: Callable[[Piece], Done], pieces: Sequence[Piece], count: int
) -> Iterator[tuple[Piece, Done]]:
    """Each piece with what `work` makes of it, in any order, by `count` processes besides this.

    `work` must be a function of a module. A piece whose process dies is done here.
    """
    from multiprocessing import connection, get_context

    context: Any = get_context("fork" if sys.platform == "linux" and alone() else "spawn")
    waiting = list(reversed(pieces))
    started: list[BaseProcess] = []
    busy: dict[Connection, Piece] = {}
    try:
        for _ in range(min(count, len(waiting))):
            ours, theirs = context.Pipe()
            started.append(context.Process(target=_serve, args=(theirs, ours, work), daemon=True))
            started[-1].start()
            theirs.close()
            busy[ours] = waiting.pop()
            ours.send(busy[ours])
        while busy:
            for ready in cast("list[Connection]", connection.wait(list(busy))):
                piece = busy.pop(ready)
                try:
                    answer = ready.recv()
                    if waiting:
                        busy[ready] = waiting.pop()
                        ready.send(busy[ready])
                except (EOFError, OSError):
                    waiting += [busy.pop(ready)] if ready in busy else []
                    answer = work(piece)
                yield piece, answer
        for piece in waiting:
            yield piece, work(piece)
    finally:
        for process in started:
            process.kill()
            process.join()


def alone() -> bool:
    """Whether no other thread could hold a lock that a copy of this process would wait for."""
    import threading

    return threading.active_count() == 1


def leave_ends_to_the_parent() -> None:
    """In a process that was started here: the parent alone hears an interruption, and ends in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _serve(pipe: Connection, parents: Connection, work: Callable[[Any], Any]) -> None:
    """Answer pieces until nobody asks any more."""
    leave_ends_to_the_parent()
    parents.close()  # a copy that is open here would hide the parent's end from us
    try:
        while True:
            pipe.send(work(pipe.recv()))
    except Exception:  # noqa: BLE001 (the parent does the piece itself, and there the error is heard)
        return
