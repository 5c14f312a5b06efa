"""What a step changes, as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib

from mlscaffold.edits import File
from mlscaffold.upkeep.steps import Step


def diff(step: Step) -> str:
    """The diff of one step; of a binary file only that it differs."""
    if not step.writes:
        return ""
    return between(step.moved_from or step.path, step.path, step.before, step.after)


def between(old: str, new: str, before: File | None, after: File | None) -> str:
    """The diff between two states of a file, in git's form."""
    head = [f"diff --git a/{old} b/{new}"]
    if before is None or after is None:
        mode = (after or before or File(b"")).mode
        head.append(f"{'new' if before is None else 'deleted'} file mode {mode}")
    elif before.mode != after.mode:
        head += [f"old mode {before.mode}", f"new mode {after.mode}"]
    if old != new:
        head += [f"rename from {old}", f"rename to {new}"]
    if any(file and b"\0" in file.content for file in (before, after)):
        return "\n".join([*head, f"Binary files a/{old} and b/{new} differ"]) + "\n"
    names = ("/dev/null" if before is None else f"a/{old}", "/dev/null" if after is None else f"b/{new}")
    body = "".join(difflib.unified_diff(_lines(before), _lines(after), *names))
    return "\n".join(head) + "\n" + body


def _lines(file: File | None) -> list[str]:
    text = file.content.decode("utf-8", "replace") if file else ""
    lines = text.split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return [*whole, f"{lines[-1]}\n\\ No newline at end of file\n"] if lines[-1] else whole
