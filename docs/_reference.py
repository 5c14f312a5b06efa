"""The reference pages, made from the code when the site is built: commands, facts, rules, profiles, tools."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

from mlscaffold import config, inventory, rules, standard
from mlscaffold.cli import parser
from mlscaffold.errors import CRASHED, FAILED, INTERRUPTED, OK, REFUSED
from mlscaffold.page import page_of
from mlscaffold.report.levels import LEVELS
from mlscaffold.report.text import PILLARS
from mlscaffold.rule import Rule
from mlscaffold.standard import Standard, Tool, read_yaml

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

sys.path.insert(0, str(Path(__file__).parent))
import _upkeep as upkeep

HERE = Path(standard.__file__).parent
SIGNS = {"required": "● required", "advised": "○ advised", "off": "· off"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Called by mkdocs: add every reference page to the site."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, **_more: object) -> str:
    """Called by mkdocs for each page: the classes of the template's files, where a page asks for them."""
    return markdown.replace("<!-- classes -->", "\n".join(upkeep.classes()))


def pages() -> dict[str, str]:
    """Path and text of each page; the JSON schema of the inventory stands among them."""
    carried, every = standard.load(), rules.load()
    return {
        "reference/commands.md": commands(),
        "reference/lock.md": upkeep.lock(),
        "reference/plan.schema.json": upkeep.schema("plan"),
        "reference/drift.schema.json": upkeep.schema("drift"),
        "reference/audit.schema.json": upkeep.schema("audit"),
        "reference/facts.md": facts(),
        "reference/facts.schema.json": json.dumps(inventory.schema(), indent=2, ensure_ascii=False) + "\n",
        "reference/configuration.md": configuration(carried),
        "reference/profiles.md": profiles(carried, every),
        "reference/catalogue.md": catalogue(carried),
        "reference/features.md": features(),
        "reference/rules/index.md": rule_index(every),
        **{f"reference/rules/{code}.md": rule_page(rule, carried) for code, rule in every.items()},
    }


def commands() -> str:
    """Each command with its arguments, as argparse knows them."""
    top = parser()
    out = ["# Commands", "", top.description or "", "", "## Exit codes", "", *exit_codes(), ""]
    (actions,) = [a for a in top._actions if isinstance(a, argparse._SubParsersAction)]
    for name, command in actions.choices.items():
        usage = " ".join(command.format_usage().removeprefix("usage: ").split())
        out += [f"## mlscaffold {name}", "", command.description or "", "", "```text", usage, "```", ""]
        out += ["| argument | meaning |", "|---|---|"]
        out += [_argument(a) for a in command._actions if a.help != argparse.SUPPRESS]
        out.append("")
    return "\n".join(out) + "\n"


def exit_codes() -> list[str]:
    """A table of what each exit code means."""
    meaning = {
        OK: "nothing required is wrong; a plan or an update without anything to decide",
        FAILED: "a required practice is missing (with `--strict` also: a rule could not tell), a file "
        "drifted, or an update left something to decide",
        REFUSED: "wrong use: a bad option or configuration, an unknown rule, a path that is not there, "
        "a missing answer, or an update that would write over open changes",
        CRASHED: "a bug of ours; an audit prints its full report first",
        INTERRUPTED: "interrupted",
    }
    return ["| code | meaning |", "|---|---|", *(f"| {code} | {text} |" for code, text in meaning.items())]


def _argument(action: argparse.Action) -> str:
    shown = ", ".join(action.option_strings) or action.dest.upper()
    value = action.metavar if isinstance(action.metavar, str) else ""
    if action.choices:
        value = "\\|".join(str(c) for c in action.choices)
    name = f"{shown} {value}".strip() if action.option_strings else value or shown
    return f"| `{name}` | {action.help or ''} |"


SHAPES = {
    "flag": "true or false",
    "names": "list of slugs",
    "paths": "list of paths",
    "places": "list of `path:line`",
    "lines": "`list` of `path:line`, and `total`",
    "object": "object with",
    "choice": "one of",
}


def facts() -> str:
    """Every published fact with the shape of its value and what it means."""
    out = [
        "# Facts",
        "",
        "What `mlscaffold facts` prints: what a repository is and uses, independent of any rule. Every value",
        "comes with its evidence, a list of `path`, `line` and `note`; in a notebook the line is that of the",
        'JSON file. A value is `"unknown"` where it cannot be told.',
        "[The JSON schema](facts.schema.json) describes the whole document.",
        "",
        "| fact | value | meaning |",
        "|---|---|---|",
        *(f"| `{fact.name}` | {_shape(fact)} | {fact.about} |" for fact in inventory.load().values()),
        "",
    ]
    return "\n".join(out)


def _shape(fact: inventory.Fact) -> str:
    words = ", ".join(f"`{word}`" for word in fact.words)
    shape = f"{SHAPES[fact.shape]} {words}" if words else SHAPES[fact.shape]
    return f"{shape}, or `n/a`" if fact.may_not_apply else shape


SETTINGS = {
    "profile": ("string", "`research`, `team` or `production`: how much is asked. Without it: `research`."),
    "standard": (
        "string",
        'The version of the standard that you adopted, such as `"1.0"`. Newer rules are advised.',
    ),
    "select": ("list of strings", "Codes or beginnings of codes; only these rules run."),
    "ignore": ("list of tables", "Findings that you accept; the keys are below."),
    "exclude": ("list of strings", "Globs of paths that no rule looks at, such as `third_party/**`."),
    "thresholds": ("table", "Numbers of the standard that you set differently; they are listed below."),
}
IGNORE = {
    "code": ("string, required", "The rule, or the beginning of codes."),
    "reason": ("string, required", "Why this is acceptable here; it stands in the report."),
    "paths": ("list of strings", "Globs; without it every place is meant."),
    "until": ("date", "From the day after, the finding counts again."),
    "owner": ("string", "Who decides."),
}


def configuration(carried: Standard) -> str:
    """Where a repository says what it wants, each key, and each threshold with its value."""
    if set(SETTINGS) != set(config.KEYS) or set(IGNORE) != set(config.IGNORE_KEYS):
        raise ValueError("the keys described here are not those of mlscaffold/config.py")
    numbers = {key: value for key, value in carried.values.items() if type(value) is int}
    return "\n".join(
        [
            "# Configuration",
            "",
            f"In `{config.SHARED_FILE}` under `[tool.mlscaffold]`, as in every generated project (an ignore",
            "is then `[[tool.mlscaffold.ignore]]`), or without that prefix in a file of its own at the root,",
            f"`{config.OWN_FILE}`; in both is an error. Nothing has to be configured.",
            "",
            '```toml title="mlscaffold.toml"',
            'profile = "team"',
            'exclude = ["third_party/**"]',
            "",
            "[[ignore]]",
            'code = "VCS101"',
            'paths = ["tests/data/*.bin"]',
            'reason = "a recording that the tests replay"',
            "until = 2027-06-30",
            "",
            "[thresholds]",
            f"{next(iter(numbers))} = {next(iter(numbers.values()))}",
            "```",
            "",
            "Unknown keys and codes are errors, with the nearest name that exists. An ignore that matches",
            "nothing, or whose date is past, is said in the report.",
            "",
            "## Keys",
            "",
            *_keys(SETTINGS),
            "",
            "## Keys of an ignore",
            "",
            *_keys(IGNORE),
            "",
            "## Thresholds",
            "",
            "| threshold | value of the standard |",
            "|---|---|",
            *(f"| `{key}` | {value:,} |" for key, value in sorted(numbers.items())),
            "",
        ]
    )


def _keys(described: dict[str, tuple[str, str]]) -> Iterator[str]:
    yield from ("| key | type | meaning |", "|---|---|---|")
    yield from (f"| `{key}` | {kind} | {meaning} |" for key, (kind, meaning) in described.items())


def profiles(carried: Standard, every: dict[str, Rule]) -> str:
    """What each profile asks, rule by rule."""
    names = list(carried.profiles)
    out = [
        "# Profiles",
        "",
        "A profile says which practices are *required* (their absence fails the run), *advised*",
        "(shown, never failing) or off. `research` asks for what decides whether a result can be",
        "repeated, `team` adds what people who work on the same repository need, `production` what",
        "an operated model needs.",
        "",
        "| rule | what is wrong | " + " | ".join(names) + " |",
        "|---|---|" + "---|" * len(names),
    ]
    for code, rule in every.items():
        asked = " | ".join(SIGNS[carried.profiles[name][code]] for name in names)
        out.append(f"| [{code}](rules/{code}.md) | {page_of(rule).title} | {asked} |")
    counts = (sum(s == "required" for s in carried.profiles[name].values()) for name in names)
    return "\n".join([*out, "| | required | " + " | ".join(str(c) for c in counts) + " |", ""])


def rule_index(every: dict[str, Rule]) -> str:
    """The rules by pillar."""
    out = [
        "# Rules",
        "",
        f"{len(every)} practices. Each page is also the rule's test: what it shows is run.",
        "",
    ]
    for prefix, pillar in PILLARS.items():
        out += [f"## {pillar}", "", "| code | what is wrong | obstacle to |", "|---|---|---|"]
        for code, rule in every.items():
            if code[:-3] == prefix:
                out.append(f"| [{code}]({code}.md) | {page_of(rule).title} | {_level(rule)} |")
        out.append("")
    return "\n".join(out)


def _level(rule: Rule) -> str:
    return f"level {rule.level}: {LEVELS[rule.level]}" if isinstance(rule.level, int) else str(rule.level)


def rule_page(rule: Rule, carried: Standard) -> str:
    """The page beside the rule's code as it is, with one line of facts under its title."""
    text = page_of(rule).text
    asked = ", ".join(f"{name} {rows[rule.code]}" for name, rows in carried.profiles.items())
    facts = f"`{rule.code}` · `{rule.name}` · {_level(rule)} · {asked} · since {rule.since}"
    return re.sub(r"\A# (.+)\n", lambda m: f"# {rule.code} {m[1]}\n\n{facts}\n", text, count=1)


def catalogue(carried: Standard) -> str:
    """Every third-party system that the audit recognises, by kind."""
    out = [
        "# Catalogue",
        "",
        f"{len(carried.tools)} systems. A rule asks for a practice, never for a brand: any of a kind",
        "satisfies it, and the report names which one, and where.",
        "",
    ]
    for kind in sorted({tool.kind for tool in carried.tools.values()}):
        out += [
            f"## {kind}",
            "",
            "| system | recognised by | in the template | maintained |",
            "|---|---|---|---|",
        ]
        out += [_tool_row(tool) for tool in carried.of_kind(kind)]
        out.append("")
    return "\n".join(out)


def _tool_row(tool: Tool) -> str:
    signs = {
        "import": tool.imports,
        "package": tool.packages,
        "file": (*tool.files, *_defined_in(tool)),
        "setting": tool.settings,
        "call": tool.calls,
    }
    shown = "; ".join(f"{what} " + ", ".join(f"`{v}`" for v in vs) for what, vs in signs.items() if vs)
    name = f"[{tool.name}]({tool.docs or tool.source})" if tool.docs or tool.source else tool.name
    after = f", see {tool.successor}" if tool.successor else ""
    return f"| {name} | {shown.replace('|', '&#124;')} | {_offered(tool)} | {tool.maintained}{after} |"


def _defined_in(tool: Tool) -> tuple[str, ...]:
    """Names of the files whose text is a definition; sources are shown by what they import or call."""
    found = [name for proof in tool.facts.get("proofs", ()) for name in proof.get("names", ())]
    return tuple(dict.fromkeys(name for name in found if name not in ("*", "*.py", "*.ipynb")))


def _offered(tool: Tool) -> str:
    return {"": "–", "default": "always"}.get(tool.template, f"`{tool.template}`")


def features() -> str:
    """What a new repository has, from the file that drives the template's questions."""
    listed: dict[str, dict[str, Any]] = read_yaml((HERE / "features.yml").read_text("utf-8"))["features"][
        "default"
    ]
    out = [
        "# What a new repository has",
        "",
        "The features of the template: when they are there, their files, and the rules that they satisfy.",
        "",
    ]
    for name, feature in listed.items():
        out += [f"## {name}", "", feature.get("about", ""), ""]
        for key, value in feature.items():
            if key != "about" and value:
                out.append(f"- **{key}**: {_listed(value)}")
        out.append("")
    return "\n".join(out)


def _listed(value: object) -> str:
    match value:
        case dict():
            return "; ".join(f"{k}: {_listed(v)}" for k, v in value.items())
        case list():
            return ", ".join(f"`{v}`" for v in value)
        case _:
            return f"`{value}`"
