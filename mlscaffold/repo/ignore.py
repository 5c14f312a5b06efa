"""What git would ignore, told from `.gitignore` files alone: https://git-scm.com/docs/gitignore."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo, fact

POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class Pattern(NamedTuple):
    """One line: what it matches, and whether it takes back, folders alone, or from its own folder on."""

    regex: re.Pattern[str]
    negated: bool
    folders_only: bool
    anchored: bool

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Whether the line speaks of `path`, which is relative to the folder of its file."""
        if self.folders_only and not is_folder:
            return False
        return self.regex.fullmatch(path if self.anchored else path.rpartition("/")[2]) is not None


class Ignored:
    """The patterns of a tree, by the folder in which their file stands (`""` for the root)."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._patterns = {folder: parse(text) for folder, text in texts.items()}

    def __call__(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether git would leave `path` out; a path below an ignored folder is out whatever comes later."""
        path = as_bytes(path)
        parts = path.split("/")
        folders = ("/".join(parts[:i]) for i in range(1, len(parts)))
        return any(self._says(folder, is_folder=True) for folder in folders) or self._says(
            path, is_folder=is_folder
        )

    def _says(self, path: str, *, is_folder: bool) -> bool:
        folder = path.rpartition("/")[0]
        while True:
            below = path[len(folder) + 1 :] if folder else path
            for pattern in reversed(self._patterns.get(folder, ())):
                if pattern.matches(below, is_folder=is_folder):
                    return not pattern.negated
            if not folder:
                return False
            folder = folder.rpartition("/")[0]


@fact
def ignored(repo: Repo) -> Ignored:
    """What the repository's own `.gitignore` files leave out; nothing of one machine's settings."""
    texts = {}
    for path in repo.by_name.get(".gitignore", ()):
        if raw := repo.raw(path):
            texts[as_bytes(path.rpartition("/")[0])] = raw.decode("utf-8", "surrogateescape")
    return Ignored(texts)


LONGEST = 4096
"""Characters of a pattern: no system has a path as long."""


def as_bytes(text: str) -> str:
    """Each byte as one character: git's `?` stands for one byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def parse(text: str) -> list[Pattern]:
    """The patterns of one `.gitignore`, in order; lines that can match nothing are left out."""
    lines = as_bytes(text.removeprefix("\ufeff")).split("\n")
    return [pattern for line in lines if (pattern := parse_line(line.removesuffix("\r")))]


def parse_line(line: str) -> Pattern | None:
    """One pattern, or `None` for a comment, an empty line and a pattern that git could never match."""
    line = _without_trailing_spaces(line)
    if not line or line.startswith("#") or len(line) > LONGEST:
        return None
    negated = line.startswith("!")
    line = line[negated:]
    folders_only = line.endswith("/")
    line = line[:-1] if folders_only else line
    anchored = "/" in line
    expression = translate(line.removeprefix("/"))
    if not line or expression is None:
        return None
    return Pattern(re.compile(expression, re.S), negated, folders_only, anchored)


def _without_trailing_spaces(line: str) -> str:
    bare = line.rstrip(" ")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if escapes % 2 and bare != line else bare


def translate(glob: str) -> str | None:
    """The regular expression of one glob; `None` where a bracket or an escape is left open."""
    out, at = "", 0
    while at < len(glob):
        char = glob[at]
        if char == "*":
            piece, at = _stars(glob, at)
        elif char == "[":
            bracket = _bracket(glob, at + 1)
            if bracket is None:
                return None
            piece, at = bracket
        elif char == "\\":
            if at + 1 == len(glob):
                return None
            piece, at = re.escape(glob[at + 1]), at + 2
        else:
            piece, at = ("[^/]" if char == "?" else re.escape(char)), at + 1
        out += piece
    return out


def _stars(glob: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(glob) and glob[end] == "*":
        end += 1
    opens = at == 0 or glob[at - 1] == "/"
    if end - at == 1 or not opens or (end < len(glob) and glob[end] != "/"):
        return "[^/]*", end
    return (".*", end) if end == len(glob) else ("(?:.*/)?", end + 1)


def _bracket(glob: str, at: int) -> tuple[str, int] | None:
    """The set after `[` and where it ends; of a range that runs backwards git takes the first end."""
    negated = glob[at : at + 1] in {"!", "^"}
    at += negated
    members, first = "", True
    while first or glob[at : at + 1] != "]":
        if glob.startswith("[:", at) and (end := glob.find(":]", at)) > 0:
            if glob[at + 2 : end] not in POSIX:
                return None
            members, at = members + POSIX[glob[at + 2 : end]], end + 2
        else:
            low, at = _member(glob, at)
            high = low
            if glob[at : at + 1] == "-" and glob[at + 1 : at + 2] not in {"]", ""}:
                high, at = _member(glob, at + 1)
            if not low or not high:
                return None
            members += re.escape(low) + (f"{re.escape(low)}-{re.escape(high)}" if low < high else "")
        first = False
    return (f"(?!/)[{'^' if negated else ''}{members}]" if members else _none(negated=negated)), at + 1


def _member(glob: str, at: int) -> tuple[str, int]:
    at += glob[at : at + 1] == "\\"
    return glob[at : at + 1], at + 1


def _none(*, negated: bool) -> str:
    return "[^/]" if negated else "(?!)"
