"""What becomes of a file that a command makes from others: taken, made anew, or left until they settle."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mlscaffold.upkeep.decide import step
from mlscaffold.upkeep.keeping import Made
from mlscaffold.upkeep.rows import Row
from mlscaffold.upkeep.steps import ASKS, Step


def derived(row: Row, made: Made, others: Mapping[str, Step], left: Collection[str]) -> Step | None:
    """The step of a derived file that cannot be taken as the template has it; `None` where it can.

    `others` are the steps of all files by the template's path, as the work tree allows them; `left` are the
    files that the template changed too and that this update leaves alone.
    """
    sources = [others[source] for source in made.sources if source in others]
    waiting = [s for s in made.sources if s in left] + [one.path for one in sources if one.fate in ASKS]
    own = [one.path for one in sources if one.fate == "merge"]
    stale = row.kept is not None and row.ours is not None and not (row.unchanged or row.untouched)
    if row.theirs is None or row.ours is None:
        return None
    if waiting and not row.unchanged:
        # were it taken for done, nobody would be told to make it once its source is settled
        return step(row, "blocked", f"it is made from {', '.join(waiting)}: settle that first")
    if not (own or stale):
        return None
    cause = ", ".join(own) or "the template"
    return step(row, "regenerate", f"{cause} changed")._replace(command=made.command)
