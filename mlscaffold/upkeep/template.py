"""One version of the template, in memory: its files, its questions and how each of its files is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from mlscaffold.edits import File, blob_id
from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple

__all__ = [
    "File",
    "Files",
    "Template",
    "blob_id",
    "current",
    "from_folder",
    "questions",
    "tree_id",
]

QUESTIONS = "copier.yml"
PACKAGE = Path(__file__).resolve().parent.parent
INCLUDED = tuple(f"mlscaffold/standard/{name}.yml" for name in ("standard", "features", "upkeep"))
PARTS = (QUESTIONS, "template", *INCLUDED)
"""What copier reads of a checkout; the wheel repeats this layout under `_template/`."""


Files = Mapping[str, File]
"""Files by their path, which uses `/`."""


class _Parts(NamedTuple):
    version: str
    files: Files


class Template(_Parts):
    """A version of the template. `version` is empty for a state that nobody released."""

    @cached_property
    def tree(self) -> str:
        """The id that git gives to a tree of these files."""
        return tree_id(self.files)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Everything that copier.yml says, with what it includes: settings begin with `_`, questions do not.

        Raises Stop where it is no YAML.
        """
        return _settings(self)

    @property
    def label(self) -> str:
        """The version, or for a state that nobody released the start of its tree's id."""
        return self.version or f"unreleased-{self.tree[:12]}"

    def text(self, path: str) -> str:
        """One file as text; raises Stop where the template does not hold it."""
        if path not in self.files:
            raise Stop(f"the template {self.label} has no {path}: it is no template of mlscaffold")
        return self.files[path].content.decode("utf-8")


def tree_id(files: Files) -> str:
    """The object id of the tree that holds these files."""
    return _tree_id([(path.split("/"), file) for path, file in files.items()]).hex()


def _tree_id(rows: list[tuple[list[str], File]]) -> bytes:
    here: dict[str, tuple[str, bytes]] = {}
    below: dict[str, list[tuple[list[str], File]]] = {}
    for parts, file in rows:
        if len(parts) == 1:
            here[parts[0]] = (file.mode, bytes.fromhex(file.oid))
        else:
            below.setdefault(parts[0], []).append((parts[1:], file))
    entries = [(name.encode(), mode, oid) for name, (mode, oid) in here.items()]
    entries += [(name.encode(), "40000", _tree_id(inner)) for name, inner in below.items()]
    # git sorts a folder as if its name ended in a slash
    entries.sort(key=lambda entry: entry[0] + b"/" if entry[1] == "40000" else entry[0])
    body = b"".join(mode.encode() + b" " + name + b"\0" + oid for name, mode, oid in entries)
    return hashlib.sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False).digest()


def from_folder(folder: Path, version: str = "") -> Template:
    """The template that a folder holds; raises Stop where it holds none."""
    return Template(version, dict(sorted(_read(folder))))


@cache
def current() -> Template:
    """The template that this version of mlscaffold carries: the wheel's own, or the checkout's files."""
    carried = PACKAGE / "_template"
    return from_folder(carried if carried.is_dir() else PACKAGE.parent)


def _read(folder: Path) -> Iterator[tuple[str, File]]:
    for part in PARTS:
        top = folder / part
        for path in sorted(top.rglob("*")) if top.is_dir() else filter(Path.is_file, [top]):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink():
                yield name, File(str(path.readlink()).encode(), "120000")
            elif path.is_file() and not _rubbish(name):
                executable = path.stat().st_mode & 0o100
                yield name, File(path.read_bytes(), "100755" if executable else "100644")


def _rubbish(name: str) -> bool:
    return "__pycache__" in name or name.endswith((".pyc", "/.DS_Store"))


def _settings(template: Template) -> dict[str, Any]:
    class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
        pass

    def include(_loader: object, node: yaml.ScalarNode) -> Any:
        return yaml.load(template.text(str(node.value)), Loader=Loader)  # noqa: S506 (a safe loader)

    Loader.add_constructor("!include", include)
    merged: dict[str, Any] = {}
    try:
        for document in yaml.load_all(template.text(QUESTIONS), Loader=Loader):
            merged.update(document or {})
    except yaml.YAMLError as error:
        raise Stop(f"{QUESTIONS} of the template {template.label}: {' '.join(str(error).split())}") from None
    return merged


def variables(template: Template) -> dict[str, dict[str, Any]]:
    """Every question by its name, in the order in which they are asked; hidden ones have `when: false`."""
    found = {name: value for name, value in template.settings.items() if not name.startswith("_")}
    return {name: value if isinstance(value, dict) else {"default": value} for name, value in found.items()}


def questions(template: Template) -> dict[str, dict[str, Any]]:
    """The questions that somebody may answer."""
    every = variables(template).items()
    return {name: question for name, question in every if question.get("when") is not False}
