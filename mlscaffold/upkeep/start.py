"""The state of a repository that a version of the template has just made."""

from __future__ import annotations

from mlscaffold.upkeep.answers import Answers
from mlscaffold.upkeep.keeping import keeping
from mlscaffold.upkeep.lock import Base, Kept, Lock, label_of
from mlscaffold.upkeep.template import Files, Template


def started(template: Template, answers: Answers, made: Files) -> Lock:
    """The lock in which every file of `made` comes from this version."""
    base = Base(template.version, template.tree, answers)
    label, how = label_of(base, {}), keeping(template)
    files = {path: Kept(how.kind(path), label, file.oid, mode=file.mode) for path, file in made.items()}
    return Lock(label, {label: base}, files)
