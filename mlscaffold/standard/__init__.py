"""The one standard: governed values, profiles, features and the catalogue of tools, read from YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from mlscaffold.derived import derived, stamp
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

SLUG = regex(r"^([A-Za-z0-9][\w.+-]*):", re.M)
Strength = Literal["required", "advised", "off"]


class Tool(NamedTuple):
    """One third-party system of the catalogue, and what proves that a repository uses it."""

    slug: str
    name: str
    kind: str
    imports: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    maintained: str = "yes"
    successor: str = ""
    source: str = ""
    docs: str = ""
    template: str = ""
    facts: Mapping[str, Any] = {}
    """What only this kind of tool has to say, such as a tracker's calls that log parameters."""


class Standard:
    """The governed values as attributes (`standard.line_length`), with the profiles and the catalogue."""

    def __init__(
        self,
        values: Mapping[str, Any],
        profiles: Mapping[str, Mapping[str, Strength]],
        tools: Mapping[str, Tool],
    ) -> None:
        self.values = dict(values)
        self.profiles = profiles
        self.tools = tools

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"the standard governs no value named {name}") from None

    def changed(self, **values: Any) -> Standard:
        """The same standard with some governed values replaced."""
        return Standard({**self.values, **values}, self.profiles, self.tools)

    def of_kind(self, kind: str) -> tuple[Tool, ...]:
        """The tools of one kind, sorted by slug."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Tool, ...]]:
        kinds: dict[str, list[Tool]] = {}
        for _, tool in sorted(self.tools.items()):
            kinds.setdefault(tool.kind, []).append(tool)
        return {kind: tuple(tools) for kind, tools in kinds.items()}


def read_yaml(text: str) -> Any:
    """Parse YAML of our own with the C loader where there is one."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 (both loaders are safe)


def written(here: Path) -> dict[str, Any]:
    """What the YAML files in the folder `here` say: plain data, which a wheel carries as one file."""
    tools = _tools(sorted(here.glob("tools/*.yml")))
    return {
        "values": read_yaml((here / "standard.yml").read_text("utf-8"))["standard"]["default"],
        "profiles": read_yaml((here / "profiles.yml").read_text("utf-8")),
        "tools": tools,
    }


def _tools(pages: list[Path]) -> dict[str, Any]:
    """The catalogue; raises ValueError where two entries have one slug: the last would win unsaid."""
    tools: dict[str, Any] = {}
    owners: dict[str, str] = {}
    for page in pages:
        text = page.read_text("utf-8")
        for slug in SLUG.findall(text):
            if slug in owners:
                raise ValueError(
                    f"{page.name}: {slug} has an entry in {owners[slug]} already: name it otherwise"
                )
            owners[slug] = page.name
        tools |= read_yaml(text) or {}
    return tools


@cache
def load() -> Standard:
    """The standard that this version carries: one compiled file in a wheel, YAML in a checkout."""
    values, profiles, rows = _parts(Path(__file__).parent)
    return Standard(values, _by_profile(profiles), {row[0]: Tool(*row) for row in rows})


def _parts(here: Path) -> tuple[dict[str, Any], dict[str, str], list[tuple[Any, ...]]]:
    """The values, the profiles and the rows of the tools, read again only where a file changed."""
    compiled = here / "compiled.json"

    def made() -> tuple[Any, ...]:
        said = json.loads(compiled.read_text("utf-8")) if compiled.is_file() else written(here)
        return said["values"], said["profiles"], [_row(*named) for named in said["tools"].items()]

    parts: tuple[Any, Any, Any] = derived(here, "standard", stamp(here, (".yml", ".json")), made)
    return parts


def _row(slug: str, entry: dict[str, Any]) -> tuple[Any, ...]:
    """A tool's fields in their order."""
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    return tuple(Tool(**{**fields, "slug": slug}))


def _by_profile(rows: Mapping[str, str]) -> dict[str, dict[str, Strength]]:
    """`VCS101: ●●●` (research, team, production) as a strength by profile and code."""
    meaning: dict[str, Strength] = {"●": "required", "○": "advised", "·": "off"}
    names = ("research", "team", "production")
    return {name: {code: meaning[row[i]] for code, row in rows.items()} for i, name in enumerate(names)}
