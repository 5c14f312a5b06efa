"""What Ansible and Helm take from others by name: collections, roles and charts, and their versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import NOT_USED, SHOWN
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, own

LOOSE = regex(r"\*|latest|main|master|devel|develop|head|>.*|", re.I)
RANGE = regex(r"[~^<>|*]|\b[xX]\b|^\d+(?:\.\d+)?$")
CHART_LOCKS = ("Chart.lock", "requirements.lock")


class Taken(NamedTuple):
    """A collection, role or chart of others."""

    path: str
    line: int | None
    what: str
    held: bool


@fact
def taken(repo: Repo) -> tuple[Taken, ...]:
    """All that the requirements of Ansible and the charts of the repository name."""
    return tuple(_taken(repo))


def _taken(repo: Repo) -> Iterator[Taken]:
    for path in own(repo, "requirements.yml", "requirements.yaml"):
        if not NOT_USED.search(path) and not SHOWN.search(path):
            yield from _of_ansible(repo, path)
    for path in own(repo, "chart.yaml", "requirements.yaml"):
        if not NOT_USED.search(path) and not SHOWN.search(path) and "/charts/" not in path:
            yield from _of_helm(repo, path)


def _of_ansible(repo: Repo, path: str) -> Iterator[Taken]:
    raw = repo.raw(path) or b""
    if not regex(rb"^(?:collections|roles):|^\s*- (?:src|name): ", re.M).search(raw):
        return
    document = yaml_document(repo, path)
    parts: list[tuple[str, Any]] = [("role", document)]
    if isinstance(document, dict):
        parts = [("collection", document.get("collections")), ("role", document.get("roles"))]
    for kind, rows in parts:
        for row in rows if isinstance(rows, list) else ():
            yield from _required(repo, path, kind, row)


def _required(repo: Repo, path: str, kind: str, row: Any) -> Iterator[Taken]:
    name = row if isinstance(row, str) else None
    version: Any = ""
    if isinstance(row, dict):
        name = row.get("name") or row.get("src") or row.get("source")
        version = row.get("version") or ""
        if row.get("type") in ("dir", "file", "subdirs") or "include" in row:
            return
    if isinstance(name, str):
        name, _, short = name.partition(":") if "://" not in name and "@" not in name else (name, "", "")
        held = not LOOSE.fullmatch(str(version or short).strip())
        yield Taken(path, _line(repo, path, name), f"{kind} {name}", held)


def _of_helm(repo: Repo, path: str) -> Iterator[Taken]:
    if b"dependencies:" not in (repo.raw(path) or b""):
        return
    document = yaml_document(repo, path)
    rows = document.get("dependencies") if isinstance(document, dict) else None
    at = folder(path)
    locked = any(f"{at}/{name}".lstrip("/") in repo.files for name in CHART_LOCKS)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(name := row.get("name"), str):
            if str(row.get("repository") or "file:").startswith("file:"):
                continue
            held = locked or not (RANGE.search(version := str(row.get("version") or "*")) or not version)
            yield Taken(path, _line(repo, path, name), f"chart {name}", held)


def _line(repo: Repo, path: str, name: str) -> int | None:
    text = repo.text(path) or ""
    at = text.find(name)
    return text.count("\n", 0, at) + 1 if at >= 0 else None
