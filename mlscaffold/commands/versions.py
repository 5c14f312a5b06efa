"""The versions of the template that a command works with: the one that is asked for, and those of a lock."""

from __future__ import annotations

from mlscaffold.upkeep.history import History, carried
from mlscaffold.upkeep.lock import Base
from mlscaffold.upkeep.template import Template


def template_of(version: str) -> Template:
    """The template of a released version, or the one that this mlscaffold carries."""
    return History().template(version) if version else carried()


def origin(base: Base) -> Template | None:
    """The template of a lock's base, where this mlscaffold still has it."""
    if carried().tree == base.tree:
        return carried()
    past = History()
    return past.template(base.version) if base.version in past.versions() else None
