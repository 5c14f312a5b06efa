"""The obstacles to each level of reproducibility in the text report."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.report.results import View

LEVELS = {
    1: "same machine, same result",
    2: "other machines",
    3: "statistically the same",
    4: "an independent implementation",
}
TITLE = "Obstacles to reproducibility"
PROOF = "only a run shows that a level is reached"


def levels(view: View) -> Iterator[str]:
    """A line for each level, below a title that says what they are no proof of."""
    terminal = view.terminal
    title = TITLE + (" among the selected rules" if view.report.config.select else "")
    first, *rest = terminal.wrap(f"{title} · {PROOF}", "")
    yield terminal.paint(title, "bold") + first[len(title) :]
    yield from rest
    for level, meaning in LEVELS.items():
        yield from terminal.wrap(f"level {level}, {meaning}: {_state(view, level)}", "  ", "  ")


def _state(view: View, level: int) -> str:
    """The obstacles to one level, and what could not be told; a level that no rule looked at says so."""
    found: dict[str, list[str]] = {}
    for result in view.report.results:
        if result.rule.level == level:
            found.setdefault(result.outcome, []).append(result.rule.code)
    wrong = ("failed", "baselined")
    obstacles = [r.rule.code for r in view.report.results if r.rule.level == level and r.outcome in wrong]
    untold = [*found.get("unknown", []), *found.get("blocked", [])]
    looked = obstacles or found.keys() & {"passed", "open", "suppressed"}
    state = " ".join(obstacles) if obstacles else "none found" if looked else "not checked"
    if not untold or (obstacles and not view.whole):
        return state
    return f"{state}; cannot tell {' '.join(untold) if view.everything else _more(untold, obstacles)}"


def _more(untold: list[str], obstacles: list[str]) -> str:
    """The only one by its code, and how many where there are several."""
    return untold[0] if len(untold) == 1 else f"{len(untold)} {'more' if obstacles else 'practices'}"
