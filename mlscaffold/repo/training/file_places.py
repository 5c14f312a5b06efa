"""Where in the repository a file lies that code names, as far as constants, options and pipelines tell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.data.script_runs import option_values, script_runs
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.python.facts import Source
from mlscaffold.repo.python.file_flow import constants
from mlscaffold.repo.python.file_names import HOLE
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder

ABSOLUTE = regex(r"/(?!/)|[A-Za-z][\w+.-]*:[/\\]|~")
ANCHOR = "//"
"""What a name begins with that is told from the root of the repository."""

ARGUMENT = regex(r"argv\.(\d{1,4})")
CODE = regex(r"(?:src|source|code|scripts?|lib|pipelines?|stages?|steps?)/")
"""Folders of code that is run from the root."""

MOST, MOST_HOLES = 8, 4
"""As many values are tried for one name, and as many holes filled."""

DEPTH = 5


def places(repo: Repo, source: Source, name: str) -> frozenset[str]:
    """The paths that `name` may be in code of `source`; none where a part of it stays unknown.

    A relative name is one of the script's own folder, and of a folder above it where that is told: by a
    pipeline that runs the script there, by a folder that is there or ignored, or by code that is run from the
    root.
    """
    found: set[str] = set()
    for text in _filled(repo, source.path, source, name, DEPTH):
        if text.startswith(ANCHOR):
            found.add(normpath(text[2:]))
        elif ABSOLUTE.match(text):
            found.add(text)
        else:
            found |= {normpath(join(home, text)) for home in _homes(repo, source, text)}
    return frozenset(path for path in found if not path.startswith("..") and path != ".")


def _homes(repo: Repo, source: Source, text: str) -> Iterator[str]:
    if runs := script_runs(repo).get(source.path):
        yield from {run.home for run in runs}
        return
    here = folder(source.path)
    yield here
    first, slash, _ = normpath(text).partition("/")
    if source.notebook or not slash or first == ".." or (here and _is_folder(repo, f"{here}/{first}")):
        return
    above = here
    while above:
        above = folder(above)
        start = f"{above}/{first}" if above else first
        if _is_folder(repo, start) or ignored(repo)(join(above, normpath(text))):
            yield above
            return
    if here and (CODE.match(source.path) or f"{source.path.partition('/')[0]}/__init__.py" in repo.files):
        yield ""


def _is_folder(repo: Repo, path: str) -> bool:
    return path in _folders(repo)


@fact
def _folders(repo: Repo) -> frozenset[str]:
    found: set[str] = set()
    for path in repo.files:
        while (path := folder(path)) and path not in found:
            found.add(path)
    return frozenset(found)


def _filled(repo: Repo, path: str, source: Source | None, name: str, depth: int) -> Iterator[str]:
    """The name with every hole filled, for each of the values that its holes may have."""
    holes = list(dict.fromkeys(HOLE.findall(name)))[: MOST_HOLES + 1]
    if len(holes) > MOST_HOLES:
        return
    values = [sorted(_values(repo, path, source, hole, depth)) for hole in holes]
    for chosen in islice(product(*values), MOST):
        fill = dict(zip(holes, chosen, strict=True))
        yield HOLE.sub(lambda found, fill=fill: fill[found[1]], name)  # type: ignore[misc]


def _values(repo: Repo, path: str, source: Source | None, hole: str, depth: int) -> frozenset[str]:
    if hole == "__file__":
        return frozenset([ANCHOR + path])
    runs = script_runs(repo).get(path, ())
    if "#" in hole:
        return frozenset(_setting(repo, path, *hole.split("#", 1)))
    if hole.startswith("snakemake."):
        return frozenset(value for run in runs for name, value in run.named if name == hole)
    if hole.startswith("--"):
        return option_values(source, hole[2:], runs) if source else frozenset()
    if found := ARGUMENT.fullmatch(hole):
        at = int(found[1]) - 1
        return frozenset(run.words[at] for run in runs if 0 <= at < len(run.words))
    return frozenset(_of_module(repo, path, hole, depth)) if depth else frozenset()


def _setting(repo: Repo, path: str, settings: str, keys: str) -> Iterator[str]:
    """The text at a key of a settings file, which lies at the root or beside the script."""
    for at in dict.fromkeys(normpath(join(home, settings)) for home in ("", folder(path))):
        if at in repo.files:
            document: Any = _document(repo, at)
            for key in keys.split("."):
                document = document.get(key) if isinstance(document, dict) else None
            if isinstance(document, str):
                yield document
            return


def _document(repo: Repo, path: str) -> Any:
    if path.endswith(".json"):
        return json_document(repo, path)
    return toml_document(repo, path) if path.endswith(".toml") else yaml_document(repo, path)


def _of_module(repo: Repo, path: str, dotted: str, depth: int) -> Iterator[str]:
    """The value of another module's variable, as it is called where it is imported."""
    levels = len(dotted) - len(dotted.lstrip("."))
    parts = dotted.lstrip(".").split(".")
    home = folder(path)
    for _ in range(levels - 1):
        home = folder(home)
    bases = [home] if levels else _above(home)
    for base in bases:
        for end in range(len(parts) - 1, 0, -1):
            stem = join(base, *parts[:end])
            for module in (f"{stem}.py", f"{stem}/__init__.py"):
                if module in repo.files:
                    name = _constants(repo, module).get(".".join(parts[end:]), "")
                    yield from _filled(repo, module, None, name, depth - 1) if name else ()
                    return


def _above(home: str) -> list[str]:
    found = [home]
    while home:
        home = folder(home)
        found.append(home)
    return [*found, "src"]


def _constants(repo: Repo, path: str) -> dict[str, str]:
    known = _known(repo)
    if path not in known:
        tree = parse(repo.raw(path) or b"").tree
        known[path] = constants(tree) if tree else {}
    return known[path]


@fact
def _known(_repo: Repo) -> dict[str, dict[str, str]]:
    return {}
