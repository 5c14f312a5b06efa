"""Text of one tree put into another: indented, and separated, as what stands there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlscaffold.upkeep.keys.tree import Branch, Entry, Leaf, NotByKeys, data, entry_text, remarks, text


def is_wide(branch: Branch) -> bool:
    """Whether a container with commas has its items on lines of their own."""
    return any("\n" in entry.lead for entry in branch.entries)


def is_airy(branch: Branch) -> bool:
    """Whether blank lines keep the entries apart."""
    rest = branch.entries[1:]
    return bool(rest) and all(entry.lead.startswith("\n") for entry in rest)


def indent(branch: Branch) -> str:
    """What the lines of the branch's entries begin with."""
    if branch.style == "lines":
        return branch.indent
    leads = (entry.lead for entry in branch.entries if "\n" in entry.lead)
    return next(leads, "").rpartition("\n")[2]


def shifted(written: str, theirs: Branch, ours: Branch) -> str:
    """Text of an entry of `theirs` with the indentation of `ours`, from its second line on."""
    old, new = indent(theirs), indent(ours)
    first, *rest = written.split("\n")
    moved = [new + line[len(old) :] if line.strip() and line.startswith(old) else line for line in rest]
    return "\n".join([first, *moved])


def grafted(entry: Entry, theirs: Branch, ours: Branch) -> Entry:
    """An entry of `theirs` as one of `ours`."""
    if ours.style == "commas":
        return _between_commas(entry, theirs, ours)
    if theirs.style == "commas":
        opening = "- " if theirs.kind != "table" else entry.opening
        core = shifted(opening + text(entry.value), theirs, ours)
        return Entry(entry.key, _notes(entry, ours.indent) + ours.indent, "", _leaf(core, entry), tail="\n")
    begun = ""
    if entry is theirs.entries[0]:
        group = theirs.kind == "set" and not theirs.indent and remarks(entry.lead)
        begun = theirs.indent if theirs.compact else "\n" if group else ""
    whole = shifted(f"\n{begun}{entry_text(entry)}", theirs, ours)[1:]
    return Entry(entry.key, "", "", _leaf(whole, entry))


def _between_commas(entry: Entry, theirs: Branch, ours: Branch) -> Entry:
    core = shifted(core_text(entry, theirs), theirs, ours)
    if not is_wide(ours):
        return Entry(entry.key, " ", "", _leaf(core, entry))
    margin = indent(ours)
    lead = "\n" + _notes(entry, margin) + margin
    return Entry(entry.key, lead, "", _leaf(core, entry), tail=entry.tail.rstrip("\n"))


def core_text(entry: Entry, theirs: Branch) -> str:
    """Key and value without comments, to stand between commas; raises NotByKeys where they are lines."""
    if isinstance(entry.value, Branch) and entry.value.style == "lines":
        raise NotByKeys(f"{entry.key[:60]} is written in lines in one version and in brackets in the other")
    bare = theirs.style == "lines" and theirs.kind != "table"
    return text(entry.value) if bare else entry.opening + text(entry.value)


def _notes(entry: Entry, margin: str) -> str:
    return "".join(f"{margin}{line.strip()}\n" for line in entry.lead.split("\n") if line.strip())


def _leaf(written: str, entry: Entry) -> Leaf | Branch:
    value = entry.value
    if isinstance(value, Leaf):
        return replace(value, text=written)
    return Branch(value.kind, "lines", tuple(map(_silent, value.entries)), head=written)


def _silent(entry: Entry) -> Entry:
    value = entry.value
    node = (
        replace(value, text="")
        if isinstance(value, Leaf)
        else replace(value, entries=tuple(map(_silent, value.entries)), head="", foot="")
    )
    return Entry(entry.key, "", "", node)


def joined(ours: Branch, theirs: Branch, entries: Sequence[Entry]) -> Branch:
    """`ours` with `entries` (its own, and grafted ones) in place of those that it had."""
    if ours.style == "lines":
        airy = ours.airy or (not ours.compact and is_airy(theirs))
        return replace(ours, entries=_lines(replace(ours, airy=airy), entries))
    if not ours.entries and entries:
        return _refilled(ours, theirs, entries)
    return replace(ours, entries=_commas(ours, entries))


def _lines(ours: Branch, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    if ours.airy:
        return _apart(ours, entries)
    if not entries or not ours.entries or entries[0] is ours.entries[0]:
        return tuple(entries)
    if not ours.compact:
        return (entries[0] if ours.entries[0].lead.startswith("\n") else _flush(entries[0]), *entries[1:])
    old = ours.entries[0].key
    rest = [replace(e, lead=ours.indent + e.lead) if e.key == old else e for e in entries[1:]]
    return (_begun(entries[0], ours.indent), *rest)


def _apart(ours: Branch, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """A blank line on each side of a section that ours had not."""
    own = {entry.key for entry in ours.entries}
    made: list[Entry] = []
    written = ""
    for entry, before in zip(entries, [None, *entries], strict=False):
        new = entry.key not in own or (before is not None and before.key not in own)
        airy = entry_text(entry).startswith("\n")
        if new and written and not airy:
            made.append(replace(entry, lead="\n" + entry.lead))
        elif not written and airy and not text(ours).startswith(f"{ours.head}\n"):
            made.append(_flush(entry))
        else:
            made.append(entry)
        written += entry_text(entry)
    return tuple(made)


def _flush(entry: Entry) -> Entry:
    """The entry without blank lines above it."""
    if entry.lead:
        return replace(entry, lead=entry.lead.lstrip("\n"))
    return replace(entry, value=_cut(entry.value, "\n")) if not entry.opening else entry


def _begun(entry: Entry, margin: str) -> Entry:
    """The entry as the first of a compact branch: it follows a dash, so it brings no indentation."""
    if entry.lead:
        return replace(entry, lead=entry.lead.removeprefix(margin))
    return replace(entry, value=_cut(entry.value, margin))


def _cut(node: Leaf | Branch, beginning: str) -> Leaf | Branch:
    """The node without what it begins with."""
    if isinstance(node, Leaf):
        return replace(node, text=node.text.removeprefix(beginning))
    return replace(node, head=node.head.removeprefix(beginning))


def _commas(ours: Branch, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Commas between all, and one behind the last where there was one; spaces as they were."""
    trailing = ours.entries[-1].comma if ours.entries else ""
    made: list[Entry] = []
    for number, entry in enumerate(entries):
        last = number == len(entries) - 1
        comma = trailing if last else ","
        lead = entry.lead
        if not is_wide(ours):
            first_lead = ours.entries[0].lead
            lead = first_lead if number == 0 else lead if entry.key != ours.entries[0].key else " "
        made.append(replace(entry, comma=comma, lead=lead, gap=entry.gap if comma else ""))
    return tuple(made)


def _refilled(ours: Branch, theirs: Branch, entries: Sequence[Entry]) -> Branch:
    """An empty container with what theirs has, written as theirs; raises NotByKeys over a comment in ours."""
    if theirs.style != "commas" or remarks(ours.foot) - {"]", "}"}:
        raise NotByKeys("something is added to a list that holds only a comment")
    wanted = {entry.key for entry in entries}
    chosen = [entry for entry in theirs.entries if entry.key in wanted]
    return replace(theirs, head=ours.head, entries=_commas(theirs, chosen))


def swapped(mine: Entry, yours: Entry, ours: Branch, theirs: Branch, *, tail: str) -> Entry:
    """My entry with your value; `tail` is what shall follow on the line."""
    inner = mine.value, yours.value
    blocks = any(isinstance(node, Branch) and node.style == "lines" for node in inner)
    empty = any(not text(node) for node in inner)
    if not blocks and not empty:
        value = shifted(text(yours.value), theirs, ours)
        return replace(mine, value=_leaf(value, yours), tail=tail)
    if ours.style == "commas" or theirs.style == "commas":
        core = core_text(yours, theirs)
        return replace(mine, opening="", value=_leaf(shifted(core, theirs, ours), yours))
    whole = shifted(yours.opening + text(yours.value) + yours.tail, theirs, ours)
    return replace(mine, opening="", value=_leaf(whole, yours), tail="")


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries hold equal data."""
    return data(one.value) == data(other.value)
