"""`Repo`: a tree whose bytes are read once and whose facts are computed when a rule first asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any, TypeVar

from mlscaffold.globs import like, matches
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.asked import Asked
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.trees.tree import Entry, Tree
from mlscaffold.standard import Standard

T = TypeVar("T")


WRITTEN_BY_HAND = (".py", ".toml", ".cfg", ".R", ".r", ".jl", ".sh", ".smk", ".nf")
"""Files of code and settings: where one is too large to be read, that is said."""


SHORT = 8_000
BLANK = regex(rb"\n\s{500,}")
MOST_STEPS = 500_000_000


Reader = Callable[["Repo"], Any]
"""What computes a fact."""


class Unreadable(NamedTuple):
    """A file that its own format's tools cannot read, where, and why."""

    path: str
    reason: str
    line: int | None = None


class Repo:
    """The lazy facts of one tree under one standard. Anything here may be asked twice at no cost."""

    def __init__(
        self, tree: Tree, standard: Standard, exclude: tuple[str, ...] = (), cache: Cache | None = None
    ) -> None:
        self.tree = tree
        self.cache = cache
        self.exclude = exclude
        self.standard = standard
        self.asked = Asked()
        self.unreadable: dict[str, Unreadable] = {}
        self._raw: dict[str, bytes | None] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        self._text: dict[str, str | None] = {}
        self.known: dict[Reader, Any] = {}
        self.elsewhere: Callable[[Reader], bool] | None = None
        """Whether another process knew the value of a fact, and it is now in `known`."""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every path of the tree that is not excluded, sorted."""
        entries = self.tree.entries()
        if not self.exclude:
            return tuple(entries)
        return tuple(e for e in entries if not any(matches(p, e.path) for p in self.exclude))

    @cached_property
    def files(self) -> dict[str, Entry]:
        """The regular files, by path."""
        return {entry.path: entry for entry in self.entries if entry.kind == "file"}

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Paths of the regular files by lower-cased file name; the shallowest path first."""
        names: dict[str, list[str]] = {}
        for path in sorted(sorted(self.files), key=lambda p: p.count("/")):
            names.setdefault(path.rpartition("/")[2].lower(), []).append(path)
        return names

    @cached_property
    def _by_suffix(self) -> dict[str, list[str]]:
        """The names of `by_name`, in their order, by what begins with their last dot."""
        suffixes: dict[str, list[str]] = {}
        for name in self.by_name:
            suffixes.setdefault(name[name.rfind(".") :], []).append(name)
        return suffixes

    def named(self, *patterns: str) -> Iterator[str]:
        """Paths whose lower-cased name matches one of the patterns, the shallowest first of each pattern."""
        for pattern in patterns:
            if not any(c in pattern for c in "*?["):
                yield from self.by_name.get(pattern, ())
                continue
            if pattern not in self._named:
                self._named[pattern] = tuple(self._matching(pattern))
            yield from self._named[pattern]

    def _matching(self, pattern: str) -> Iterator[str]:
        head, *middle, tail = regex(r"\[[^]]*\]|[*?]").split(pattern)
        dot, told = tail.rfind("."), pattern == f"{head}*{tail}"
        names = (
            self._holding(max((head, *middle, tail), key=len))
            if dot < 0
            else self._by_suffix.get(tail[dot:], ())
        )
        for name in names:
            if name.startswith(head) and name.endswith(tail, len(head)) and (told or like(name, pattern)):
                yield from self.by_name[name]

    @cached_property
    def _names(self) -> str:
        """The names of `by_name`, one a line; empty where one of them has several lines itself."""
        text = "\n".join(self.by_name)
        return f"{text}\n" if text.count("\n") == len(self.by_name) - 1 else ""

    def _holding(self, word: str) -> Iterator[str]:
        """The names that hold the word, or more of them, in their order."""
        if not word or not self._names:
            yield from self.by_name
            return
        at = self._names.find(word)
        while at >= 0:
            end = self._names.index("\n", at)
            yield self._names[self._names.rfind("\n", 0, at) + 1 : end]
            at = self._names.find(word, end)

    def raw(self, path: str) -> bytes | None:
        """The file's bytes, or `None` where it is too large to read (see `standard.read_limit`) or gone."""
        if path not in self._raw:
            self._raw[path] = self._read(path)
        return self._raw[path]

    def _read(self, path: str) -> bytes | None:
        entry, limit = self.files.get(path), int(self.standard.read_limit)
        if entry is None or entry.size > limit:
            if entry is not None and path.endswith(WRITTEN_BY_HAND):
                self.broken(path, f"cannot be read: it is larger than {limit:,} bytes")
            return None
        try:
            raw = self.tree.read(path, limit)
            if not _endless(raw):
                return raw
            self.broken(path, "cannot be read: it holds more blank lines in a row than anybody writes")
            return None
        except OSError as error:
            self.broken(path, f"cannot be read: {error.strerror or error}")
            return None

    def text(self, path: str) -> str | None:
        """The file as UTF-8 text with universal line ends; `None`, and noted, where it is none.

        A `.txt` file may be UTF-16 with its mark, which pip reads and `pip freeze >` of PowerShell writes.
        """
        if path not in self._text:
            self._text[path] = self._decode(path)
        return self._text[path]

    def _decode(self, path: str) -> str | None:
        raw = self.raw(path)
        if raw is None:
            return None
        try:
            marked = path.endswith(".txt") and raw.startswith((b"\xff\xfe", b"\xfe\xff"))
            if marked and len(raw) % 2:
                self.broken(path, "ends within a character of UTF-16")
                raw = raw[:-1]  # what a hook that ends files with a line end leaves
            text = raw.decode("utf-16" if marked else "utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            self.broken(path, f"is not UTF-8 (byte {raw[error.start]:#04x})", line)
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def broken(self, path: str, reason: str, line: int | None = None) -> None:
        """Note that `path` cannot be read by its own format's tools; VCS122 reports it once."""
        self.unreadable.setdefault(path, Unreadable(path, reason, line))


def _endless(raw: bytes) -> bool:
    """Whether patterns that pass over blank lines would take time beyond reason on these bytes."""
    if len(raw) < SHORT:
        return False
    return sum((found.end() - found.start()) ** 2 for found in BLANK.finditer(raw)) > MOST_STEPS


def fact(read: Callable[[Repo], T]) -> Callable[[Repo], T]:
    """Make `read` a fact: computed once for each `Repo`, when first asked."""

    @wraps(read)
    def get(repo: Repo) -> T:
        if read not in repo.known and not (repo.elsewhere and repo.elsewhere(read)):
            repo.known[read] = read(repo)
        value: T = repo.known[read]
        return value

    return get


def reader(fact: Callable[[Repo], Any]) -> Reader:
    """The function that was made a fact, under which its value is known."""
    read: Reader = fact.__wrapped__  # type: ignore[attr-defined]
    return read
