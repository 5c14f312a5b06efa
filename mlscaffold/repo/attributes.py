"""What `.gitattributes` files say of paths: https://git-scm.com/docs/gitattributes."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.ignore import Pattern, as_bytes, parse_line
from mlscaffold.repo.repo import Repo, fact

QUOTED = regex(r'"((?:\\.|[^"\\])*)"(.*)')
MACROS = {"binary": {"diff": "", "merge": "", "text": "", "binary": "set"}}


class Line(NamedTuple):
    """One line: the folder of its file, what it matches, and the attributes that it gives.

    `-text` gives an empty value, a bare `text` gives `set`.
    """

    path: str
    number: int
    home: str
    glob: str
    pattern: Pattern
    given: dict[str, str]

    def matches(self, path: str) -> bool:
        """Whether the line speaks of `path`."""
        below = path[len(self.home) :]
        return path.startswith(self.home) and self.pattern.matches(as_bytes(below), is_folder=False)


@fact
def attribute_lines(repo: Repo) -> tuple[Line, ...]:
    """Every line, the root's file first, so that the last match wins."""
    return tuple(line for path in repo.named(".gitattributes") for line in _read(repo, path))


def _read(repo: Repo, path: str) -> Iterator[Line]:
    home = path[: -len(".gitattributes")]
    for number, row in enumerate((repo.raw(path) or b"").decode("latin-1").splitlines(), 1):
        glob, words = _split(row.removeprefix("\u00ef\u00bb\u00bf").strip())
        pattern = parse_line(glob) if glob and not glob.startswith(("#", "!", "[attr]")) else None
        if pattern and not pattern.folders_only:
            yield Line(path, number, home, glob, pattern, _given(words))


def _split(row: str) -> tuple[str, list[str]]:
    if quoted := QUOTED.match(row):
        return quoted[1], quoted[2].split()
    glob, *words = row.split() or [""]
    return glob, words


def _given(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if word[0] in "-!":
            found[word[1:]] = ""
        else:
            found[name] = value or "set"
            found.update(MACROS.get(name, {}))
    return found


def attributes(repo: Repo, path: str) -> dict[str, str]:
    """All attributes of one path; the last line that matches decides about each."""
    found: dict[str, str] = {}
    for line in attribute_lines(repo):
        if line.matches(path):
            found.update(line.given)
    return found
