"""Three-way merges by key or line, which leave every byte outside the changed keys as it is."""

from __future__ import annotations

import codecs
import fnmatch
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlscaffold.upkeep.keys import ini, json, lines, toml, yaml
from mlscaffold.upkeep.keys.outcome import KeyConflict, Ledger, Merged, patterns
from mlscaffold.upkeep.keys.threeway import merged
from mlscaffold.upkeep.keys.toml_shape import shaped, yielding
from mlscaffold.upkeep.keys.tree import Branch, NotByKeys, data, text

__all__ = ["KeyConflict", "Merged", "NotByKeys", "handles", "merge", "restored"]

Parser = Callable[[str, str], Branch]
BYTES_AT_MOST = 1 << 18

FORMATS: tuple[tuple[Parser, tuple[str, ...]], ...] = (
    (toml.parse, ("*.toml", "Pipfile")),
    (yaml.parse, ("*.yml", "*.yaml", "*.cff")),
    (json.parse, ("*.json", "*.jsonc", "*.code-workspace")),
    (ini.parse, ("*.cfg", "*.ini", ".editorconfig", ".flake8", ".coveragerc", ".pylintrc", ".dvc/config")),
    (lines.parse, (".*ignore", ".gitattributes", "CODEOWNERS", "requirements*.in", "requirements*.txt")),
    (lines.parse, ("requirements/*.in", "requirements/*.txt", "constraints*.txt", ".env.*")),
)
"""Each format with the names of its files; a name with a slash is compared with the end of the path."""


@dataclass(frozen=True)
class Dress:
    """What surrounds the text of a file: its byte order mark, its line ends, the last of them."""

    mark: bytes
    newline: str | None
    ended: bool


def handles(path: str) -> bool:
    """Whether files of this name are merged by keys."""
    return _parser(path) is not None


def merge(path: str, base: bytes | None, ours: bytes, theirs: bytes, owned: Sequence[str] = ()) -> Merged:
    """`ours` with what `theirs` changed since `base`. A key that both changed stays ours and is named.

    Without a base, keys that only theirs has are added, and all others stay ours. `owned` are globs of keys
    that another tool keeps, such as `repos[*].rev`: ours stands.
    Raises NotByKeys where the files must be merged as text.
    """
    if theirs in (ours, base) and handles(path):
        return Merged(ours)
    return _merge(path, (base, ours, theirs), Ledger(patterns(owned), adopting=base is None))


def restored(path: str, ours: bytes, theirs: bytes, owned: Sequence[str] = ()) -> bytes:
    """`ours` with every key of `theirs` as it stands there; keys that only ours has stay.

    Raises NotByKeys as `merge` does.
    """
    return _merge(path, (None, ours, theirs), Ledger(patterns(owned), adopting=True, restoring=True)).text


def _merge(path: str, files: tuple[bytes | None, bytes, bytes], ledger: Ledger) -> Merged:
    parser = _parser(path)
    if parser is None:
        raise NotByKeys(f"{path} is in no format that is merged by keys")
    try:
        return _merged(path, parser, files, ledger)
    except RecursionError as error:
        raise NotByKeys("it is nested too deep") from error


def _merged(path: str, parser: Parser, files: tuple[bytes | None, bytes, bytes], ledger: Ledger) -> Merged:
    base, ours, theirs = files
    old = None if base is None else _read(path, parser, base)[0]
    mine, dress = _read(path, parser, ours)
    yours, other = _read(path, parser, theirs)
    if not ours.strip():
        dress = other
    if parser is toml.parse:
        old, yours = old and shaped(old, mine), shaped(yours, mine)
        yours = yours if old or ledger.restoring else yielding(yours, mine)
    kinds = {tree.kind for tree in (old, mine, yours) if tree and tree.entries}
    if len(kinds) > 1 or "list" in kinds:
        raise NotByKeys("its items cannot be told apart by name")
    tree = merged("", old, mine, yours, ledger)
    untouched = ours == base and not ledger.owned
    written = theirs if untouched else _encoded(text(tree), dress, other)
    if not untouched and data(_read(path, parser, written)[0]) != data(tree):
        raise NotByKeys("the merged text would not say what the keys say")
    return Merged(written, tuple(ledger.conflicts), tuple(dict.fromkeys(ledger.taken)))


def _parser(path: str) -> Parser | None:
    whole = PurePosixPath(path)
    for parser, names in FORMATS:
        for name in names:
            tail = "/".join(whole.parts[-1 - name.count("/") :])
            if fnmatch.fnmatchcase(tail, name):
                return parser
    return None


def _read(path: str, parser: Parser, raw: bytes) -> tuple[Branch, Dress]:
    """The tree of a file and what surrounds its text; raises NotByKeys where the tree would lose a byte."""
    written, dress = _decoded(raw)
    tree = parser(written, path)
    if text(tree) != written:
        raise NotByKeys("it is written in a way that keys cannot tell")
    return tree, dress


def _decoded(raw: bytes) -> tuple[str, Dress]:
    """The text with plain line ends, the last one included."""
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    if len(raw) > BYTES_AT_MOST:
        raise NotByKeys("it is larger than 256 KiB")
    try:
        written = raw[len(mark) :].decode()
    except UnicodeDecodeError as error:
        raise NotByKeys("it is not UTF-8") from error
    count = written.count("\n")
    newline = None if not count else "\r\n" if written.count("\r\n") == count else "\n"
    plain = written.replace("\r\n", "\n") if newline == "\r\n" else written
    if "\r" in plain or "\0" in plain:
        raise NotByKeys("its line ends differ from line to line, or it holds control characters")
    ended = plain.endswith("\n") or not plain
    return plain if ended else plain + "\n", Dress(mark, newline, ended)


def _encoded(written: str, ours: Dress, theirs: Dress) -> bytes:
    newline = ours.newline or theirs.newline or "\n"
    body = written if ours.ended else written.removesuffix("\n")
    return ours.mark + (body.replace("\n", "\r\n") if newline == "\r\n" else body).encode()
