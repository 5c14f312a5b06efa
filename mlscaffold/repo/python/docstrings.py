"""How much of the code that others may call says what it does."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

DEFINED = regex(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(?P<name>[A-Za-z]\w*)[^\n]{0,2000}?"
    r"(?:\n(?:[ \t)][^\n]{0,2000}?)?){0,40}?"
    r":[ \t]*(?:#[^\n]*)?\n(?:[ \t]*\n)*[ \t]+(?P<first>\S{1,6})",
    re.M,
)
"""A public function or class of a module, its signature of several lines, and how its body begins."""

QUOTED = regex(r"[rRuUbB]{0,2}(?:\"|')")
ASIDE = regex(
    r"(?:^|/)(?:tests?|docs?|examples?|scripts|benchmarks?|migrations|notebooks)/|(?:^|/)(?:test_[^/]*|conftest|setup)\.py$"
)


class Undocumented(NamedTuple):
    """How many public functions and classes there are, how many say nothing, and the first of those."""

    public: int
    silent: int
    first: Spot | None


@fact
def docstrings(repo: Repo) -> Undocumented:
    """Over the modules of the repository's own packages."""
    public = silent = 0
    first: Spot | None = None
    for path in _modules(repo):
        text = repo.text(path) or ""
        for found in DEFINED.finditer(text):
            public += 1
            if not QUOTED.match(found["first"]):
                silent += 1
                first = first or Spot(path, text.count("\n", 0, found.start()) + 1)
    return Undocumented(public, silent, first)


def _modules(repo: Repo) -> list[str]:
    """Python files beside an `__init__.py`: what can be imported by others."""
    packages = {p.rpartition("/")[0] for p in repo.named("__init__.py") if is_own(p)}
    return [
        path
        for path in repo.files
        if path.endswith(".py") and path.rpartition("/")[0] in packages and not ASIDE.search(path)
    ]
