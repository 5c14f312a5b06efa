"""DVC's own files as data: the stages of pipelines, and pointers to data, with what each reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, is_own

FIXTURE = regex(r"(?:^|/)(?:tests?|testing|fixtures?|test_?data|examples?/.*/tests?)/", re.I)
KEY = regex(r"[ ]+[\"']?([^\"':\n#]{1,200}?)[\"']?[ ]*:")
LONG = 200_000
"""In a longer pointer file no line is looked up for each of its outputs."""

ELSEWHERE = regex(r"[a-zA-Z][a-zA-Z0-9+.-]+://|/|[A-Za-z]:[\\/]|~")
"""How a path begins that is not in the repository."""


MOST = 5000
"""As many stages are told apart: loops in a file of a stranger may stand for any number."""


class Output(NamedTuple):
    """What a stage or pointer writes: the name as written, the path in the tree, and whether DVC keeps it."""

    written: str
    path: str
    cached: bool
    by: str
    line: int | None
    pushed: bool = True
    remote: str = ""


class Stage(NamedTuple):
    """One stage after templating. A name with `*` stands for stages that cannot be told apart."""

    file: str
    name: str
    line: int | None
    home: str
    command: str
    deps: tuple[str, ...]
    outs: tuple[Output, ...]
    params: tuple[tuple[str, tuple[str, ...]], ...]
    idle: bool
    """Frozen, or run each time: DVC does not ask whether it changed."""


@fact
def stages(repo: Repo) -> tuple[Stage, ...]:
    """The stages of every pipeline of the repository's own."""
    found = (stage for path in repo.named("dvc.yaml") if _own(path) for stage in _of_file(repo, path))
    return tuple(islice(found, MOST))


@fact
def pointers(repo: Repo) -> tuple[Output, ...]:
    """What the `.dvc` files of the repository point to."""
    paths = (path for path in repo.files if path.endswith(".dvc") and _own(path))
    return tuple(output for path in paths for output in _of_pointer(repo, path))


@fact
def kept_by_dvc(repo: Repo) -> tuple[Output, ...]:
    """Everything whose content DVC keeps outside git."""
    written = (output for stage in stages(repo) for output in stage.outs)
    return tuple(output for output in (*pointers(repo), *written) if output.cached)


def in_tree(path: str) -> bool:
    """Whether an output's path is known and lies in the repository."""
    return bool(path) and not path.startswith("..") and "${" not in path


def _own(path: str) -> bool:
    return is_own(path) and not FIXTURE.search(path)


def _of_file(repo: Repo, path: str) -> Iterator[Stage]:
    from mlscaffold.repo.data import dvc_templates

    document = yaml_document(repo, path)
    if not isinstance(document, dict) or not isinstance(document.get("stages"), dict):
        return
    shared = dvc_templates.context(repo, path, document.get("vars"))
    lines = _lines(repo.text(path) or "")
    for name, body in document["stages"].items():
        if isinstance(name, str) and isinstance(body, dict):
            inner: dict[str, Any] = body["do"] if isinstance(body.get("do"), dict) else body
            own = dvc_templates.context(repo, path, inner.get("vars")) if "vars" in inner else {}
            for told, one in dvc_templates.stages(name, body, shared | own):
                yield _stage(path, told, lines.get(name), one)


def _lines(text: str) -> dict[str, int]:
    """The first line of each indented key."""
    found: dict[str, int] = {}
    for number, row in enumerate(text.split("\n"), 1):
        if key := KEY.match(row):
            found.setdefault(key[1], number)
    return found


def _stage(path: str, name: str, line: int | None, body: dict[str, Any]) -> Stage:
    home = normpath(join(folder(path), str(body.get("wdir") or "."))).removeprefix("./")
    home = "" if home == "." else home
    command = body.get("cmd")
    lines = [c for c in command if isinstance(c, str)] if isinstance(command, list) else [str(command or "")]
    outs = [
        _output(entry, home, f"{path}:{name}", line)
        for key in ("outs", "metrics", "plots")
        for entry in _listed(body.get(key))
    ]
    deps = [str(next(iter(e), "")) if isinstance(e, dict) else str(e) for e in _listed(body.get("deps"))]
    idle = bool(body.get("frozen") or body.get("always_changed"))
    told = tuple(output for output in outs if output.written)
    params = tuple(_params(body.get("params")))
    return Stage(path, name, line, home, "\n".join(lines), tuple(filter(None, deps)), told, params, idle)


def _listed(entries: Any) -> list[Any]:
    if isinstance(entries, dict):
        return [{key: value} for key, value in entries.items()]
    return entries if isinstance(entries, list) else []


def _output(entry: Any, home: str, by: str, line: int | None) -> Output:
    name, flags = (
        (next(iter(entry.items())) if entry else ("", None)) if isinstance(entry, dict) else (entry, {})
    )
    flags = flags if isinstance(flags, dict) else {}
    return _kept(str(name), home, by, line, flags)


def _kept(name: str, home: str, by: str, line: int | None, flags: dict[str, Any]) -> Output:
    outside = ELSEWHERE.match(name) or not name
    path = "" if outside else normpath(join(home, name))
    cached, pushed = flags.get("cache") is not False, flags.get("push") is not False
    return Output(name, path, cached, by, line, pushed, str(flags.get("remote") or ""))


def _params(entries: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parameters by file; no keys stand for all of them."""
    short = []
    for entry in _listed(entries):
        if isinstance(entry, dict):
            for name, keys in entry.items():
                yield str(name), tuple(str(k) for k in keys) if isinstance(keys, list) else ()
        else:
            short.append(str(entry))
    if short:
        yield "params.yaml", tuple(short)


def _of_pointer(repo: Repo, path: str) -> Iterator[Output]:
    document = yaml_document(repo, path)
    if not isinstance(document, dict):
        return
    home = normpath(join(folder(path), str(document.get("wdir") or "."))).removeprefix("./")
    text = repo.text(path) or ""
    theirs = any(isinstance(dep, dict) and "repo" in dep for dep in _listed(document.get("deps")))
    for entry in _listed(document.get("outs")):
        name = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(name, str):
            at = text.find(f"path: {name}") if len(text) < LONG else -1
            line = text.count("\n", 0, at) + 1 if at >= 0 else 1
            flags = entry | {"push": False} if theirs else entry
            yield _kept(name, "" if home == "." else home, path, line, flags)


def fits(written: str, told: str) -> bool:
    """Whether a text with holes left in it may stand for `told`."""
    from mlscaffold.repo.data.dvc_templates import HOLE

    first, *others = HOLE.split(written)[::2]
    if not others:
        return first == told
    last, at = others.pop(), len(first)
    if not told.startswith(first) or not told.endswith(last):
        return False
    for part in others:
        found = told.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at <= len(told) - len(last)
