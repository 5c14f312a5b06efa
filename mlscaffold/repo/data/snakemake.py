"""The rules of Snakefiles: what each reads and writes, where it says so in plain text, and what it runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from posixpath import join, normpath

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.file_names import HOLE
from mlscaffold.repo.python.parse import parse
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, own

RULE = regex(r"^(?:rule|checkpoint)\b[^\n]*:[ \t]*(?:#[^\n]*)?\n(?P<body>(?:[ \t]+[^\n]*\n|[ \t]*\n)+)", re.M)
SECTION = regex(
    r"^[ \t]+(?P<name>input|output|script|shell|\w+):(?P<value>(?:[^\n]*\n)(?:(?![ \t]+\w+:)[^\n]*\n)*)", re.M
)


class SnakemakeRule(NamedTuple):
    """One rule. `files` are named as scripts call them: `snakemake.input.0`, `snakemake.output.table`."""

    script: str
    shell: str
    files: tuple[tuple[str, str], ...]

    def filled(self) -> str:
        """The shell command with the files that it names, as far as they are told."""
        files = dict(self.files)
        return HOLE.sub(lambda found: files.get(f"snakemake.{found[1]}", found[0]), self.shell)


@fact
def snakemake_rules(repo: Repo) -> tuple[SnakemakeRule, ...]:
    """The rules that run something, of every Snakefile of the repository's own."""
    return tuple(rule for path in own(repo, "snakefile", "*.smk") for rule in _rules(repo, path))


def _rules(repo: Repo, path: str) -> Iterator[SnakemakeRule]:
    for rule in RULE.finditer((repo.text(path) or "") + "\n"):
        sections = {found["name"]: found["value"] for found in SECTION.finditer(rule["body"])}
        files = [pair for kind in ("input", "output") for pair in _files(kind, sections.get(kind, ""))]
        script, shell = (
            next(iter(dict(_given(sections.get(name, ""))).values()), "") for name in ("script", "shell")
        )
        if script or shell:
            yield SnakemakeRule(normpath(join(folder(path), script)) if script else "", shell, tuple(files))


def _files(kind: str, text: str) -> Iterator[tuple[str, str]]:
    for at, (name, value) in enumerate(_given(text)):
        if "{" not in value:
            yield f"snakemake.{kind}.{at}", value
            if name:
                yield f"snakemake.{kind}.{name}", value
            if not at:
                yield f"snakemake.{kind}", value


def _given(text: str) -> Iterator[tuple[str, str]]:
    """The plain texts that a section lists, with the name of each that has one."""
    tree = parse(f"_({text.strip()}\n)").tree if text.strip() else None
    match tree:
        case ast.Module(body=[ast.Expr(value=ast.Call(args=args, keywords=keywords))]):
            for name, node in [*(("", a) for a in args), *((k.arg or "", k.value) for k in keywords)]:
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield name, node.value
