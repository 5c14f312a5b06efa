"""The decision for each key of three trees: ours, theirs, or a conflict that keeps ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.keys.graft import grafted, is_wide, joined, same, swapped
from mlscaffold.upkeep.keys.identity import GROWS
from mlscaffold.upkeep.keys.items import drifted, rewritten, told_apart
from mlscaffold.upkeep.keys.outcome import Ledger
from mlscaffold.upkeep.keys.tree import (
    Branch,
    Entry,
    Leaf,
    Node,
    comments,
    data,
    entry_comments,
    entry_text,
    keyed,
    place,
    remarks,
    text,
)


class Three(NamedTuple):
    """One key in three versions (base may lack it), with the branches that it stands in."""

    path: str
    old: Entry | None
    mine: Entry
    yours: Entry
    ours: Branch
    theirs: Branch


def merged(path: str, base: Branch | None, ours: Branch, theirs: Branch, ledger: Ledger) -> Branch:
    """`ours` with what `theirs` changed since `base`."""
    base, ours, theirs = told_apart(base, ours, theirs)
    old = keyed(base.entries) if base else {}
    mine = keyed(ours.entries, old)
    yours = keyed(theirs.entries, old or mine)
    stands_for = drifted(path, mine, yours) if ledger.restoring and ours.kind == "set" else {}
    yours = {stands_for.get(key, key): entry for key, entry in yours.items()}
    kept: dict[str, Entry] = {}
    for key, entry in mine.items():
        where = place(path, ours.kind, key)
        if key in yours:
            kept[key] = decided(Three(where, old.get(key), entry, yours[key], ours, theirs), ledger)
        elif stays(where, old.get(key), entry, ledger):
            kept[key] = entry
    fresh: dict[str, Entry] = {}
    twice = rewritten(path, old, mine, yours) if ours.kind == "set" else {}
    for key in [key for key in yours if key not in mine]:
        if key in twice:
            before, added = twice[key]
            ledger.clash(place(path, ours.kind, before), old[before], mine[added], yours[key])
        elif is_new(place(path, theirs.kind, key), old.get(key), yours[key], ledger):
            fresh[key] = grafted(yours[key], theirs, ours)
    order = ordered(kept, fresh, yours)
    if ours.kind == "set" and ours.style == "lines" and not ours.indent:
        order = by_group(order, kept, {key: yours[key] for key in fresh})
    if order == list(mine) and all(kept[key] is mine[key] for key in order):
        made = ours
    else:
        made = joined(ours, theirs, [(kept | fresh)[key] for key in order])
    edges = edged(base, made, theirs)
    if edges is not made:
        ledger.taken.append(path or "#")
    return edges


def stays(path: str, old: Entry | None, mine: Entry, ledger: Ledger) -> bool:
    """Whether my entry stays where theirs has none: it goes if they removed it and I never touched it."""
    if old is None or ledger.owns(path):
        return True
    untouched = plain(path, old.value, ledger) == plain(path, mine.value, ledger)
    if untouched and entry_comments(mine) <= entry_comments(old):
        ledger.taken.append(path)
        return False
    ledger.clash(path, old, mine, None)
    return True


def is_new(path: str, old: Entry | None, yours: Entry, ledger: Ledger) -> bool:
    """Whether an entry that I lack is new in theirs; a conflict where I removed what they changed."""
    if old is None:
        ledger.taken.append(path)
    elif not ledger.owns(path) and plain(path, old.value, ledger) != plain(path, yours.value, ledger):
        ledger.clash(path, old, None, yours)
    return old is None


def plain(path: str, node: Node, ledger: Ledger) -> object:
    """What the node means, without what other tools own."""
    if isinstance(node, Leaf) or not ledger.owned or node.kind == "list":
        return data(node)
    inside = {key: (place(path, node.kind, key), entry) for key, entry in keyed(node.entries).items()}
    return {key: plain(at, entry.value, ledger) for key, (at, entry) in inside.items() if not ledger.owns(at)}


def decided(three: Three, ledger: Ledger) -> Entry:
    """My entry as it shall be."""
    old, mine, yours = three.old, three.mine, three.yours
    if ledger.owns(three.path):
        return mine
    if isinstance(mine.value, Branch) and isinstance(yours.value, Branch) and is_joint(three, ledger):
        return descended(three, mine.value, yours.value, ledger)
    if old is None:
        return without_base(three, ledger)
    if same(mine, yours) or same(old, yours):
        return commented(three, old, ledger)
    if same(old, mine):
        return replaced(three, old, ledger)
    ledger.clash(three.path, old, mine, yours)
    return mine


def without_base(three: Three, ledger: Ledger) -> Entry:
    """My entry where both have one and nobody knows what it was before."""
    mine, yours = three.mine, three.yours
    if same(mine, yours):
        return mine
    if ledger.restoring:
        ledger.taken.append(three.path)
        return swapped(mine, yours, three.ours, three.theirs, tail=mine.tail)
    ledger.clash(three.path, None, mine, yours)
    return mine


def is_joint(three: Three, ledger: Ledger) -> bool:
    """Whether two branches are merged key by key."""
    one, other = three.mine.value, three.yours.value
    if isinstance(one, Leaf) or isinstance(other, Leaf) or one.kind != other.kind or one.kind == "list":
        return False
    if not one.entries and one.style != other.style:
        return False
    if one.kind == "table":
        return True
    if three.old is None:
        return ledger.restoring or not ledger.adopting or bool(GROWS.search(three.path))
    shared = {entry.key for entry in one.entries} & {entry.key for entry in other.entries}
    first, second = ([e.key for e in branch.entries if e.key in shared] for branch in (one, other))
    reordered = first != second
    return bool(ledger.owned) or not reordered or text(three.old.value) != text(one)


def descended(three: Three, ours: Branch, theirs: Branch, ledger: Ledger) -> Entry:
    """My entry with its table or set merged."""
    old, mine = three.old, three.mine
    common = old.value if old and isinstance(old.value, Branch) and old.value.kind == ours.kind else None
    before = len(ledger.taken)
    inner = merged(three.path, common, ours, theirs, ledger)
    if old and ours.entries and not inner.entries:
        del ledger.taken[before:]
        return replaced(three, old, ledger)
    if inner is not ours:
        three = three._replace(mine=replace(mine, value=inner))
    return commented(three, old, ledger) if old else three.mine


def replaced(three: Three, old: Entry, ledger: Ledger) -> Entry:
    """My entry with your value; a conflict where a comment of mine would go with the old one."""
    noted = commented(three, old, ledger)
    made = swapped(noted, three.yours, three.ours, three.theirs, tail=noted.tail)
    written = entry_text(made)
    if any(comment not in written for comment in entry_comments(three.mine) - entry_comments(old)):
        ledger.clash(three.path, old, three.mine, three.yours)
        return three.mine
    ledger.taken.append(three.path)
    return made


def commented(three: Three, old: Entry, ledger: Ledger) -> Entry:
    """My entry with your comments, where you changed those that I left as they were."""
    mine, yours, ours = three.mine, three.yours, three.ours
    made = mine
    roomy = ours.style == "lines" or is_wide(ours)
    if changed(old.lead, mine.lead, yours.lead) and roomy and (mine.lead or not ours.compact):
        margin = mine.lead.rpartition("\n")[2]
        above = yours.lead[: yours.lead.rfind("\n") + 1]
        made = replace(made, lead=realigned(above, margin) + margin)
    if changed(old.tail, mine.tail, yours.tail) and roomy:
        made = replace(made, tail=yours.tail)
    if made is not mine:
        ledger.taken.append(three.path)
    return made


def changed(old: str, mine: str, yours: str) -> bool:
    """Whether only theirs changed what this text says."""
    return remarks(old) == remarks(mine) != remarks(yours)


def realigned(lines: str, margin: str) -> str:
    """Comment lines that begin where `margin` ends."""
    return "\n".join(margin + line.lstrip() if line.strip() else line for line in lines.split("\n"))


def ordered(kept: Iterable[str], fresh: Iterable[str], yours: Iterable[str]) -> list[str]:
    """My order, with each addition behind the neighbour that it follows in theirs."""
    stays, added = list(kept), set(fresh)
    known = set(stays)
    following: dict[str | None, list[str]] = {}
    neighbour: str | None = None
    first: str | None = None
    for key in yours:
        if key in added:
            following.setdefault(neighbour, []).append(key)
        elif key in known:
            neighbour = key
            first = first or key
    ahead = following.pop(None, [])
    order: list[str] = []
    for key in stays:
        order += [*(ahead if key == first else []), key, *following.get(key, [])]
    return order if first else order + ahead


def by_group(order: list[str], kept: Mapping[str, Entry], fresh: Mapping[str, Entry]) -> list[str]:
    """The order with additions that begin a group of lines moved behind the group that they fell into."""
    made: list[str] = []
    waiting: list[str] = []
    for key in order:
        entry = fresh.get(key) or kept[key]
        heads = bool(entry.lead.strip(" \t"))
        if key in fresh and (waiting or (heads and made)):
            waiting.append(key)
            continue
        if heads:
            made += waiting
            waiting = []
        made.append(key)
    return made + waiting


def edged(base: Branch | None, ours: Branch, theirs: Branch) -> Branch:
    """The branch with theirs' comments at its end (and above the file), where ours are base's."""
    if base is None or {ours.style, theirs.style, base.style} != {"lines"}:
        return ours
    made = ours
    new = remarks(theirs.foot) - remarks(base.foot)
    if changed(base.foot, ours.foot, theirs.foot) and not (new and new <= comments(ours)):
        made = replace(made, foot=realigned(theirs.foot, ours.indent))
    if changed(base.head, ours.head, theirs.head) and comments(ours) >= remarks(ours.head):
        made = replace(made, head=theirs.head)
    return made
