"""What ties a notebook to where it was written: unpinned packages, somebody's drive, absent files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.declared_names import declared_names
from mlscaffold.repo.environments.requirements import normalised
from mlscaffold.repo.notebooks.cells import Cell, Notebook, notebooks
from mlscaffold.repo.notebooks.files import absent_read
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

What = Literal["drive", "mount", "platform", "input", "file", "package"]

INSTALL = regex(
    r"^[!%](?:(?:\{sys\.executable\}|python3?)[ \t]+-m[ \t]+)?(?:pip3?|conda|mamba"
    r"|uv[ \t]+pip)[ \t]+install[ \t]"
    r"(?P<rest>[^\n#;&|>]*)",
    re.M,
)
_VALUED = """
    -c -n -i -f -r -t -e -p --channel --index-url --extra-index-url --find-links --requirement --editable
    --target --constraint --trusted-host --prefix
"""
VALUED = frozenset(_VALUED.split())
"""Options that take the next word."""

NAME = regex(r"^[\"']?(?P<name>[A-Za-z][\w.-]*)(?:\[[\w,-]*\])?[\"']?$")
_TOOLS = """
    pip setuptools wheel ipykernel jupyter jupyterlab notebook ipywidgets nbformat tqdm rise watermark
    nbconvert
    jupytext black nb-black conda mamba uv
    awscli docker gpustat pyngrok ngrok pipdeptree pip-tools kaggle gdown
"""
TOOLS = frozenset(_TOOLS.split())
"""What works around the notebook, and no result depends on."""

DRIVE = regex(r"/content/g?drive/[^\s\"'`)\\]*|/content/g?drive(?=[\"'][ \t]*[,+/])")
MOUNTED = regex(r"(?<![\w./])(?:dbfs:)?/(?:dbfs/)?mnt/(?P<name>[\w.-]+)")
DBUTILS = regex(r"\bdbutils\.(?!widgets\b|library\b|notebook\b)\w+")
KAGGLE = regex(r"/kaggle/input/[\w.-]+")
GUARDED = regex(
    r"IN_COLAB|COLAB_GPU|COLAB_RELEASE_TAG|is_?colab|running_?in_?colab|on_?colab|[\"']google\.colab"
    r"|use_(?:g_?)?drive|except \(?(?:ImportError|ModuleNotFoundError|NameError)"
    r"|KAGGLE_KERNEL|is_?kaggle|on_?kaggle|DATABRICKS_RUNTIME",
    re.I,
)
"""A notebook that asks where it runs, runs elsewhere too."""

DOCUMENT = (".md", ".rst", ".txt", ".adoc", ".org")
ON_DRIVE = regex(r"(?:google|my|g)[ _-]?drive|\bcolab\b", re.I)
MOST = 200_000


class Tie(NamedTuple):
    """The first thing of a notebook that ties it: what, by which name, and where."""

    spot: Spot
    what: What
    name: str


@fact
def notebook_ties(repo: Repo) -> tuple[Tie, ...]:
    """At most one of each notebook of the repository's own, by path."""
    books = (book for book in notebooks(repo) if is_own(book.path) and _python(book))
    return tuple(tie for book in books if (tie := _of(repo, book)))


def _python(book: Notebook) -> bool:
    return book.language.startswith(("python", "ipython")) and bool(book.cells)


def _of(repo: Repo, book: Notebook) -> Tie | None:
    looked_for = (_drive, _mount, _platform, _input)
    tie = next((tie for look in looked_for if (tie := look(repo, book))), None)
    if tie and not GUARDED.search("\n".join(cell.source for cell in book.cells)):
        return tie
    if read := absent_read(repo, book):
        return Tie(_spot(book, read.cell, read.line), "file", read.path)
    return _package(repo, book)


def _drive(repo: Repo, book: Notebook) -> Tie | None:
    tie = _first(book, "drive", DRIVE, b"/content/")
    return tie if tie and not ON_DRIVE.search(_told(repo, book)) else None


def _mount(repo: Repo, book: Notebook) -> Tie | None:
    tie = _first(book, "mount", MOUNTED, b"/mnt/") if b"dbutils" in book.raw or b"dbfs" in book.raw else None
    return (
        tie if tie and not regex(r"\bmount", re.I).search(_told(repo, book)) and not _mounts(repo) else None
    )


@fact
def _mounts(repo: Repo) -> bool:
    """Whether some code of the repository makes the mounts that its notebooks read."""
    read = (p for p in repo.files if p.endswith((".py", ".ipynb", ".tf", ".sh", ".scala", ".yml", ".yaml")))
    return any(regex(rb"fs\.mount\(|databricks_mount").search(repo.raw(path) or b"") for path in read)


def _platform(repo: Repo, book: Notebook) -> Tie | None:
    tie = _first(book, "platform", DBUTILS, b"dbutils")
    return tie if tie and not regex("databricks", re.I).search(_told(repo, book)) else None


def _input(repo: Repo, book: Notebook) -> Tie | None:
    tie = _first(book, "input", KAGGLE, b"/kaggle/input")
    told = "kernel-metadata.json" in repo.by_name or (tie and regex("kaggle", re.I).search(_told(repo, book)))
    return None if told else tie


def _package(repo: Repo, book: Notebook) -> Tie | None:
    if b"install" not in book.raw:
        return None
    for cell in book.cells:
        for found in INSTALL.finditer(cell.source):
            name = next(
                (n for n in _unpinned(found["rest"]) if n not in TOOLS and n not in declared_names(repo)), ""
            )
            if name and not repo.by_name.get(f"{name}.py") and not _is_package(repo, name):
                return Tie(_spot(book, cell, cell.source.count("\n", 0, found.start()) + 1), "package", name)
    return None


def _unpinned(rest: str) -> Iterator[str]:
    """The normalised names that an install command gives without a version."""
    words = iter(rest.split())
    for word in words:
        if word in VALUED:
            next(words, "")
        elif found := NAME.match(word):
            yield normalised(found["name"])


def _is_package(repo: Repo, name: str) -> bool:
    """Whether the name is that of a package that lies here."""
    folder = f"{name.replace('-', '_')}/__init__.py"
    return any(path in repo.files for path in (folder, f"src/{folder}"))


def _first(book: Notebook, what: What, pattern: re.Pattern[str], word: bytes) -> Tie | None:
    """The first place of the pattern outside comments."""
    if word not in book.raw:
        return None
    for cell in book.cells:
        for number, line in enumerate(cell.source.split("\n"), 1):
            bare = line if len(line) < MOST and not line.lstrip().startswith("#") else ""
            if found := pattern.search(bare):
                return Tie(_spot(book, cell, number), what, found[0])
    return None


def _spot(book: Notebook, cell: Cell, line: int) -> Spot:
    return Spot(book.path, book.line(cell.number, line), cell.number, line)


def _told(repo: Repo, book: Notebook) -> str:
    """What the repository's pages and the notebook's own text say."""
    return "\n".join((_pages(repo), *book.prose))


@fact
def _pages(repo: Repo) -> str:
    paths = [p for p in repo.files if p.lower().endswith(DOCUMENT) and p.count("/") < 3 and is_own(p)]
    return "\n".join((repo.raw(path) or b"")[:MOST].decode("utf-8", "replace") for path in paths[:100])
