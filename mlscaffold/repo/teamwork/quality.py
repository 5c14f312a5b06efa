"""Formatters and linters in use: by configuration, by hook, or by a command that CI or a target runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.manifests import line_of
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands, pipelines
from mlscaffold.repo.teamwork.commands import INSTALL, expand, simple_commands, targets
from mlscaffold.repo.teamwork.hooks import hook_configs, hook_configs_of_parts
from mlscaffold.repo.vendored import folder, is_own
from mlscaffold.standard import Tool

BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "plugins.sbt")
KINDS = ("formatter", "linter")
CHECKS = regex(
    r"(?:^|/)(?:[\w-]*lint(?:ing|er)?|(?:auto|re)?format(?:ting|ter)?|code[_-]?style|quality)\.(?:sh|bash)$"
)
"""Scripts that people start to check and format the code."""
ACTION = regex(r"[\w.-]+/([\w.-]+)@\S+$")
_ABOUT = "action actions check checker ci code for github lint linter python reviewdog run"
ABOUT_ACTIONS = frozenset(_ABOUT.split())
"""Words in the name of a CI action that say nothing of the tool it runs."""

VALUE = r"(?<!\s-c\s)(?<!--profile\s)(?<!--color\s)(?<!--colour\s)(?<!--style\s)(?<!--theme\s)"
"""No option of another tool stands before the name, of which it were the value."""


class Use(NamedTuple):
    """One tool in use, and the place that shows it."""

    slug: str
    kind: str
    path: str
    line: int | None = None


@fact
def quality_tools(repo: Repo) -> tuple[Use, ...]:
    """Each formatter and linter once, with the first place that shows its use."""
    found: dict[str, Use] = {}
    for use in _uses(repo):
        found.setdefault(use.slug, use)
    return tuple(sorted(found.values()))


def used(repo: Repo, kind: str) -> tuple[Use, ...]:
    """The tools of one kind in use."""
    return tuple(use for use in quality_tools(repo) if use.kind == kind)


def _uses(repo: Repo) -> Iterator[Use]:
    tools = [tool for kind in KINDS for tool in repo.standard.of_kind(kind)]
    for tool in tools:
        yield from _by_settings(repo, tool)
    for tool in tools:
        yield from _by_build(repo, tool)
    for tool in tools:
        yield from _by_hook(repo, tool)
    for tool in tools:
        yield from _by_workflow(repo, tool)
    commands = list(_commands(repo))
    for tool in tools:
        yield from _by_command(tool, commands)


def _by_settings(repo: Repo, tool: Tool) -> Iterator[Use]:
    for name in tool.files:
        for path in repo.named(name):
            if _own(repo, path):
                yield Use(tool.slug, tool.kind, path)
    for setting in tool.settings:
        name, _, key = setting.partition(":")
        for path in repo.named(name):
            if _own(repo, path) and (line := _section(repo, path, key)):
                yield Use(tool.slug, tool.kind, path, line)


def _by_build(repo: Repo, tool: Tool) -> Iterator[Use]:
    """Plugins of Maven, Gradle and sbt."""
    for pattern in tool.facts.get("builds", ()):
        for path in repo.named(*BUILDS):
            text = (repo.text(path) or "") if _own(repo, path) else ""
            if found := regex(pattern, re.M).search(text):
                yield Use(tool.slug, tool.kind, path, text.count("\n", 0, found.start()) + 1)


@fact
def _copied(repo: Repo) -> tuple[str, ...]:
    """Folders with a licence and a packaging file of their own beside the root's licence: copied projects."""
    licensed = {folder(path) for path in repo.named("licen[cs]e*", "copying*")}
    packaged = {folder(path) for path in repo.named("setup.py", "pyproject.toml", "setup.cfg")}
    return tuple(f"{at}/" for at in licensed & packaged if at and "" in licensed)


def _own(repo: Repo, path: str) -> bool:
    return is_own(path) and not path.startswith(_copied(repo))


def _section(repo: Repo, path: str, key: str) -> int | None:
    """The line of a TOML table or INI section, where the file has it."""
    text = repo.text(path) or ""
    last = key.rsplit(".", maxsplit=1)[-1]
    if last not in text:
        return None
    if path.endswith(".toml"):
        value = toml_document(repo, path)
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return (line_of(repo, path, rf"^\s*\[+\s*{re.escape(key)}\b") or 1) if value is not None else None
    if not path.endswith((".cfg", ".ini")):
        return line_of(repo, path, rf"^\s*{re.escape(key)}\b")
    import configparser  # most repositories keep such settings in TOML

    try:
        parser = configparser.RawConfigParser(strict=False)
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return None
    return line_of(repo, path, rf"^\[{re.escape(key)}\]") if parser.has_section(key) else None


def _by_hook(repo: Repo, tool: Tool) -> Iterator[Use]:
    ids = set(tool.facts.get("hooks", ()))
    for config in (*hook_configs(repo), *hook_configs_of_parts(repo)):
        for hook in config.hooks:
            if hook.id in ids or _among(tool, hook.packages) or _entered(repo, tool, hook.entry):
                yield Use(tool.slug, tool.kind, config.path, hook.line)


def _by_workflow(repo: Repo, tool: Tool) -> Iterator[Use]:
    """What CI switches on by a setting of an action."""
    for pattern in tool.facts.get("workflows", ()):
        for pipeline in pipelines(repo):
            if found := regex(pattern).search(text := repo.text(pipeline.path) or ""):
                yield Use(tool.slug, tool.kind, pipeline.path, text.count("\n", 0, found.start()) + 1)


def _entered(repo: Repo, tool: Tool, entry: str) -> bool:
    """Whether the entry of a hook runs the tool, itself or by a script of the repository."""
    return bool(entry) and any(runs(tool, command) for command in expand(repo, entry))


def _among(tool: Tool, packages: tuple[str, ...]) -> bool:
    """Whether the tool is a plugin that the hook installs; what else a hook installs need not run."""
    return "plugin" in tool.facts and any(
        regex(r"[<>=!~\[ ]").split(package)[0].lower() in tool.packages for package in packages
    )


def runs(tool: Tool, command: str) -> bool:
    """Whether the command runs the tool; installing it does not."""
    words = tuple(tool.facts.get("commands", ()))
    return bool(words and command and _called(words).search(command)) and not INSTALL.search(command)


@cache
def _said(command: str) -> frozenset[str]:
    """What the name of a CI action, OWNER/NAME@VERSION, says; nothing for another command."""
    name = ACTION.match(command)
    return frozenset(regex(r"[-_]").split(name[1].lower()) if name else ()) - ABOUT_ACTIONS


@cache
def _called(words: tuple[str, ...]) -> re.Pattern[str]:
    return regex("|".join(rf"(?<![\w./=-]){VALUE}{word}(?![\w=<>~\[-])" for word in words))


def _commands(repo: Repo) -> Iterator[tuple[str, int | None, str]]:
    for pipeline, step, command in ci_commands(repo):
        yield pipeline.path, step.line, command
    for target in targets(repo):
        if is_own(target.path):
            for text in target.commands:
                for command in simple_commands(text):
                    yield target.path, target.line, command
    for path in likely(repo, CHECKS):
        if CHECKS.search(path) and is_own(path):
            for number, line in enumerate((repo.text(path) or "").splitlines(), 1):
                for command in simple_commands(line):
                    yield path, number, command


def _by_command(tool: Tool, commands: list[tuple[str, int | None, str]]) -> Iterator[Use]:
    actions = tuple(tool.facts.get("actions", ()))
    for path, line, command in commands:
        if runs(tool, command) or (actions and command.startswith(actions)) or _said(command) == {tool.slug}:
            yield Use(tool.slug, tool.kind, path, line)
            return
