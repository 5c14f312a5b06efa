"""Terraform and OpenTofu: root modules, the providers that they ask for, modules and charts of others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import MOST, NOT_USED, SHOWN
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, own

COMMENT = regex(r'"(?:\\.|[^"\\\n])*"|#[^\n]*|//[^\n]*|/\*.*?\*/', re.S)
BLOCK = regex(r'^[ \t]*(provider|module|resource|terraform)\b((?:[ \t]+"[^"\n]*")*)[ \t]*\{', re.M)
MODULES = regex(r"(?:^|/)modules/")
BRACE = regex(r'"(?:\\.|[^"\\\n])*"|[{}]')
REQUIRED = regex(r'^[ \t]*([\w-]+)[ \t]*=[ \t]*(?:\{([^{}]*)\}|"([^"\n]*)")', re.M)
REGISTRY = regex(r"(?:[\w.-]+\.[a-z]+/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?")
GIT = regex(r"git::|git@|(?:github|bitbucket)\.(?:com|org)/")
MOVING_REF = regex(r"[?&]ref=(?:main|master|head|develop)\b", re.I)
EXACT = regex(r"=?\s*v?\d+\.\d+\.\d+\S*")
LOCK = ".terraform.lock.hcl"


class Block(NamedTuple):
    """One block at the top of a file: its kind, its labels and what stands between its braces."""

    path: str
    line: int
    kind: str
    labels: tuple[str, ...]
    body: str

    def value(self, name: str) -> str | None:
        """The value of an argument, a string without its quotation marks; `None` where it is not given."""
        found = re.search(rf'^[ \t]*{name}[ \t]*=[ \t]*(?:"([^"\n]*)"|(\S+))', self.body, re.M)
        return found and (found[1] if found[1] is not None else found[2])


class Root(NamedTuple):
    """A folder from which Terraform is run, with its providers and what holds them."""

    folder: str
    path: str
    line: int
    providers: tuple[str, ...]
    lock: str
    exact: bool


class Moving(NamedTuple):
    """A module or chart of others, taken at whatever version is the newest."""

    path: str
    line: int
    what: str


@fact
def blocks(repo: Repo) -> tuple[Block, ...]:
    """The blocks that matter, of every file that is not a test's or an example's."""
    found: list[Block] = []
    for path in own(repo, "*.tf", "*.tofu"):
        raw = repo.raw(path) or b""
        if len(raw) < MOST and not NOT_USED.search(path) and not SHOWN.search(path):
            found += _blocks(path, raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    return tuple(found)


def _blocks(path: str, text: str) -> Iterator[Block]:
    text = COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else regex(r"[^\n]").sub(" ", m[0]), text)
    end = 0
    for found in BLOCK.finditer(text):
        if found.start() < end:
            continue
        end = _closing(text, found.end())
        line = text.count("\n", 0, found.start(1)) + 1
        yield Block(
            path, line, found[1], tuple(regex(r'"([^"]*)"').findall(found[2])), text[found.end() : end]
        )


def _closing(text: str, start: int) -> int:
    """Where the brace closes that was opened before `start`."""
    depth = 1
    for brace in BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.start()
    return len(text)


@fact
def roots(repo: Repo) -> tuple[Root, ...]:
    """The folders that configure a provider or a backend, and that no other folder takes as its module."""
    taken = {
        normpath(join(folder(block.path), source))
        for block in blocks(repo)
        if block.kind == "module" and (source := block.value("source")) and source.startswith(".")
    }
    found: dict[str, list[Block]] = {}
    for block in blocks(repo):
        found.setdefault(folder(block.path), []).append(block)
    return tuple(
        root
        for at, rows in sorted(found.items())
        if (at or ".") not in taken and not MODULES.search(f"{at}/") and (root := _root(repo, at, rows))
    )


def _root(repo: Repo, at: str, rows: list[Block]) -> Root | None:
    marks = [
        row
        for row in rows
        if row.kind == "provider"
        or (row.kind == "terraform" and regex(r"^\s*(?:backend\s+\"|cloud\s*\{)", re.M).search(row.body))
    ]
    lock = f"{at}/{LOCK}".lstrip("/")
    if not marks and lock not in repo.files:
        return None
    mark = (marks or rows)[0]
    versions = dict(_required(rows))
    configured = [row.labels[0] for row in rows if row.kind == "provider" and row.labels]
    names = tuple(dict.fromkeys([*configured, *versions]))
    exact = bool(names) and all(EXACT.fullmatch(versions.get(name, "")) for name in names)
    return Root(at, mark.path, mark.line, names, lock if lock in repo.files else "", exact)


def _required(rows: list[Block]) -> Iterator[tuple[str, str]]:
    """The required providers and the version that is asked of each; empty where none is."""
    for row in rows:
        at = regex(r"\brequired_providers\s*\{").search(row.body) if row.kind == "terraform" else None
        if at:
            for name, body, short in REQUIRED.findall(row.body[at.end() : _closing(row.body, at.end())]):
                version = regex(r"\bversion\s*=\s*\"([^\"\n]*)\"").search(body)
                yield name, version[1] if version else short


@fact
def moving(repo: Repo) -> tuple[Moving, ...]:
    """Modules of registries and of git, and charts, that name no version."""
    return tuple(found for block in blocks(repo) if (found := _moving(block)))


def _moving(block: Block) -> Moving | None:
    version = block.value("version")
    if block.kind == "module" and (source := block.value("source")):
        if GIT.match(source):
            unheld = "ref=" not in source or MOVING_REF.search(source) is not None
        else:
            unheld = REGISTRY.fullmatch(source) is not None and (version is None or version.startswith(">"))
        return Moving(block.path, block.line, f"module {source}") if unheld else None
    if block.labels[:1] == ("helm_release",) and version is None and block.value("repository"):
        return Moving(block.path, block.line, f"chart {block.value('chart') or block.labels[-1]}")
    return None
