"""Text that a merge or a generator left behind: conflict markers and placeholders that nobody rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.secrets import searchable
from mlscaffold.repo.hits import hits
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

OPEN = regex(rb"^<{7}(?: [^\r\n]+)?\r?$", re.M)
MIDDLE = regex(rb"^={7}\r?$", re.M)
CLOSES = b">>>>>>>"
CLOSE = regex(rb"^>{7}(?: [^\r\n]+)?\r?$", re.M)
GENERATOR = regex(
    rb"\{\{-?\s*(?:cookiecutter|copier__|_copier_conf|_copier_answers)\b|\{%-?\s*(?:if|for|set)\s[^%\n]*\bcookiecutter\."
)
PLAIN_NAME = regex(
    rb"\{\{\s*(?:project_name|project_slug|repo_name|package_name|author_name|author_email)\s*\}\}"
)
RENDERED = regex(
    r"(?:^|/)(?:readme[^/]*|licen[cs]e[^/]*|contributing[^/]*|citation\.cff|pyproject\.toml|setup\.(?:py|cfg)|makefile)$",
    re.IGNORECASE,
)
"""Files in which a generator's variable has no other meaning."""

PROSE = (".md", ".markdown", ".rst", ".txt", ".adoc", ".org", ".tex")
TEMPLATE_NAME = regex(
    r"[{%]{2}|\[\[|\.(?:jinja2?|j2|tmpl|tpl|mustache|hbs|ejs|erb|njk|liquid)(?:\.|$)", re.IGNORECASE
)
TEMPLATE_FOLDER = regex(
    r"(?:^|/)(?:templates?|_templates|scaffolds?|skeletons?|archetypes|layouts?|_includes)/"
)
TEMPLATE_ROOTS = ("cookiecutter.json", "copier.yml", "copier.yaml", "chart.yaml", "ccds.json", "cruft.json")
FENCE = regex(
    rb"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[ \t]*$|\Z)|^(?: {4}|\t)[^\n]*$|`[^`\n]+`", re.M | re.S
)
FIXTURE = regex(r"(?:^|/)(?:tests?|fixtures?|test_?data|snapshots)/", re.IGNORECASE)
"""Where a text with conflict markers is what a test repairs."""

DIFFS = (".patch", ".diff", ".orig", ".rej")


class Leftover(NamedTuple):
    """One place: the kind (`conflict` or `template`) and the line."""

    path: str
    line: int
    kind: str


@fact
def leftovers(repo: Repo) -> tuple[Leftover, ...]:
    """Everything left behind in tracked text, by path and line; templates and code samples are told apart."""
    tracked = (path for path, entry in repo.files.items() if entry.tracked or not repo.tree.in_git)
    found = hits(repo, "leftover", filter(searchable, tracked), lambda _path, raw: _may_hold(raw))
    return tuple(sorted(left for path, _ in found for left in _in_file(repo, path)))


def _may_hold(raw: bytes) -> bool:
    """A first look."""
    if not (CLOSES in raw or b"{{" in raw or b"{%" in raw) or b"\0" in raw[:8000]:
        return False
    return CLOSES in raw or GENERATOR.search(raw) is not None or PLAIN_NAME.search(raw) is not None


def _in_file(repo: Repo, path: str) -> Iterator[Leftover]:
    raw = repo.raw(path) or b""
    if vendored(path) or path.lower().endswith(DIFFS):
        return
    shown = _without_examples(raw) if path.lower().endswith(PROSE) else raw
    fixture = FIXTURE.search(path) is not None and not path.endswith((".py", ".pyi"))
    if not fixture and (line := conflict(shown, path)):
        yield Leftover(path, line, "conflict")
    if not is_template(repo, path) and (found := _placeholder(shown, path)):
        yield Leftover(path, shown.count(b"\n", 0, found.start()) + 1, "template")


def conflict(raw: bytes, path: str) -> int | None:
    """The line of the first conflict: all three markers, in order, and no string of a source that parses."""
    if not (start := OPEN.search(raw)):
        return None
    middle = MIDDLE.search(raw, start.end())
    if middle is None or not CLOSE.search(raw, middle.end()):
        return None
    if path.endswith((".py", ".pyi")) and parse(raw).tree is not None:
        return None
    return raw.count(b"\n", 0, start.start()) + 1


def _placeholder(raw: bytes, path: str) -> re.Match[bytes] | None:
    return GENERATOR.search(raw) or (PLAIN_NAME.search(raw) if RENDERED.search(path) else None)


def is_template(repo: Repo, path: str) -> bool:
    """Whether a file is meant to be rendered: by its name, its folder, or a generator's file above it."""
    if TEMPLATE_NAME.search(path) or TEMPLATE_FOLDER.search(path):
        return True
    if any(name in repo.by_name for name in ("cookiecutter.json", "copier.yml", "copier.yaml", "ccds.json")):
        return True
    folders = {root.rpartition("/")[0] for name in TEMPLATE_ROOTS for root in repo.by_name.get(name, ())}
    return any(not folder or path.startswith(f"{folder}/") for folder in folders)


def _without_examples(raw: bytes) -> bytes:
    """Prose with its code samples blanked, so that a text about conflicts is none; lines keep their place."""
    return FENCE.sub(lambda m: regex(rb"[^\n]").sub(b" ", m[0]), raw)
