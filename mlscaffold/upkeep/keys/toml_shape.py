"""TOML tables in the shape of another file: a section, keys with dots, or an inline table say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf, Node, parents, place

Forms = Mapping[str, Mapping[str, bool]]


def shaped(tree: Branch, like: Branch) -> Branch:
    """`tree` with its tables written as `like` writes them, where they are written at all."""
    wanted = forms(like)
    made = list(tree.entries)
    for moved in (into_sections, into_keys):
        made = moved(made, wanted)
    return replace(tree, entries=tuple(made))


def forms(tree: Branch) -> dict[str, dict[str, bool]]:
    """For each section the tables that its keys speak of, and whether they are inline or have dots."""
    found: dict[str, dict[str, bool]] = {}
    for section in tree.entries:
        if "[" in section.key:
            continue
        spoken = found.setdefault(section.key, {})
        for entry in as_entries(section.value):
            spoken |= dict.fromkeys(parents(entry.key), False)
            if isinstance(entry.value, Branch):
                spoken[entry.key] = True
    return found


def into_sections(sections: list[Entry], wanted: Forms) -> list[Entry]:
    """Keys with dots and inline tables as sections, where `wanted` writes the table in another way."""
    made: list[Entry] = []
    for section in sections:
        stays, leaves = parted(section, wanted)
        made.append(replace(section, value=_with(section.value, stays)) if leaves else section)
        for name, entries in leaves.items():
            made.append(Entry(name, "\n", f"[{name}]\n", Branch("table", "lines", tuple(entries))))
    return made


def _with(body: Node, entries: tuple[Entry, ...]) -> Node:
    return body if isinstance(body, Leaf) else replace(body, entries=entries)


def parted(section: Entry, wanted: Forms) -> tuple[tuple[Entry, ...], dict[str, list[Entry]]]:
    """The entries that stay in the section, and those that leave it, by the section that they go to."""
    stays: list[Entry] = []
    leaves: dict[str, list[Entry]] = {}
    for entry in as_entries(section.value):
        table, inside = as_table(entry)
        name = f"{section.key}.{table}".strip(".")
        if table and "[" not in section.key and is_elsewhere(section.key, table, entry, wanted):
            leaves.setdefault(name, []).extend(inside)
        else:
            stays.append(entry)
    return tuple(stays), leaves


def as_table(entry: Entry) -> tuple[str, list[Entry]]:
    """The table that a key with dots or an inline table speaks of, and its entries in lines; `""` if none."""
    value = entry.value
    if isinstance(value, Branch) and value.kind == "table":
        return entry.key, [Entry(e.key, "", f"{e.key} = ", e.value, tail="\n") for e in value.entries]
    head, _, rest = entry.key.rpartition(".")
    return head, [replace(entry, key=rest, opening=f"{rest} = ")]


def is_elsewhere(section: str, table: str, entry: Entry, wanted: Forms) -> bool:
    """Whether `wanted` has the table, and writes it in another way than as `entry`."""
    name = f"{section}.{table}".strip(".")
    if name in wanted:
        return True
    home = next(homes(name, wanted), None)
    return home is not None and home != (section, table, entry.key == table)


def into_keys(sections: list[Entry], wanted: Forms) -> list[Entry]:
    """Sections as keys with dots or inline tables of a section above, where `wanted` has these."""
    made: list[Entry] = []
    added: dict[str, tuple[Entry, ...]] = {}
    for section in sections:
        home = next(homes(section.key, wanted), None)
        if home is None:
            made.append(section)
        else:
            above, rest, inline = home
            added[above] = added.get(above, ()) + as_keys(section, rest, inline=inline)
    hosts = {section.key for section in made}
    made += [Entry(n, "\n", f"[{n}]\n", Branch("table", "lines", ())) for n in added if n not in hosts]
    return [extended(host, added.get(host.key, ())) for host in made]


def homes(name: str, wanted: Forms) -> Iterator[tuple[str, str, bool]]:
    """The section of `wanted` that holds the table, the table's key there, and whether it is inline."""
    if name in wanted or "[" in name:
        return
    parts = name.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        above, rest = ".".join(parts[:cut]), ".".join(parts[cut:])
        if rest in wanted.get(above, {}):
            yield above, rest, wanted[above][rest]


def as_keys(section: Entry, rest: str, *, inline: bool) -> tuple[Entry, ...]:
    """The entries of a section as entries of one above."""
    inner = as_entries(section.value)
    if not inline:
        return tuple(replace(e, key=f"{rest}.{e.key}", opening=f"{rest}.{e.key} = ") for e in inner)
    pairs = tuple(Entry(e.key, " ", f"{e.key} = ", e.value, comma=",") for e in inner)
    return (Entry(rest, "", f"{rest} = ", Branch("table", "commas", pairs, "{", " }"), tail="\n"),)


def extended(host: Entry, added: tuple[Entry, ...]) -> Entry:
    """The section with more entries."""
    body = host.value
    if isinstance(body, Leaf) or not added:
        return host
    return replace(host, value=replace(body, entries=body.entries + added))


def yielding(tree: Branch, like: Branch) -> Branch:
    """`tree` without its values where `like` has tables, and without its tables where `like` has values."""
    tables, values = paths(like)
    made = [
        replace(section, value=_with(section.value, yielded(section, tables, values)))
        for section in tree.entries
        if not is_below(section.key, values)
    ]
    return replace(tree, entries=tuple(made))


def yielded(section: Entry, tables: Set[str], values: Set[str]) -> tuple[Entry, ...]:
    """The entries of a section that may stay beside those tables and values."""
    named = [(place(section.key, "table", entry.key), entry) for entry in as_entries(section.value)]
    return tuple(
        e for name, e in named if name not in tables and not is_below(name.rpartition(".")[0], values)
    )


def paths(tree: Branch) -> tuple[set[str], set[str]]:
    """The names of all tables that are written as sections or with dots, and of all plain values."""
    values = {
        place(section.key, "table", entry.key)
        for section in tree.entries
        for entry in as_entries(section.value)
        if isinstance(entry.value, Leaf) or entry.value.kind != "table"
    }
    tables = {section.key for section in tree.entries}
    return {above for name in tables | values for above in parents(name)} | tables - {""}, values


def as_entries(node: Node) -> tuple[Entry, ...]:
    """The entries of a table; none of a value."""
    return node.entries if isinstance(node, Branch) else ()


def is_below(name: str, values: Set[str]) -> bool:
    """Whether `name` is one of the values, or would lie in one."""
    return not values.isdisjoint((name, *parents(name)))
