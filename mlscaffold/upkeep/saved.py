"""A plan as JSON and back: what `--format json` prints is what `--apply` takes."""

from __future__ import annotations

import base64
import json
from typing import Any

from mlscaffold.edits import Change, File, State
from mlscaffold.errors import Stop
from mlscaffold.upkeep.changes import joined, lock_after
from mlscaffold.upkeep.diff import diff
from mlscaffold.upkeep.lock import LOCK, read_lock
from mlscaffold.upkeep.plan import Questions
from mlscaffold.upkeep.steps import Plan, Step

SCHEMA = 1


def document(plan: Plan) -> dict[str, Any]:
    """The plan with every step, its diff, both sides of each conflict, and the new lock."""
    return {
        "schema": SCHEMA,
        "title": plan.title,
        "commit": plan.commit,
        "from": plan.before,
        "to": plan.after,
        "answers": [change._asdict() for change in plan.changes],
        "steps": [_step(step) for step in plan.steps],
        "lock": {"before": _state(plan.lock_before), "text": lock_after(plan).content.decode()},
    }


def questions(found: Questions) -> dict[str, Any]:
    """What must be answered before there is a plan."""
    return {"schema": SCHEMA, "questions": [one._asdict() for one in found.refused]}


def _step(step: Step) -> dict[str, Any]:
    row: dict[str, Any] = {"path": step.path, "fate": step.fate, "class": step.kind, "why": step.why}
    row |= {name: value for name in ("moved_from", "followed", "source") if (value := getattr(step, name))}
    if step.writes:
        row |= {"before": _state(step.before), "after": _file(step.after), "diff": diff(step)}
    if step.clashes:
        row["conflicts"] = [clash._asdict() for clash in step.clashes]
    if step.command:
        row["command"] = list(step.command)
    return row


def _state(file: File | None) -> dict[str, str] | None:
    return file and file.state._asdict()


def _file(file: File | None) -> dict[str, str] | None:
    if file is None:
        return None
    try:
        return {"mode": file.mode, "text": file.content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"mode": file.mode, "base64": base64.b64encode(file.content).decode()}


def changes(loaded: Any) -> list[Change]:
    """The changes that a saved plan asks for, the lock's among them; raises Stop where it is no plan."""
    match loaded:
        case {"schema": 1, "steps": list(steps), "lock": {"before": before, "text": str(text)}}:
            read_lock(text)
            found = [*joined(change for step in steps if "after" in step for change in _changes(step))]
            new = File(text.encode())
            return (
                found if before == new.state._asdict() else [*found, Change(LOCK, _read_state(before), new)]
            )
        case {"schema": 1, "questions": _}:
            raise Stop("the file holds questions, and no plan: answer them with --data, and plan again")
    raise Stop("the file holds no plan that this version of mlscaffold can read: make one with --format json")


def _changes(step: dict[str, Any]) -> list[Change]:
    try:
        before, after = _read_state(step["before"]), _read_file(step["after"])
        if "moved_from" in step:
            return [Change(step["moved_from"], before, None), Change(step["path"], None, after)]
        return [Change(step["path"], before, after)]
    except (KeyError, TypeError, ValueError) as error:
        raise Stop(f"the plan's step {step.get('path')!r} cannot be read ({error}): plan again") from None


def _read_state(row: dict[str, str] | None) -> State | None:
    return None if row is None else State(str(row["oid"]), str(row["mode"]))


def _read_file(row: dict[str, str] | None) -> File | None:
    if row is None:
        return None
    content = row["text"].encode() if "text" in row else base64.b64decode(row["base64"], validate=True)
    return File(content, row["mode"])


def dumped(value: dict[str, Any]) -> str:
    """The document as text; a path that is no UTF-8 keeps its surrogate escapes."""
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
