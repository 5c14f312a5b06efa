"""Reference of upkeep, made when the site is built: the lock file, classes of files, schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from mlscaffold import report, standard
from mlscaffold.standard import read_yaml
from mlscaffold.upkeep.keeping import ORDER
from mlscaffold.upkeep.lock import SCHEMA, STANDARD, Class, Scope

KEYS = {
    "schema": f"`{SCHEMA}`: the form of this file.",
    "standard": f"`{STANDARD}`; a lock that names another is refused.",
    "current": "The label of the version that the repository follows.",
    "scope": "",
    "version": "The released version of the template; empty for one that nobody released.",
    "template": "Id of the template's files, as git computes it.",
    "answers": "The answers, by question; `null` where none of the choices is true here.",
    "older": "By label, the version, template and answers of paths that come from an older update.",
    "files": "One line for each path that the standard governs; its keys are below.",
    "edits": "Lines that an adoption added to files of yours: pairs of ids of the content before and after.",
    "declined": "What this repository does not want; its keys are below.",
}
SCOPES = {
    "all": "new files of the template arrive by themselves, as in a repository that `new` made",
    "listed": "only what was added is kept up to date, as after `adopt`",
}
FILE = {
    "class": "",
    "base": "The label of the version that the path comes from: `current`, or one of `older`.",
    "blob": "Id of the content that the template wrote there.",
    "source": "The template's path, where the repository keeps the file elsewhere.",
    "mode": "Where it is not `100644`: `100755` can be executed, `120000` is a link.",
}


def lock() -> str:
    """The page about `.mlscaffold.lock`."""
    if set(SCOPES) != set(get_args(Scope)):
        raise ValueError("the scopes described here are not those of mlscaffold/upkeep/lock.py")
    scopes = "; ".join(f"`{name}`: {text}" for name, text in SCOPES.items())
    kinds = f"One of {', '.join(f'`{kind}`' for kind in get_args(Class))}."
    keys, file = KEYS | {"scope": f"{scopes}."}, FILE | {"class": kinds}
    return "\n".join(
        [
            "# The lock file",
            "",
            "`.mlscaffold.lock` at the root is the one state of upkeep: which version of the standard each",
            "path comes from. `new`, `adopt` and `update` write it. Commit it. It is sorted YAML, a line",
            "for each path, so that git merges it where two branches change it. After a conflict in it take",
            "either side and run `mlscaffold update`.",
            "",
            "Only `declined` is for people to edit. To change an answer:",
            "`mlscaffold update --data QUESTION=VALUE`.",
            "",
            "## Keys",
            "",
            *_table("key", keys),
            "",
            "## Keys of a file",
            "",
            *_table("key", file),
            "",
            "What each class means: [How updates keep your work](../explanation/upkeep.md#classes-of-files).",
            "",
            "## Declined",
            "",
            "A path, or a glob of paths, with the reason, and maybe the last day on which it holds:",
            "",
            "```yaml",
            "declined:",
            "  SECURITY.md: {reason: the company has one for all repositories}",
            "  docs/**: {reason: the pages move next summer, until: 2027-06-30}",
            "```",
            "",
            "The command for it:",
            "",
            "```console",
            "$ mlscaffold update --decline 'SECURITY.md=the company has one for all repositories'",
            "```",
            "",
            "A declined path is left alone by updates. It is listed with its reason in each plan that would",
            "have changed it, and by `mlscaffold drift`.",
            "",
        ]
    )


def classes() -> list[str]:
    """Each pattern of the template's files with its class, and what makes the derived ones."""
    kept: dict[str, Any] = read_yaml((Path(standard.__file__).parent / "upkeep.yml").read_text("utf-8"))
    rules = kept["upkeep"]["default"]
    out = ["| class | files of the template |", "|---|---|"]
    for kind in ORDER:
        patterns = ", ".join(f"`{pattern}`" for pattern in rules["classes"].get(kind, ()))
        out.append(f"| {kind} | {patterns or 'every other file'} |")
    out += ["", "| derived | made by | from |", "|---|---|---|"]
    for pattern, made in rules["made_by"].items():
        sources = ", ".join(f"`{source}`" for source in made["from"])
        out.append(f"| `{pattern}` | `{' '.join(made['command'])}` | {sources} |")
    return out


def schema(kind: str) -> str:
    """A published schema as it lies beside the renderers."""
    return (Path(report.__path__[0]) / f"{kind}.schema.json").read_text("utf-8")


def _table(head: str, rows: dict[str, str]) -> Iterator[str]:
    yield from (f"| {head} | meaning |", "|---|---|")
    yield from (f"| `{key}` | {text} |" for key, text in rows.items())
