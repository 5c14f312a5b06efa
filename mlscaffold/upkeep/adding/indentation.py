"""How the files of a repository are indented, so that an editor goes on as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own

KINDS = {
    "*.py": (".py",),
    "*.{yml,yaml}": (".yml", ".yaml"),
    "*.jl": (".jl",),
    "*.{r,R,Rmd,qmd}": (".r", ".rmd", ".qmd"),
    "*.sh": (".sh",),
}
"""The pattern of an editor's configuration for each kind of file."""

SAMPLE = 40
"""As many files of a kind are looked at."""

CLEAR = 0.7
"""The share of the steps that one width must have, at least: else the files are of several minds."""

LEADING = regex(r"^(?P<blank>[ \t]*)\S", re.M)
WIDTHS = (2, 3, 4, 8)


class Indent(NamedTuple):
    """The indentation of the files that match a pattern; `size` is 0 for tabs."""

    glob: str
    style: str
    size: int


def indents(repo: Repo) -> tuple[Indent, ...]:
    """One for each kind of file that is here and that is indented alike."""
    return tuple(made for glob, ends in KINDS.items() if (made := _of(repo, glob, ends)))


def _of(repo: Repo, glob: str, ends: tuple[str, ...]) -> Indent | None:
    paths = [path for path in repo.files if path.lower().endswith(ends) and is_own(path)][:SAMPLE]
    steps = Counter(step for path in paths for step in _steps(repo.text(path) or ""))
    if not steps:
        return None
    (step, count), *_ = steps.most_common(1)
    if count < CLEAR * steps.total():
        return None
    return Indent(glob, "tab", 0) if step == "\t" else Indent(glob, "space", len(step))


def _steps(text: str) -> Iterator[str]:
    """What each line has more of than the one before it, where that is a tab or a usual number of blanks."""
    before = ""
    for line in LEADING.finditer(text):
        blank = line["blank"]
        more = blank.removeprefix(before) if blank != before and blank.startswith(before) else ""
        if more and regex(r"\t+").fullmatch(more):
            yield "\t"
        elif more.isspace() and len(more) in WIDTHS and "\t" not in more:
            yield more
        before = blank
