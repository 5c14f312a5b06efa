"""Workloads of Kubernetes and of what runs on it: the containers of manifests, their images and resources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import MOST, NOT_USED, SHOWN, charts
from mlscaffold.repo.documents import Malformed, read_yaml
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

KUSTOMIZE: tuple[str, ...] = ("kustomization.yaml", "kustomization.yml")
PATCHED = regex(rb"/resources\b|^\s+(?:limits|requests):", re.M)
SETS_IMAGE = regex(r"kubectl [^\n#]*set image[^\n]*|kustomize edit set image[^\n]*")
SETTERS: tuple[str, ...] = ("*.sh", "*.yml", "*.yaml", "makefile", "*.mk", "justfile", "jenkinsfile")
RENDERED = regex(
    rb"^# Source: \S+/templates/|helm\.sh/chart[\"']?:|managed-by[\"']?: [\"']?Helm\b|^\s+chart: \S+-\d+\.\d",
    re.M,
)
"""What Helm leaves in what it renders: the chart decides what such a file says."""

OWN_FIELDS = ("SparkApplication", "ScheduledSparkApplication")
"""Kinds that state cores and memory beside the pod's template."""

DEEPEST = 40


class Worker(NamedTuple):
    """One container of a workload; `of` names the workload with its kind."""

    path: str
    line: int | None
    of: str
    name: str
    image: str
    init: bool
    states: bool
    """Whether it says what it needs, of anything."""
    memory_limit: bool

    @property
    def shown(self) -> str:
        """The container as a message names it."""
        return f"container {self.name} of {self.of}" if self.name else self.of


class _Patch(NamedTuple):
    of: str
    name: str
    memory_limit: bool


@fact
def workers(repo: Repo) -> tuple[Worker, ...]:
    """The containers of all manifests that are used as they are: no chart's templates, no bundles."""
    patches = {(row.of, row.name): row for row in _rows(repo) if isinstance(row, _Patch)}
    found = []
    for row in _rows(repo):
        if isinstance(row, Worker):
            patch = patches.get((row.of, row.name))
            found.append(_patched(row, patch) if patch else row)
    return tuple(sorted(found, key=lambda w: (w.path, w.line or 0)))


def _patched(worker: Worker, patch: _Patch) -> Worker:
    return worker._replace(states=True, memory_limit=worker.memory_limit or patch.memory_limit)


@fact
def sets_resources(repo: Repo) -> str:
    """The file that gives resources to containers that state none, `?` before it where that is a guess."""
    for path, document in _documents(repo):
        if document.get("kind") == "LimitRange":
            return path
    for path in own(repo, *KUSTOMIZE):
        if PATCHED.search(repo.raw(path) or b""):
            return f"?{path}"
    return ""


@fact
def _documents(repo: Repo) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Every document with a kind, of files that hold no definitions of resources: those come from others."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in own(repo, "*.yml", "*.yaml"):
        if NOT_USED.search(path) or SHOWN.search(path) or path.startswith(charts(repo)):
            continue
        raw = repo.raw(path) or b""
        if b"apiVersion" not in raw or b"kind" not in raw or len(raw) > MOST or RENDERED.search(raw):
            continue
        documents = [d for d in _read(repo, path) if isinstance(d, dict) and isinstance(d.get("kind"), str)]
        if not any(d["kind"] == "CustomResourceDefinition" for d in documents):
            found += [(path, document) for document in documents]
    return tuple(found)


def _read(repo: Repo, path: str) -> tuple[Any, ...]:
    """The file's documents; nothing of a template, which is no YAML before it is filled in."""
    try:
        return read_yaml(repo.text(path) or "")
    except Malformed:
        return ()


@fact
def _rows(repo: Repo) -> tuple[Worker | _Patch, ...]:
    lines: dict[str, dict[str, list[int]]] = {}
    found: list[Worker | _Patch] = []
    for path, document in _documents(repo):
        if path not in lines:
            lines[path] = _image_lines(repo.text(path) or "")
        found += _of_document(path, document, lines[path])
    return tuple(found)


def _image_lines(text: str) -> dict[str, list[int]]:
    """Where each image is named, the last first."""
    places: dict[str, list[int]] = {}
    for number, row in enumerate(text.split("\n"), 1):
        if found := regex(r"\s*(?:-\s+)?[\"']?image[\"']?:\s*[\"']?([^\s\"'#]+)").match(row):
            places.setdefault(found[1], []).insert(0, number)
    return places


def _of_document(
    path: str, document: dict[str, Any], lines: dict[str, list[int]]
) -> Iterator[Worker | _Patch]:
    patched = "podSpecPatch" in str(document) or document["kind"] in OWN_FIELDS
    for of, key, row in _found(document):
        states, memory = _resources(row)
        image, name = row.get("image"), row.get("name")
        called = name if isinstance(name, str) else ""
        if not isinstance(image, str) or not image:
            yield _Patch(of, called, memory)
            continue
        at = lines.get(image)
        line = at.pop() if at else None
        held = "" if row.get("imagePullPolicy") == "Never" else image
        init = key == "initContainers"
        yield Worker(path, line, of, called, held, init, states or patched, memory or patched)


def _found(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every container of a document, with its workload and the key under which it stands."""
    stack: list[tuple[Any, str, int]] = [(document, "", 0)]
    while stack:
        value, of, depth = stack.pop()
        if depth > DEEPEST:
            continue
        if isinstance(value, list):
            stack += [(item, of, depth + 1) for item in reversed(value)]
        elif isinstance(value, dict):
            of = _named(value) or of
            yield from ((of, str(key), row) for key, item in value.items() for row in _containers(key, item))
            below = [item for key, item in value.items() if not _containers(key, item)]
            stack += [(item, of, depth + 1) for item in reversed(below)]


def _resources(row: dict[str, Any]) -> tuple[bool, bool]:
    """Whether a container states any need, and a limit of memory."""
    match row.get("resources"):
        case {"limits": {"memory": _}}:
            return True, True
        case dict() as given:
            return any(isinstance(part, dict) and part for part in given.values()), False
    return False, False


def _named(value: dict[str, Any]) -> str:
    meta = value.get("metadata")
    if not isinstance(value.get("kind"), str) or "apiVersion" not in value or not isinstance(meta, dict):
        return ""
    name = meta.get("name") or meta.get("generateName") or ""
    return f"{value['kind']} {name}".strip() if isinstance(name, str) else value["kind"]


def _containers(key: Any, item: Any) -> list[dict[str, Any]]:
    """The containers that stand under a key: of a pod, and of a template of Argo."""
    if key in ("containers", "initContainers") and isinstance(item, list):
        return [row for row in item if isinstance(row, dict)]
    if key in ("container", "script") and isinstance(item, dict) and isinstance(item.get("image"), str):
        return [item]
    return []


@fact
def renamed_images(repo: Repo) -> frozenset[str]:
    """Names of images whose tag something else decides: Kustomize, Skaffold, `kubectl set image`."""
    names: set[str] = set()
    for path in own(repo, *KUSTOMIZE, "skaffold*.yaml", "skaffold*.yml"):
        for document in _read(repo, path):
            if isinstance(document, dict):
                names.update(_listed(document))
    for path in own(repo, *SETTERS):
        raw = repo.raw(path) or b""
        if b"set image" in raw:
            words = " ".join(SETS_IMAGE.findall(raw.decode("utf-8", "replace"))).split()
            names.update(plain_name(part) for word in words for part in word.split("="))
    return frozenset(names)


def _listed(document: dict[str, Any]) -> Iterator[str]:
    build = document.get("build")
    artifacts = build.get("artifacts") if isinstance(build, dict) else None
    for rows, needs in ((document.get("images"), ("newTag", "digest")), (artifacts, ())):
        for row in rows if isinstance(rows, list) else ():
            name = (row.get("name") or row.get("image")) if isinstance(row, dict) else None
            if isinstance(name, str) and (
                not needs or any(row.get(n) not in (None, "latest") for n in needs)
            ):
                yield name


def plain_name(image: str) -> str:
    """The image without its tag or digest."""
    image = image.partition("@")[0]
    head, slash, last = image.rpartition("/")
    return head + slash + last.partition(":")[0]


def undecided(image: str) -> bool:
    """Whether the reference is a gap that is filled in later: the name of an image has no capitals."""
    return bool(regex(r"[$<>{}%\[\]]|\.\.\.").search(image)) or plain_name(image) != plain_name(image).lower()
