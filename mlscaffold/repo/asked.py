"""What an audit knows beside the tree: its date, and what became of the ignores of the configuration."""

from __future__ import annotations

import datetime
from typing import Literal

from mlscaffold.named import NamedTuple

State = Literal["used", "expired", "idle", "untold"]


class Accepted(NamedTuple):
    """One `ignore` of the configuration, in its order, and whether it still does anything.

    `idle` means that the rules it names were asked and found nothing there; `untold` that they were not
    asked, do not apply here yet, or could not tell.
    """

    code: str
    reason: str
    paths: tuple[str, ...]
    until: datetime.date | None
    state: State


class Asked(NamedTuple):
    """Rules have no clock and do not see each other: what they may know of both comes with the question."""

    today: datetime.date | None = None
    source: str = ""
    """The configuration's file; empty where there is none."""
    accepted: tuple[Accepted, ...] = ()
