"""Which version of a formatter, linter or type checker the hooks, the lock and CI each name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.manifests import python_manifests
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import ci_commands
from mlscaffold.repo.teamwork.hooks import hook_configs
from mlscaffold.repo.vendored import vendored

MIRRORS = (
    (
        regex(
            r"/psf/black(?:-pre-commit-mirror)?(?:\.git)?$|/python/black(?:\.git)?$|/ambv/black(?:\.git)?$"
        ),
        "black",
    ),
    (regex(r"/(?:astral-sh|charliermarsh)/ruff-pre-commit(?:\.git)?$"), "ruff"),
    (regex(r"/pre-commit/mirrors-(?P<name>mypy|isort|autopep8|yapf|pylint)(?:\.git)?$"), ""),
    (
        regex(
            r"/(?:PyCQA|pycqa|timothycrosley)/(?P<name>flake8|isort|bandit|pydocstyle|pylint|autoflake)(?:\.git)?$"
        ),
        "",
    ),
    (regex(r"/kynan/(?P<name>nbstripout)(?:\.git)?$"), ""),
    (regex(r"/asottile/(?P<name>pyupgrade)(?:\.git)?$"), ""),
)
LOCKED = regex(r'^\[\[package\]\]\s*\nname = "(?P<name>[\w.-]+)"\s*\nversion = "(?P<version>[^"]+)"', re.M)
PIPFILE = regex(r'"(?P<name>[\w.-]+)": \{[^{}]*?"version": "==(?P<version>[^"]+)"', re.S)
INSTALLED = regex(r"(?<![\w.-])(?P<name>[A-Za-z][\w-]*)(?:\[[^\]]*\])?==(?P<version>\d[\w.]*)")
FLAT = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")


class Pin(NamedTuple):
    """One tool at one version; `hook_rev` is the text of a hook's revision as it is written."""

    tool: str
    version: str
    path: str
    line: int | None
    hook_rev: str = ""


@fact
def hook_pins(repo: Repo) -> tuple[Pin, ...]:
    """Tools that hooks hold at a version: by a known mirror's revision or by `name==version`."""
    return tuple(dict.fromkeys(_hook_pins(repo)))


def _hook_pins(repo: Repo) -> Iterator[Pin]:
    for config in hook_configs(repo):
        for hook in config.hooks:
            for pattern, name in MIRRORS:
                if (found := pattern.search(hook.repo)) and regex(r"v?\d").match(hook.rev):
                    yield Pin(
                        name or found["name"], hook.rev.lstrip("v"), config.path, hook.rev_line, hook.rev
                    )
            for package in hook.packages:
                if found := INSTALLED.match(package):
                    yield Pin(found["name"].lower(), found["version"], config.path, hook.line)


@fact
def environment_pins(repo: Repo) -> tuple[Pin, ...]:
    """Every `name==version` of requirements files and manifests, and of lock files, by place."""
    return tuple(_environment_pins(repo))


def _environment_pins(repo: Repo) -> Iterator[Pin]:
    for manifest in python_manifests(repo):
        for wanted in manifest.requirements:
            if wanted.exact and wanted.spec.startswith("="):
                yield Pin(wanted.name, wanted.spec.lstrip("= "), manifest.path, wanted.line)
    for path in repo.named(*FLAT, "pipfile.lock"):
        pattern = PIPFILE if path.lower().endswith("pipfile.lock") else LOCKED
        text = repo.text(path) if not vendored(path) else None
        for found in pattern.finditer(text or ""):
            line = (text or "").count("\n", 0, found.start("version")) + 1
            yield Pin(found["name"].lower(), found["version"], path, line)


@fact
def ci_pins(repo: Repo) -> tuple[Pin, ...]:
    """`name==version` in the commands of CI."""
    rows = (
        Pin(found["name"].lower(), found["version"], pipeline.path, step.line)
        for pipeline, step, command in ci_commands(repo)
        for found in INSTALLED.finditer(command)
    )
    return tuple(dict.fromkeys(rows))


@fact
def disagreements(repo: Repo) -> tuple[tuple[Pin, ...], ...]:
    """For each tool of the hooks, or of CI, whose version differs somewhere: the differing pins."""
    found = []
    asked = {pin.tool: pin for pin in (*reversed(ci_pins(repo)), *reversed(hook_pins(repo)))}
    everywhere = (*hook_pins(repo), *environment_pins(repo), *ci_pins(repo))
    quality = {
        package
        for tool in repo.standard.tools.values()
        if tool.kind in ("formatter", "linter")
        for package in tool.packages
    }
    for tool, first in sorted(asked.items()):
        if tool not in quality and not first.hook_rev:
            continue
        others = [pin for pin in everywhere if pin.tool == tool and not same(pin.version, first.version)]
        if others:
            found.append((first, *others))
    return tuple(found)


def same(one: str, other: str) -> bool:
    """Whether two versions are the same, trailing zeros aside."""

    def parts(version: str) -> str:
        return regex(r"(?:\.0)+$").sub("", version.strip().lstrip("v"))

    return parts(one) == parts(other)
