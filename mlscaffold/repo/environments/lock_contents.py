"""What a lock holds: its packages with their versions, and the hash of the manifest it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import json_document, toml_document
from mlscaffold.repo.environments.locks import Lock
from mlscaffold.repo.environments.manifests import python_manifests, table
from mlscaffold.repo.environments.requirements import normalised
from mlscaffold.repo.repo import Repo

CONDA = regex(
    r"^[ ]*-?[ ]*name:[ ]*['\"]?(?P<name>[\w.-]+)['\"]?\n(?:[ ]+.*\n)??"
    r"[ ]+version:[ ]*['\"]?(?P<version>[\w.+!-]+)",
    re.M,
)
EXPLICIT = regex(r"/(?P<name>[\w.-]+?)-(?P<version>\d[\w.]*)-[\w.]+\.(?:conda|tar\.bz2)")
WHEEL = regex(r"/(?P<name>\w[\w.]*?)-(?P<version>\d[\w.+!]*?)(?:-[\w.]+-[\w.]+-[\w.]+\.whl|\.tar\.gz)")
LOCK_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
NO_CATEGORY = ("source", "requires", "packages", "dev-packages", "scripts", "pipfile", "pipenv")


def packages(repo: Repo, lock: Lock) -> dict[str, set[str]]:
    """The locked versions by normalised name; empty where the lock's format is not read."""
    found: dict[str, set[str]] = {}
    for name, version in _pairs(repo, lock):
        found.setdefault(normalised(name), set()).add(version)
    return found


def _pairs(repo: Repo, lock: Lock) -> Iterator[tuple[str, str]]:
    match lock.tool:
        case "uv" | "poetry" | "pdm" | "pylock" if lock.path.endswith((".lock", ".toml")):
            yield from _of_tables(toml_document(repo, lock.path) or {})
        case "pipenv":
            yield from _of_pipenv(json_document(repo, lock.path))
        case "conda-lock" | "pixi":
            text = repo.text(lock.path) or ""
            for pattern in (CONDA, EXPLICIT, WHEEL):
                yield from ((m["name"], m["version"]) for m in pattern.finditer(text))
        case _:
            rows = (row for m in python_manifests(repo) if m.path == lock.path for row in m.requirements)
            yield from ((r.name, r.spec.strip().lstrip("= ") if r.exact else "") for r in rows)


def _of_tables(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    rows = document.get("packages") or document.get("package")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("name"), str):
            yield row["name"], str(row.get("version", ""))


def _of_pipenv(document: Any) -> Iterator[tuple[str, str]]:
    for section in document if isinstance(document, dict) else ():
        for name, row in (table(document, section) if section != "_meta" else {}).items():
            yield name, str(row.get("version", "") if isinstance(row, dict) else "").lstrip("=")


def manifest_hashes(tool: str, document: dict[str, Any]) -> set[str]:
    """The hashes that releases of Poetry and Pipenv give this manifest; empty for tools that keep none."""
    if tool == "poetry":
        return {_hash(_of_poetry(document, groups=groups)) for groups in (True, False)}
    if tool == "pipenv":
        return {_hash(said, (",", ":")) for said in _of_pipfile(document)}
    return set()


def recorded_hash(repo: Repo, lock: Lock) -> str:
    """The hash of its manifest that the lock keeps; empty where it keeps none."""
    if lock.tool == "poetry":
        return str(table(toml_document(repo, lock.path), "metadata").get("content-hash", ""))
    if lock.tool == "pipenv":
        return str(table(json_document(repo, lock.path), "_meta", "hash").get("sha256", ""))
    return ""


def _hash(value: Any, separators: tuple[str, str] | None = None) -> str:
    import hashlib

    text = json.dumps(value, sort_keys=True, separators=separators, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_poetry(document: dict[str, Any], *, groups: bool) -> dict[str, Any]:
    """What Poetry hashes: the tables that decide what it resolves (2.3 added dependency groups)."""
    project = {k: v for k, v in table(document, "project").items() if k in PROJECT_KEYS}
    grouped = table(document, "dependency-groups") if groups else {}
    poetry = table(document, "tool", "poetry")
    newer = bool(project or grouped)
    kept = {k: poetry.get(k) for k in LOCK_KEYS if not newer or poetry.get(k) is not None}
    if poetry.get("group") is not None:
        kept["group"] = poetry["group"]
    if not newer:
        return kept
    said: dict[str, Any] = {"project": project} if project else {}
    if grouped:
        said["dependency-groups"] = grouped
    return said | {"tool": {"poetry": kept}}


def _of_pipfile(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What releases of Pipenv hash: the newer ones count categories of one's own, too."""
    said = {
        "_meta": {"sources": document.get("source", []), "requires": document.get("requires", {})},
        "default": document.get("packages", {}),
        "develop": document.get("dev-packages", {}),
    }
    yield said
    yield said | {key: value for key, value in document.items() if key not in NO_CATEGORY}
