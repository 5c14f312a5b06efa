"""What an item of a list is known by, so that it can be found again in another version of the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.upkeep.keys.tree import Branch, Leaf, Node

KNOWN_BY = (
    ("repo",),
    ("id",),
    ("uses",),
    ("package-ecosystem", "directory"),
    ("name",),
    ("module",),
    ("include-group",),
    ("family-names", "given-names"),
    ("run",),
    ("path",),
    ("url",),
)
"""Fields that name a mapping, the best first: hooks, steps, update bots, indexes, people."""

WEAK = (("run",), ("path",), ("url",))
"""Fields that say what the mapping is for, and no name of it."""

OF_REQUIREMENTS = regex(
    r"(^|[.\]])(dependencies|requires|dev-dependencies|additional_dependencies|deps|\w+_requires?)$"
    r"|^(project\.optional-dependencies|dependency-groups|options\.extras_require)\.|^dependencies\[\w*\]\.pip$",
)
ASSIGNED = regex(r"(--?[A-Za-z][\w-]*|[A-Za-z_]\w*)=(?!=)")
"""A word that gives a value to what it begins with: an option of a hook, a variable of a service."""

OF_SERVICES = regex(r"^services\.[^.]+\.(ports|volumes)$")
"""Lists of compose.yaml whose words lead to a place in the container: `8080:80`, `./data:/data:ro`."""

IN_ORDER = regex(r"(^|\.)(commands?\w*|cmd|entrypoint|entry|postCreateCommand|runArgs|shell)$")
"""Lists that are command lines: two sets of words, joined, would be a third command."""

GROWS = regex(r"(^|[.\]])(repos|hooks|updates)$")
"""Lists that an adoption adds items to: hooks and update bots stand side by side, people and steps do not."""

REQUIREMENT = regex(r"\s*(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)(\[[^\]]*\])?")


def list_kind(path: str, items: Sequence[Node]) -> Literal["set", "list"]:
    """Whether the items of the list at `path` can be told apart by name."""
    if IN_ORDER.search(path):
        return "list"
    return "set" if all(item_key(path, item) is not None for item in items) else "list"


def item_key(path: str, item: Node) -> str | None:
    """The name of `item` in the list at `path`, or nothing where it has none."""
    if isinstance(item, Leaf):
        return item.plain if item.plain is None else word_key(path, item.plain)
    return _mapping_key(item) if item.kind == "table" else None


def word_key(path: str, word: str) -> str:
    """The name of a string: the distribution of a requirement, what gets a value, the place in a container.

    Elsewhere it is the string itself.
    """
    if OF_REQUIREMENTS.search(path):
        return requirement(word)
    if service := OF_SERVICES.search(path):
        parts = word.split(":")
        return parts[-1] if service[1] == "ports" else parts[min(1, len(parts) - 1)]
    assigned = ASSIGNED.match(word)
    return assigned[1] if assigned else word


def is_anonymous(path: str, name: str, item: Node) -> bool:
    """Whether the item is known by what it says alone, so that another may stand for it."""
    if isinstance(item, Leaf):
        return bool(path) and item.plain == name and not OF_REQUIREMENTS.search(path)
    fields = {entry.key for entry in item.entries if isinstance(entry.value, Leaf)}
    return not any(names[0] in fields for names in KNOWN_BY if names not in WEAK)


def requirement(line: str) -> str:
    """The distribution that a requirement names, normalised (PEP 503); what is none stays as it is."""
    found = REQUIREMENT.match(line)
    return regex(r"[-_.]+").sub("-", found[1]).lower() if found else line.strip()


def _mapping_key(item: Branch) -> str | None:
    fields = {entry.key: entry.value.plain for entry in item.entries if isinstance(entry.value, Leaf)}
    for names in KNOWN_BY:
        if fields.get(names[0]):
            known = [(fields.get(name) or "").split("\n")[0] for name in names]
            return known[0].split("@")[0] if names == ("uses",) else " ".join(filter(None, known))
    return item.entries[0].key if len(item.entries) == 1 else None
