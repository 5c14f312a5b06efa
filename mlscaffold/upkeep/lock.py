"""`.mlscaffold.lock`: which version of the standard each path of a repository comes from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

import yaml

from mlscaffold.errors import Stop
from mlscaffold.globs import matches
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.standing import Standing
from mlscaffold.standard import read_yaml
from mlscaffold.upkeep.answers import Answers

LOCK = ".mlscaffold.lock"
STANDARD = "mlscaffold"
SCHEMA = 1
Class = Literal["managed", "merged", "keys", "derived", "seed", "yours"]
Scope = Literal["all", "listed"]
HEAD = """\
# Which version of the standard each file here comes from. Written by mlscaffold: commit it.
# Only `declined` is for people to edit.
# After a merge conflict in this file take either side and run `mlscaffold update`.
"""


class Base(NamedTuple):
    """A version of the template, and the answers with which it was rendered."""

    version: str
    tree: str
    answers: Answers


class Kept(NamedTuple):
    """One path: how it is kept, the base that it comes from, and the id of the base's content."""

    kind: Class
    base: str
    blob: str
    source: str = ""
    """The template's path, where the repository keeps the file elsewhere."""
    mode: str = "100644"


class Declined(NamedTuple):
    """A path that the repository does not want, why, and until when."""

    reason: str
    until: datetime.date | None = None

    def holds(self, today: datetime.date) -> bool:
        """Whether it is still declined."""
        return self.until is None or today <= self.until


class Edited(NamedTuple):
    """Lines that were added to a file of somebody's own: the ids of its content before and after."""

    before: str
    after: str


class Lock(NamedTuple):
    """The state of one repository. `bases` are keyed by label; `current` is the newest one's."""

    current: str
    bases: Mapping[str, Base]
    files: Mapping[str, Kept] = {}
    declined: Mapping[str, Declined] = {}
    scope: Scope = "all"
    """Whether new files of the template arrive by themselves, or only those that somebody asked for."""
    edits: Mapping[str, tuple[Edited, ...]] = {}
    """What an adoption added to files that were there, oldest first, so that it can be taken out again."""

    @property
    def base(self) -> Base:
        """The version that the repository follows."""
        return self.bases[self.current]

    def refusal(self, path: str, today: datetime.date) -> Declined | None:
        """Why the repository does not want a path, where that still holds."""
        found = (one for pattern, one in self.declined.items() if one.holds(today) and matches(pattern, path))
        return next(found, None)


def recordable(path: str) -> bool:
    """Whether a lock can name it: YAML takes UTF-8 alone, and keys of up to 1,024 characters."""
    return len(ascii(path)) < 1000 and not any("\ud800" <= c <= "\udfff" for c in path)


def label_of(base: Base, known: Mapping[str, Base]) -> str:
    """What a base is called in the lock: its version, with a number where its answers are others."""
    name = base.version or f"unreleased-{base.tree[:12]}"
    names = (name, *(f"{name}~{number}" for number in range(2, 1000)))
    return next(label for label in names if label not in known or known[label] == base)


def written(lock: Lock) -> str:
    """The lock as text: sorted, one line a path, so that git merges it where two branches change it."""
    base = lock.base
    rows = [HEAD, _block("schema", SCHEMA), _block("standard", STANDARD), _block("current", lock.current)]
    rows += [_block("scope", lock.scope), _block("version", base.version), _block("template", base.tree)]
    rows.append(_block("answers", dict(base.answers)))
    used = {kept.base for kept in lock.files.values()} - {lock.current, ""}
    older = {
        label: {"version": b.version, "template": b.tree, "answers": dict(b.answers)}
        for label, b in sorted(lock.bases.items())
        if label in used
    }
    if older:
        rows.append(_block("older", older))
    rows += _lines("files", {path: _row(kept) for path, kept in sorted(lock.files.items())})
    rows += _lines("edits", {path: [list(e) for e in edits] for path, edits in sorted(lock.edits.items())})
    rows += _lines("declined", {path: _refusal(d) for path, d in sorted(lock.declined.items())})
    return "".join(rows)


def _block(key: str, value: Any) -> str:
    return yaml.safe_dump({key: value}, sort_keys=False, allow_unicode=True, width=10_000)


def _lines(key: str, rows: Mapping[str, Any]) -> Iterator[str]:
    if rows:
        yield f"{key}:\n"
    for path, row in rows.items():
        yield f"  {_line(path, row)}\n"


def _line(path: str, row: Any) -> str:
    flow = _flow({path: row})[1:-1]
    if flow.isprintable() and not flow.startswith("? "):
        return flow
    # a name or a reason with line breaks, or a name too long for YAML to write before its colon
    return f"{_flow(path, quoted=True)}: {_flow(row, quoted=True)}"


def _flow(value: Any, *, quoted: bool = False) -> str:
    return yaml.safe_dump(
        value,
        sort_keys=False,
        default_flow_style=True,
        default_style='"' if quoted else None,
        width=1_000_000,
        allow_unicode=not quoted,
    ).strip()


def _row(kept: Kept) -> dict[str, str]:
    mode = "" if kept.mode == "100644" else kept.mode
    row = {"class": kept.kind, "base": kept.base, "blob": kept.blob, "source": kept.source, "mode": mode}
    return {key: value for key, value in row.items() if value}


def _refusal(declined: Declined) -> dict[str, Any]:
    return {"reason": declined.reason} | ({"until": declined.until} if declined.until else {})


def lock_at(standing: Standing) -> Lock | None:
    """The lock that lies in the work tree; `None` where there is none. Raises Stop where it is broken."""
    lying = standing.seen(LOCK)
    if lying is None:
        return None
    if lying.mode in ("120000", "040000"):
        raise Stop(f"{LOCK} is a link or a folder, where a file is needed: put the file there")
    return read_lock(lying.content.decode("utf-8", "replace"))


def lock_of(standing: Standing) -> Lock:
    """The repository's lock as it lies there; raises Stop where there is none, or where it is broken."""
    found = lock_at(standing)
    if found is not None:
        return found
    if LOCK in standing.entries:
        raise Stop(f"{LOCK} is not in the work tree. Restore it: git checkout HEAD -- {LOCK}")
    raise Stop(f"{standing.root} has no {LOCK}: it follows no standard yet. Start with: mlscaffold adopt")


def read_lock(text: str) -> Lock:
    """The lock that somebody committed; raises Stop, with the line, where it is broken or not ours."""
    loaded = _loaded(text)
    if loaded.get("standard") != STANDARD:
        found = loaded.get("standard")
        raise Stop(
            f"{_at(text, 'standard')}: it follows {found!r}, which is not {STANDARD}: nothing was done."
        )
    if loaded.get("schema") != SCHEMA:
        raise Stop(f"{_at(text, 'schema')}: a newer mlscaffold wrote it. Update mlscaffold.")
    bases = {label: _base(text, b) for label, b in _table(text, loaded, "older").items()}
    current = str(loaded.get("current", ""))
    bases[current] = _base(text, loaded)
    files = {
        str(path): _kept(text, str(path), row, bases) for path, row in _table(text, loaded, "files").items()
    }
    declined = {str(p): _declined(text, str(p), row) for p, row in _table(text, loaded, "declined").items()}
    edits = {str(p): _edits(text, str(p), row) for p, row in _table(text, loaded, "edits").items()}
    scope: Scope = "listed" if loaded.get("scope") == "listed" else "all"
    return Lock(current, bases, files, declined, scope, edits)


def _loaded(text: str) -> dict[str, Any]:
    marker = next(
        (n for n, line in enumerate(text.splitlines(), 1) if line.startswith(("<<<<<<<", ">>>>>>>"))), 0
    )
    if marker:
        raise Stop(f"{LOCK}:{marker}: it holds a merge conflict. Take either side, then run it again.")
    try:
        loaded = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise Stop(f"{LOCK}{line}: it is no YAML. Restore it: git checkout HEAD -- {LOCK}") from None
    if not isinstance(loaded, dict):
        raise Stop(f"{LOCK}:1: it holds no state. Restore it: git checkout HEAD -- {LOCK}")
    return loaded


def _at(text: str, key: str) -> str:
    """`file:line` of the first line that begins with the key."""
    found = (n for n, line in enumerate(text.splitlines(), 1) if line.lstrip(" \"'").startswith(key))
    return f"{LOCK}:{next(found, 1)}"


def _table(text: str, loaded: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = loaded.get(key) or {}
    if not isinstance(value, dict):
        raise Stop(f"{_at(text, key)}: {key} must be a mapping. Restore it: git checkout HEAD -- {LOCK}")
    return value


def _base(text: str, row: Any) -> Base:
    match row:
        case {"version": str(version), "template": str(tree), "answers": dict(answers)}:
            return Base(version, tree, answers)
    raise Stop(f"{_at(text, 'version')}: a version needs version, template and answers.")


def _kept(text: str, path: str, row: Any, bases: Mapping[str, Base]) -> Kept:
    match row:
        case {"class": str(kind)} if kind in get_args(Class) and row.get("base", "") in {*bases, ""}:
            base, blob, source = (str(row.get(key, "")) for key in ("base", "blob", "source"))
            return Kept(kind, base, blob, source, str(row.get("mode", "100644")))  # type: ignore[arg-type]
    raise Stop(
        f"{_at(text, path)}: {path} needs a class ({', '.join(get_args(Class))}) and a base that is listed."
    )


def _edits(text: str, path: str, rows: Any) -> tuple[Edited, ...]:
    match rows:
        case list() if all(isinstance(row, list) and len(row) == 2 for row in rows):
            return tuple(Edited(*map(str, row)) for row in rows)
    raise Stop(
        f"{_at(text, path)}: the edits of {path} are pairs of ids. Restore it: git checkout HEAD -- {LOCK}"
    )


def _declined(text: str, path: str, row: Any) -> Declined:
    match row:
        case {"reason": str(reason)} if reason.strip():
            until = row.get("until")
            if until is None or (
                isinstance(until, datetime.date) and not isinstance(until, datetime.datetime)
            ):
                return Declined(reason, until)
    raise Stop(f"{_at(text, path)}: declining {path} needs a reason (and may have `until: 2027-06-30`).")
