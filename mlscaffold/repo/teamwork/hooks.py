"""Git hook managers and the hooks that their configuration runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.commands import expand, strings
from mlscaffold.repo.vendored import own

PRE_COMMIT = ".pre-commit-config.yaml"
LEFTHOOK = tuple(f"{dot}lefthook.{end}" for dot in ("", ".") for end in ("yml", "yaml", "json", "toml"))
HUSKY = regex(r"^\.husky/(pre-commit|pre-push|commit-msg)$")
SHELL = regex(r"^\.?(?:githooks|git-hooks|hooks)/(?:pre-commit|pre-push)(?:\.sh)?$")


class Hook(NamedTuple):
    """One hook: its id, the repository and revision that it comes from, and what it runs."""

    id: str
    repo: str = "local"
    rev: str = ""
    entry: str = ""
    line: int | None = None
    rev_line: int | None = None
    packages: tuple[str, ...] = ()


class HookConfig(NamedTuple):
    """A configuration that its tool reads, with at least one hook."""

    path: str
    tool: str
    hooks: tuple[Hook, ...]


@fact
def hook_configs(repo: Repo) -> tuple[HookConfig, ...]:
    """The hook configurations at the places where their tools look."""
    return tuple(config for config in _all(repo) if config.hooks)


def _all(repo: Repo) -> Iterator[HookConfig]:
    if PRE_COMMIT in repo.files:
        yield HookConfig(PRE_COMMIT, "pre-commit", tuple(_pre_commit(repo, PRE_COMMIT)))
    if "prek.toml" in repo.files:
        rows = toml_document(repo, "prek.toml")
        yield HookConfig("prek.toml", "prek", tuple(_hooks(rows, repo.text("prek.toml") or "")))
    for path in LEFTHOOK:
        if path in repo.files:
            read = {"toml": toml_document, "json": json_document}.get(path.rpartition(".")[2], yaml_document)
            yield HookConfig(
                path, "lefthook", tuple(Hook(text, entry=text) for text in strings(read(repo, path)))
            )
    for path in likely(repo, HUSKY, SHELL):
        if HUSKY.match(path) or SHELL.match(path):
            entries = tuple(Hook(c, entry=c) for c in expand(repo, repo.text(path) or ""))
            yield HookConfig(path, "husky" if HUSKY.match(path) else "git hooks", entries)
    if ".overcommit.yml" in repo.files:
        rows = yaml_document(repo, ".overcommit.yml")
        hooks = (
            (Hook(str(k)) for v in rows.values() if isinstance(v, dict) for k in v)
            if isinstance(rows, dict)
            else ()
        )
        yield HookConfig(".overcommit.yml", "overcommit", tuple(hooks))


def _pre_commit(repo: Repo, path: str) -> Iterator[Hook]:
    yield from _hooks(yaml_document(repo, path), repo.text(path) or "")


def _hooks(document: Any, text: str) -> Iterator[Hook]:
    sources = document.get("repos") if isinstance(document, dict) else None
    at = 0
    for source in sources if isinstance(sources, list) else ():
        if not isinstance(source, dict):
            continue
        url, rev = str(source.get("repo", "")), str(source.get("rev", ""))
        at = max(text.find(url, at), at)
        rev_at = text.find(rev, at) if rev else -1
        for hook in source.get("hooks") or () if isinstance(source.get("hooks"), list) else ():
            if not isinstance(hook, dict) or not isinstance(hook.get("id"), str):
                continue
            here = re.search(rf"id\s*[:=]\s*['\"]?{re.escape(hook['id'])}\b", text[at:])
            yield Hook(
                hook["id"],
                url,
                rev,
                str(hook.get("entry", "")),
                text.count("\n", 0, at + here.start()) + 1 if here else None,
                text.count("\n", 0, rev_at) + 1 if rev_at >= 0 else None,
                tuple(p for p in hook.get("additional_dependencies") or () if isinstance(p, str)),
            )
        at += 1


@fact
def hook_configs_of_parts(repo: Repo) -> tuple[HookConfig, ...]:
    """What parts of the repository have for themselves, for pre-commit that is started in their folder."""
    found = (
        HookConfig(p, "pre-commit", tuple(_pre_commit(repo, p))) for p in own(repo, PRE_COMMIT) if "/" in p
    )
    return tuple(config for config in found if config.hooks)


@fact
def unread_hook_configs(repo: Repo) -> tuple[str, ...]:
    """Files that look like a pre-commit configuration, at names that pre-commit does not read."""
    names = (
        ".pre-commit-config.yml",
        "pre-commit-config.yaml",
        "pre-commit-config.yml",
        ".pre-commit.yaml",
        ".pre-commit.yml",
    )
    return tuple(name for name in names if name in repo.files and "repos" in (repo.text(name) or ""))
