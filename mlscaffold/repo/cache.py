"""What was learnt from a file's bytes, kept between runs in one file of the user's own cache folder.

The cache is a help, never a need: where it cannot be opened, is damaged, locked or full, a run goes on
without it. It holds JSON alone, so that nothing in it can run, and nothing about files with credentials.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlscaffold.derived import stamp
from mlscaffold.digests import blake2b
from mlscaffold.repo.trees.git import repository_above

if TYPE_CHECKING:
    import sqlite3

NAME = "facts-1.sqlite"
MOST_BYTES = 256 * 1024 * 1024
"""A larger file gives up what was not asked for longest."""

PATIENCE = 1.0
"""Seconds to wait for another run that is writing."""

AT_ONCE = 500
"""Keys that are looked up together; SQLite takes up to 999 in one statement of older versions."""

DAY = 86_400
TABLE = "CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, used INTEGER, value TEXT) WITHOUT ROWID"


class Cache:
    """Values by key; opened when first asked, written once at the end. One object serves one run."""

    def __init__(self, file: Path, most: int = MOST_BYTES) -> None:
        self.file = file
        self.most = most
        self.new: dict[bytes, str] = {}
        self._asked: list[bytes] = []
        self._last: list[Callable[[], None]] = []
        self._connection: sqlite3.Connection | None = None
        self._stamp = _stamp()
        self._usable = bool(self._stamp)

    def key(self, reader: str, raw: bytes, also: str = "") -> bytes:
        """The key of what this version's `reader` makes of these bytes under what `also` names."""
        whole = blake2b(raw, digest_size=20, key=self._stamp)
        whole.update(f"\0{reader}\0{also}".encode("utf-8", "surrogatepass"))
        return whole.digest()

    def get(self, key: bytes) -> Any:
        """The value, or `None`."""
        if key in self.new:
            return json.loads(self.new[key])
        connection = self._opened()
        if connection is None:
            return None
        try:
            row = connection.execute("SELECT value, used FROM facts WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            if row[1] < time.time() - DAY:
                self._asked.append(key)
            return json.loads(row[0])
        except (ValueError, TypeError, RecursionError):
            return None
        except _errors():
            self._usable, self._connection = False, None
            return None

    def several(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, str]]:
        """Those of the keys that are known, each with its value as JSON text."""
        yield from ((key, self.new[key]) for key in keys if key in self.new)
        keys = [key for key in keys if key not in self.new]
        connection = self._opened() if keys else None
        old = time.time() - DAY
        try:
            for at in range(0, len(keys) if connection else 0, AT_ONCE):
                part = keys[at : at + AT_ONCE]
                marks = ",".join("?" * len(part))
                asked = (
                    f"SELECT key, value, used FROM facts WHERE key IN ({marks})"  # noqa: S608 (marks alone)
                )
                for key, value, used in connection.execute(asked, part) if connection else ():
                    if used < old:
                        self._asked.append(key)
                    if isinstance(value, str):
                        yield key, value
        except _errors():
            self._usable, self._connection = False, None

    def before_saving(self, give: Callable[[], None]) -> None:
        """Have `give` put what it holds when the run ends."""
        self._last.append(give)

    def put(self, key: bytes, value: str) -> None:
        """Keep a value, given as JSON text, when the run ends."""
        if self._usable:
            self.new[key] = value

    def save(self) -> None:
        """Write what is new, and drop what nobody asks for any more where there is too much."""
        for give in self._last:
            give()
        self._last = []
        connection = self._opened() if self.new or self._asked else None
        if connection is not None:
            with contextlib.suppress(*_errors()):
                self._write(connection)
        self.new, self._asked = {}, []

    def close(self) -> None:
        """Save, and let go of the file."""
        self.save()
        connection = self._connection
        if connection is None:
            return
        with contextlib.suppress(*_errors()):
            connection.close()
        self._connection, self._usable = None, False

    def _write(self, connection: sqlite3.Connection) -> None:
        now = int(time.time())
        with connection:
            rows = ((key, now, value) for key, value in sorted(self.new.items()))  # sooner than in disorder
            connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)
            connection.executemany("UPDATE facts SET used = ? WHERE key = ?", ((now, k) for k in self._asked))
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        if self.new and (pages - free) * size > self.most:
            self._shrink(connection)

    def _shrink(self, connection: sqlite3.Connection) -> None:
        """Drop the half that was asked for longest ago; SQLite fills the space again."""
        half = "SELECT used FROM facts ORDER BY used LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM facts)"
        with connection:
            (border,) = connection.execute(half).fetchone()
            (last,) = connection.execute("SELECT MAX(used) FROM facts").fetchone()
            connection.execute("DELETE FROM facts WHERE used <= ?", (min(border, last - 1),))
            if border == last:  # one run alone fills more than half: any half of it, as keys are random
                connection.execute("DELETE FROM facts WHERE key < x'80'")

    def _opened(self) -> sqlite3.Connection | None:
        if self._connection is None and self._usable:
            try:
                self._connection = _connect(self.file)
            except OSError:
                self._usable = False
            except _errors():
                self._usable = False
                _remove_damaged(self.file)
        return self._connection


@contextlib.contextmanager
def the_cache(audited: Path | None) -> Iterator[Cache | None]:
    """The cache for an audit of the folder, written at the end; none where `audited` is `None`."""
    cache = open_cache(audited) if audited else None
    try:
        yield cache
    finally:
        if cache is not None:
            cache.close()


def open_cache(audited: Path) -> Cache | None:
    """The user's cache, or `None` where it would lie in what is audited or belongs to somebody else."""
    folder = users_folder()
    if folder is None:
        return None
    where = repository_above(Path(os.path.realpath(audited)))
    inside = where.root if where and where.root else Path(os.path.realpath(audited))
    if Path(os.path.realpath(folder)).is_relative_to(inside):
        return None
    return Cache(folder / NAME)


def users_folder() -> Path | None:
    """Where this system keeps a user's caches."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "mlscaffold"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "mlscaffold"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "mlscaffold" / "Cache"
    return home / ".cache" / "mlscaffold"


def _connect(file: Path) -> sqlite3.Connection:
    import sqlite3

    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and file.parent.stat().st_uid != os.getuid():
        raise PermissionError(file.parent)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(file, timeout=PATIENCE)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _errors() -> tuple[type[Exception], ...]:
    """What SQLite raises; nothing where it was never needed."""
    module = sys.modules.get("sqlite3")
    return (module.Error,) if module else ()


def _remove_damaged(file: Path) -> None:
    """Make room for a new cache where the file is none; a file that is locked or closed to us stays."""
    try:
        with file.open("rb") as opened:
            damaged = opened.read(16) not in (b"", b"SQLite format 3\0")
        if damaged:
            file.unlink()
    except OSError:
        pass


def _stamp() -> bytes:
    """What names this version of the readers: their files and catalogue, and Python's parser."""
    here = Path(__file__).parent
    above, standard = here.parent, here.parent / "standard"
    try:
        code = [*stamp(here, ".py"), *stamp(above, ".py", deep=False)]
        rows = [sys.version, *code, *stamp(standard, ".yml"), *stamp(standard, ".json")]
    except OSError:
        return b""
    return blake2b("\n".join(rows).encode("utf-8", "surrogateescape"), digest_size=16).digest()
