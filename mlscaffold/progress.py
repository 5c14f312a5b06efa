"""How far a long reading is, on one line of a terminal, which is gone when it is done."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

AFTER, EVERY = 1.0, 0.2
"""Seconds until something is said, and until it is said again."""

CLEARED = "\r\x1b[K"

NARROW = 40
"""Columns of a terminal that does not say how many it has."""

_far: dict[str, str] = {}


def step(done: int, total: int, what: str) -> None:
    """So many of all are done. It only takes note: a timer looks now and then."""
    _far[what] = f"{done} of {total} {what}"


@contextmanager
def told() -> Iterator[None]:
    """Tell a person who waits at a terminal; a pipe, a file and a CI job are told nothing."""
    _far.clear()
    told: list[str] = []

    def tell(*_: object) -> None:
        told[:] = [f"reading: {' · '.join(_far.values()) or 'the files'} …"]
        _write(CLEARED + told[0][: _width() - 1])

    before = _every(tell)
    try:
        yield
    finally:
        if before is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        if told:
            _write(CLEARED)


def _every(tell: Callable[..., None]) -> Any:
    """Let a timer call `tell`, and give what it called before; `None` where nobody would see it.

    No second thread: with one, the workers could not be copies of this process.
    """
    seen = sys.stderr.isatty() and "CI" not in os.environ and os.environ.get("TERM") != "dumb"
    if not seen or not hasattr(signal, "setitimer"):
        return None
    with suppress(ValueError):  # only a program's first thread may say so
        before = signal.signal(signal.SIGALRM, tell)
        signal.setitimer(signal.ITIMER_REAL, AFTER, EVERY)
        return before
    return None


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or NARROW
    except OSError:
        return NARROW


def _write(text: str) -> None:
    """Past the stream's buffer, which may just be written when the timer strikes."""
    with suppress(OSError):  # the terminal may be gone
        os.write(sys.stderr.fileno(), text.encode(sys.stderr.encoding, "replace"))
