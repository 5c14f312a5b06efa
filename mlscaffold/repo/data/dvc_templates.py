"""The templating of `dvc.yaml`: variables, `foreach` and `matrix`, told without DVC.

What cannot be told keeps its `${…}`: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from posixpath import join, normpath
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder

HOLE = regex(r"(?<!\\)\$\{\s*([^{}]+?)\s*\}")
SCIENTIFIC = regex(r"[-+]?[\d.]+[eE][-+]?\d+")
MOST = 1000
"""As many stages of one `foreach` or `matrix` are told apart."""

MISSING = object()
Context = dict[str, Any]


def parameters(repo: Repo, path: str) -> Any:
    """The values of a parameters file; `None` where it is not there or not in a format that is data."""
    if path not in repo.files:
        return None
    if path.endswith((".yaml", ".yml")):
        return yaml_document(repo, path)
    if path.endswith(".json"):
        return json_document(repo, path)
    return toml_document(repo, path) if path.endswith(".toml") else None


def context(repo: Repo, path: str, entries: Any) -> Context:
    """The variables of a pipeline file: those of params.yaml beside it, then what `vars` names."""
    found: Context = {}
    home = folder(path)
    for entry in ("params.yaml", *(entries if isinstance(entries, list) else ())):
        if isinstance(entry, dict):
            found.update(entry)
        elif isinstance(entry, str):
            name, _, keys = entry.partition(":")
            values = parameters(repo, normpath(join(home, name)))
            wanted = [key.strip() for key in keys.split(",")] if keys else None
            if isinstance(values, dict):
                found.update({k: v for k, v in values.items() if wanted is None or k in wanted})
    return found


def look_up(values: Any, key: str) -> Any:
    """The value at a dotted key such as `train.layers[0]`; `MISSING` where there is none."""
    if isinstance(values, dict) and key in values:
        return values[key]
    for part in filter(None, regex(r"[.\[\]]+").split(key)):
        if isinstance(values, dict):
            values = values.get(part, values.get(int(part), MISSING) if part.isdecimal() else MISSING)
        elif isinstance(values, list) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        else:
            return MISSING
        if values is MISSING:
            return MISSING
    return values


def filled(value: Any, scope: Context) -> Any:
    """`value` with its holes filled as far as `scope` tells; a text that is one hole gives what it holds."""
    if isinstance(value, str):
        whole = HOLE.fullmatch(value.strip())
        held = look_up(scope, whole[1]) if whole else MISSING
        return held if isinstance(held, (dict, list)) else HOLE.sub(lambda hole: _text(hole, scope), value)
    if isinstance(value, list):
        return [filled(item, scope) for item in value]
    if isinstance(value, dict):
        return {_name(key, scope): filled(inner, scope) for key, inner in value.items()}
    return value


def _name(key: Any, scope: Context) -> Any:
    return HOLE.sub(lambda hole: _text(hole, scope), key) if isinstance(key, str) else key


def _text(hole: re.Match[str], scope: Context) -> str:
    text = spelt(look_up(scope, hole[1]))
    return hole[0] if text is None else text


def spelt(value: Any) -> str | None:
    """A scalar as DVC writes it into a command; `None` where that cannot be told."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, str)):
        return None if SCIENTIFIC.fullmatch(str(value)) else str(value)
    if isinstance(value, float):
        return None if "e" in str(value) else str(value)
    return None


def stages(name: str, body: Any, scope: Context) -> Iterator[tuple[str, dict[str, Any]]]:
    """The stages that one entry stands for, by name; `NAME@*` where nobody can tell which they are."""
    if not isinstance(body, dict):
        return
    if "foreach" in body and isinstance(body.get("do"), dict):
        over = filled(body["foreach"], scope)
        for key, item in islice(_items(over), MOST) if isinstance(over, (dict, list)) else (("*", MISSING),):
            yield f"{name}@{key}", _each(body["do"], scope, key, item)
    elif isinstance(body.get("matrix"), dict):
        for key, item in _combinations(filled(body["matrix"], scope)):
            yield f"{name}@{key}", _each({k: v for k, v in body.items() if k != "matrix"}, scope, key, item)
    else:
        yield name, filled(body, scope)


def _each(body: dict[str, Any], scope: Context, key: str, item: Any) -> dict[str, Any]:
    inner = {k: v for k, v in scope.items() if k not in ("item", "key")}
    if item is not MISSING:
        inner |= {"item": item, "key": key}
    told: dict[str, Any] = filled(body, inner)
    return told


def _items(over: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    """What a `foreach` goes over, by the key of each: of a list the item itself, or its place."""
    if isinstance(over, dict):
        yield from ((spelt(key) or "*", item) for key, item in over.items())
        return
    placed = any(isinstance(item, (dict, list)) for item in over)
    for number, item in enumerate(over):
        yield str(number) if placed else spelt(item) or "*", item


def _combinations(matrix: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every combination of a `matrix`, by its key."""
    if not all(isinstance(choices, list) for choices in matrix.values()):
        yield "*", MISSING
        return
    choices = [[(name, n, v) for n, v in enumerate(values)] for name, values in matrix.items()]
    for chosen in islice(product(*choices), MOST):
        parts = [f"{name}{n}" if isinstance(v, (dict, list)) else spelt(v) or "*" for name, n, v in chosen]
        yield "-".join(parts), {name: v for name, _, v in chosen}
