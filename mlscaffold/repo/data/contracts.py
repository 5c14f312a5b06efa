"""Descriptions of data that declare a version, and the columns that they promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.documents import json_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.trees.earlier import earlier
from mlscaffold.repo.vendored import is_own

PACKAGES = ("datapackage.json", "croissant.json", "metadata.json", "dataset.json")
VERSION = regex(
    r"^[ \t|>*_#\"-]{0,20}(?:data(?:[ -]?set)?|schema|dictionary|contract)?[ -]?version"
    r"[\s|:*_\"=]{1,12}v?(\d+(?:\.\d+){1,2})\b",
    re.I | re.M,
)
FIXTURE = regex(r"(?:^|/)(?:tests?|testing|fixtures?|test_?data)/", re.I)


class Contract(NamedTuple):
    """What one description promises: its version, and each column with its type, by compared name."""

    path: str
    line: int
    version: str
    columns: dict[str, tuple[str, str]]

    @property
    def major(self) -> str:
        """The part of the version that says that something broke; a dated version says so as a whole."""
        first = self.version.partition(".")[0]
        return self.version if int(first) >= 1900 else first


class Broken(NamedTuple):
    """A promise of an earlier commit with the same major version that is not kept any more."""

    contract: Contract
    before: Contract
    gone: tuple[str, ...]
    changed: tuple[str, ...]


@fact
def contracts(repo: Repo) -> tuple[Contract, ...]:
    """The descriptions here that declare a version of a released contract, by path."""
    return tuple(found for found in _all(repo) if found.columns and found.major != "0")


def _all(repo: Repo) -> Iterator[Contract]:
    taken = set()
    for name in PACKAGES:
        for path in repo.by_name.get(name, ()):
            if is_own(path) and not FIXTURE.search(path) and (found := _package(repo, path)):
                taken.add(path)
                yield found
    for entry in dictionaries(repo):
        text = entry.text or (repo.text(entry.path) or "")
        said = VERSION.search(text) if entry.path not in taken and not FIXTURE.search(entry.path) else None
        if said and entry.columns:
            from mlscaffold.repo.data.described import same

            columns = {same(c.name): (c.name, c.type.strip("`* ").lower()) for c in entry.columns}
            yield Contract(entry.path, text.count("\n", 0, said.start(1)) + 1, said[1], columns)


def _package(repo: Repo, path: str) -> Contract | None:
    """A Frictionless package or Croissant metadata."""
    document = json_document(repo, path)
    version = document.get("version") if isinstance(document, dict) else None
    if not isinstance(version, str) or not regex(r"v?\d+(?:\.\d+){1,2}").fullmatch(version):
        return None
    from mlscaffold.repo.data.described import same

    columns = {f"{table}/{same(name)}": (name, kind) for table, name, kind in _fields(document)}
    text = repo.text(path) or ""
    return Contract(path, text.count("\n", 0, text.find('"version"')) + 1, version.removeprefix("v"), columns)


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Table, name and type of each field."""
    for table in _dicts(document.get("resources")):
        schema = table.get("schema")
        for field in _dicts(schema.get("fields") if isinstance(schema, dict) else None):
            yield str(table.get("name", "")), str(field.get("name", "")), str(field.get("type", ""))
    for table in _dicts(document.get("recordSet")):
        for field in _dicts(table.get("field")):
            kind = field.get("dataType", "")
            yield str(table.get("name", "")), str(field.get("name", "")), (
                kind if isinstance(kind, str) else ""
            )


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def broken(repo: Repo, contract: Contract) -> Broken | None:
    """The newest earlier state under the same major version of which something is gone; raises Cut."""
    from mlscaffold.repo.trees.memory import MemoryTree

    for raw in earlier(repo, contract.path):
        past = Repo(MemoryTree({contract.path: raw}), repo.standard)
        before = next((one for one in contracts(past) if one.path == contract.path), None)
        if before is None or before.major != contract.major:
            continue
        gone = tuple(name for key, (name, _) in before.columns.items() if key not in contract.columns)
        changed = tuple(
            name
            for key, (name, kind) in before.columns.items()
            if kind and contract.columns.get(key, ("", kind))[1] not in ("", kind)
        )
        if gone or changed:
            return Broken(contract, before, gone, changed)
    return None
