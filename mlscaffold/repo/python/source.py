"""Every Python source of the repository that can matter, scripts and notebooks alike, as summaries."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits
from mlscaffold.repo.notebooks.cells import Notebook, notebooks
from mlscaffold.repo.python.facts import Role, Source, Spot
from mlscaffold.repo.python.interest import matters
from mlscaffold.repo.python.summary import Script, of_cells, summaries, wanted
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

TEST_NAME = regex(r"^(?:test_.*|.*_test|tests|conftest)\.py$")
TEST_FOLDER = regex(r"(?:^|/)(?:tests?|unit_?tests|integration_?tests)/", re.IGNORECASE)
TEST_INPUT = regex(r"(?:^|/)tests?/(?:[^/]+/)*(?:resources|fixtures|test_?data)/", re.IGNORECASE)
"""What tests are fed with: nothing there is run for its own sake."""

PROGRAMS = ("train", "serve", "predict")
"""What a container for SageMaker brings to be started by its name."""

SHEBANG = regex(rb"#![^\n]*\bpython")

TEMPLATED = regex(r"[{}]{2}|(?:^|/)(?:templates?|cookiecutter)/")
ONLY_OLD = regex(
    r"Missing parentheses in call|multiple exception types must be|leading zeros|<>|cannot be parenthesized"
)


class Unparsed(NamedTuple):
    """A source of which something could not be read: where, why, and whether it is Python 2."""

    spot: Spot
    reason: str
    old: bool


@fact
def sources(repo: Repo) -> tuple[Source, ...]:
    """The sources that a fact can ask about, by path. What could not be parsed is in `unparsed`."""
    return tuple(_all(repo))


def _all(repo: Repo) -> Iterator[Source]:
    scripts = [path for path in repo.files if _is_script(repo, path)]
    matter = hits(repo, f"matters-{wanted(repo)}", scripts, lambda _path, raw: matters(repo, raw))
    paths = [path for path, _ in matter]
    books = [b for b in notebooks(repo) if b.language in ("python", "python2", "python3", "ipython")]
    cells = [of_cells(book.path, tuple(cell.source for cell in book.cells)) for book in books]
    known = _known(repo)
    read = [script for path in paths if path not in known and (script := _script(repo, path))]
    for source in summaries(repo, [*read, *cells]):
        known[source.path] = source
    for path in paths:
        if found := known.setdefault(path, None):
            _place(repo, found)
            yield found
    for book in books:
        if found := known[book.path]:
            _place_notebook(found, book)
            yield found


def _is_script(repo: Repo, path: str) -> bool:
    """Whether a file is Python by its suffix, or a program without one that Python runs."""
    if path.endswith(".py"):
        return True
    entry = repo.files[path]
    if "." in entry.name or not (entry.executable or entry.name in PROGRAMS):
        return False
    return 0 < entry.size < 100_000 and SHEBANG.match(repo.raw(path) or b"") is not None


def _script(repo: Repo, path: str) -> Script | None:
    raw = repo.raw(path)
    return None if raw is None else Script(path, raw)


@fact
def code(repo: Repo) -> tuple[Source, ...]:
    """The repository's own sources that are no tests and no part of a template to be rendered."""
    return tuple(source for source in sources(repo) if source.role == "code" and "{{" not in source.path)


@fact
def call_names(repo: Repo) -> tuple[str, ...]:
    """The names of all calls in `code`, each once, in the order of their first."""
    return tuple(dict.fromkeys(call.name for source in code(repo) for call in source.calls))


@fact
def called_names(repo: Repo) -> frozenset[str]:
    """What scripts call, or pass on as an argument, by its last name."""
    return frozenset(name for source in code(repo) if not source.notebook for name in source.called)


def names_found(repo: Repo, pattern: re.Pattern[str]) -> frozenset[str]:
    """The names of calls in `code` that the pattern finds: most calls share few names."""
    return frozenset(name for name in call_names(repo) if pattern.search(name))


@fact
def unparsed(repo: Repo) -> tuple[Unparsed, ...]:
    """Sources of the repository's own that could not be read, in full or in part."""
    return tuple(_unparsed(repo))


def _unparsed(repo: Repo) -> Iterator[Unparsed]:
    for source in sources(repo):
        if source.unread and source.role == "code" and not _no_python(source.path):
            line, reason = source.unread
            yield Unparsed(source.spot(line), reason, bool(ONLY_OLD.search(reason)))


@fact
def _known(_repo: Repo) -> dict[str, Source | None]:
    return {}


def source_at(repo: Repo, path: str) -> Source | None:
    """The summary of one Python file, whether or not it seemed to matter; `None` where it cannot be read."""
    known = _known(repo)
    if path not in known:
        script = _script(repo, path)
        known[path] = next(summaries(repo, [script])) if script else None
    if found := known[path]:
        _place(repo, found)
    return known[path]


def _place(repo: Repo, source: Source) -> None:
    """What depends on where the file lies: its role, and whether it should have been valid Python."""
    if source.role:
        return
    source.role = _role(source)
    line, reason = source.unread or (0, "")
    if source.broken and not ONLY_OLD.search(reason) and not _no_python(source.path):
        repo.broken(source.path, reason, line)


def _no_python(path: str) -> bool:
    """Whether a file may well be no valid Python on purpose: a template, or what a test is fed with."""
    return bool(TEMPLATED.search(path) or TEST_FOLDER.search(path))


def _role(source: Source) -> Role:
    path = source.path
    if vendored(path):
        return "vendored"
    name = path.rpartition("/")[2]
    runner = source.imports_any({"pytest", "unittest", "nose", "hypothesis"})
    if TEST_NAME.match(name) and (runner or source.tests):
        return "test"
    if TEST_INPUT.search(path):
        return "test"
    if TEST_FOLDER.search(path) and (runner or source.tests or name in ("__init__.py", "conftest.py")):
        return "test"
    return "code"


def _place_notebook(source: Source, book: Notebook) -> None:
    bases = [0]
    for cell in book.cells:
        bases.append(bases[-1] + cell.source.count("\n") + 1)
    source.where = _places(book, bases)
    source.role = "vendored" if vendored(book.path) else "code"


def _places(book: Notebook, bases: list[int]) -> Callable[[int], Spot]:
    def where(line: int) -> Spot:
        index = min(bisect_right(bases, line - 1), len(book.cells)) - 1
        if index < 0:
            return Spot(book.path, 1)
        cell, inside = book.cells[index], line - bases[index]
        return Spot(book.path, book.line(cell.number, inside), cell.number, inside)

    return where
