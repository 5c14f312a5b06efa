"""Regular expressions as an earlier run compiled them, kept where Python keeps the bytecode of this file.

Compiling is done by code in Python, and takes longer than most searches; so does telling which words a match
must hold. It comes to a row of numbers, which the engine checks when it is given them again; where it refuses
any of them, the pattern is compiled anew.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from mlscaffold.named import NamedTuple

Key = tuple[bool, str | bytes, int]
"""Whether it is a pattern for bytes, the pattern, its flags."""

Row = bytes
"""In the format of bytecode what the engine is given: the code, the flags, how many groups, the groups with a
name; then the words. A run reads the few rows that it asks for."""

MOST = 4000
"""With more patterns than this, those that the run did not ask for are dropped."""

REFUSED = (
    ImportError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,
    OverflowError,
)
"""What comes of numbers of another Python, or of none."""


class Needles(NamedTuple):
    """What a pattern's matches hold. In lower case where the flags say that case does not matter."""

    sets: tuple[tuple[str, ...], ...] = ()
    """A text without a word of one of these sets has no match. Empty where nothing can be told."""

    either: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """Each match holds all of one of these: a word of each of its sets. Empty where `sets` say as much."""

    starts: tuple[str, ...] = ()
    """Each match starts with one of these words; empty where that cannot be told."""

    lead: tuple[int, int] = (0, 0)
    """So many characters at least and at most stand in a match before the word of `starts`."""

    one_line: bool = False
    """Whether no match, and nothing that it looks at, goes over the end of a line."""


class Compiled(NamedTuple):
    """A pattern, with the words of its matches where an earlier run told them."""

    pattern: re.Pattern[Any]
    told: bytes | None = None
    """The words as they are kept, which few runs ask for; empty where a match need hold none."""

    @property
    def words(self) -> Needles | None:
        """The words; `None` where they are still to be told."""
        if not self.told:
            return None if self.told is None else Needles()
        try:
            return Needles(*marshal.loads(self.told))  # noqa: S302 (as far to be trusted as the bytecode)
        except REFUSED:
            return None


ASKED: dict[Key, Compiled] = {}


def compiled(text: str | bytes, flags: int) -> Compiled:
    """What `re.compile` gives; `keep` at the end spares the next run the work."""
    key = (isinstance(text, bytes), text, int(flags))
    known = ASKED.get(key)
    if known is None:
        try:
            known = _again(text, _kept()[key])
        except REFUSED:
            known = Compiled(re.compile(text, flags))
        ASKED[key] = known
    return known


def keep() -> None:
    """Write what was compiled anew for the next run; a folder that refuses is no error."""
    place, known = _place(), _kept()
    new = ASKED.keys() - known.keys()
    if not new or not place or sys.dont_write_bytecode:
        return
    if len(known) + len(new) > MOST:
        known = {key: known[key] for key in ASKED.keys() & known.keys()}
    with suppress(*REFUSED):
        _write(place, known | {key: _row(key, ASKED[key].pattern) for key in new})


def _write(place: Path, rows: dict[Key, Row]) -> None:
    scratch = place.with_suffix(f".{os.getpid()}")
    try:
        scratch.write_bytes(marshal.dumps((_stamp(), rows)))
        scratch.replace(place)
    except OSError:
        with suppress(OSError):
            scratch.unlink()


@cache
def _kept() -> dict[Key, Row]:
    place = _place()
    if place is None:
        return {}
    try:
        stamp, rows = marshal.loads(place.read_bytes())  # noqa: S302 (as far to be trusted as the bytecode)
        return dict(rows) if stamp == _stamp() else {}
    except (OSError, *REFUSED):
        return {}


def _place() -> Path | None:
    """Beside the bytecode: whoever may write there could as well change the program."""
    bytecode = __spec__.cached if __spec__ else None
    return Path(bytecode).with_suffix(".patterns") if bytecode else None


def _stamp() -> tuple[str | int, ...]:
    """What the rows depend on besides the patterns."""
    import _sre  # type: ignore[import-not-found]

    makers = [Path(__file__).with_name(name).stat() for name in ("compiled.py", "needles.py")]
    return sys.version, _sre.MAGIC, *(n for made in makers for n in (made.st_mtime_ns, made.st_size))


def _row(key: Key, pattern: re.Pattern[Any]) -> Row:
    from re import _compiler, _parser  # type: ignore[attr-defined]

    from mlscaffold.needles import needles

    code = array("I", _compiler._code(_parser.parse(key[1], key[2]), key[2])).tobytes()
    words = needles(pattern.pattern, pattern.flags)
    told = marshal.dumps(tuple(words)) if words.sets else b""
    return marshal.dumps((code, pattern.flags, pattern.groups, dict(pattern.groupindex), told))


def _again(text: str | bytes, row: Row) -> Compiled:
    import _sre

    code, flags, groups, names, told = marshal.loads(row)  # noqa: S302 (as above)
    by_number: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        by_number[number] = name
    numbers = array("I", code).tolist()
    return Compiled(_sre.compile(text, flags, numbers, groups, names, tuple(by_number)), bytes(told))
