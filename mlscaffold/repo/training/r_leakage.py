"""Scaling in R and Julia that has seen rows which are held back only afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.leakage_flow import HELD, TRAINING
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.r_and_julia import Script, scripts

NAME = r"[A-Za-z][\w.]*"
ASSIGNED = regex(
    rf"^[ \t]*(?P<to>{NAME})(?P<part>\$[\w.]+|\[[^\n]{{0,60}}?\])?[ \t]*(?:<-|=)(?!=)[ \t]*(?P<value>[^\n]*)"
)
SCALED = regex(
    rf"(?:^|\()[ \t]*(?:base::)?(?P<step>scale)[ \t]*\([ \t]*(?:x[ \t]*=[ \t]*)?(?P<of>{NAME})"
    rf"|^(?:caret::)?(?P<fitted>preProcess)[ \t]*\([ \t]*(?:x[ \t]*=[ \t]*)?(?P<on>{NAME})"
    rf"|[ls]?apply[ \t]*\([ \t]*(?P<each>{NAME})\b[^\n]{{0,60}}?,"
    r"[ \t]*(?P<by>scale|normali[sz]e|rescale|min_?max)\b"
)
STEPS = regex(r"\bscale|preProcess|normali[sz]e|min_?max")
SCALED_IN_JULIA = regex(
    rf"\([ \t]*(?P<of>{NAME})[ \t]*\.-[ \t]*(?:\w+\.)?(?P<step>mean|minimum)\([ \t]*(?P=of)\b[^\n]*\./"
    r"|\b(?:standardize|fit)\([ \t]*(?:\w+\.)?(?P<fitted>ZScoreTransform|UnitRangeTransform)"
    rf"[ \t]*,[ \t]*(?P<on>{NAME})"
    rf"|\bmachine\([ \t]*(?P<by>Standardizer)\(\)[ \t]*,[ \t]*(?P<each>{NAME})"
)
STEPS_OF_JULIA = regex(r"\.-[^\n]*\./|ZScoreTransform|UnitRangeTransform|Standardizer")
SPLITS_OF_JULIA = regex(r"(?<![\w.])(?:\w+\.)?(?:splitobs|stratifiedobs|partition|kfolds)\((?P<of>[^\n]*)")
SPLITS = regex(
    r"(?<![\w.$])(?:createDataPartition|createFolds|sample\.split|initial_split|initial_time_split|vfold_cv)"
    rf"[ \t]*\([ \t]*(?:\w+[ \t]*=[ \t]*)?(?P<of>{NAME})"
)
ROWS = regex(
    rf"^(?:subset|filter|dplyr::filter)[ \t]*\([ \t]*(?P<of>{NAME})|^(?P<from>{NAME})[ \t]*\[[^\],]+,"
)
"""Some rows of a table, taken out by an index or a condition."""

WORD = regex(rf"(?<![\w.$]){NAME}")


class Early(NamedTuple):
    """A step that scaled rows before they were told apart: its place, its name, and where the split is."""

    spot: Spot
    step: str
    split: Spot


def scaled_early(repo: Repo) -> Iterator[Early]:
    """Every such step, script by script."""
    for script in scripts(repo):
        if (STEPS if script.language == "R" else STEPS_OF_JULIA).search(script.code):
            yield from _in_script(script)


def _in_script(script: Script) -> Iterator[Early]:
    """Follow the tables through the lines: what holds a scaled column is marked until it is split."""
    marked: dict[str, dict[int, str]] = {}
    for number, line in enumerate(script.code.split("\n"), 1):
        assigned = ASSIGNED.match(line)
        value = assigned["value"] if assigned else line
        if split := _split(script, value, assigned["to"] if assigned else ""):
            for at, step in {at: step for name in split for at, step in marked.pop(name, {}).items()}.items():
                yield Early(script.source.spot(at), step, script.source.spot(number))
        elif assigned and not _half(assigned["to"]):
            known = {at: step for word in WORD.findall(value) for at, step in marked.get(word, {}).items()}
            if scaled := _scaled(script, value):
                known[number] = scaled
            if assigned["part"]:
                known |= marked.get(assigned["to"], {})
            marked[assigned["to"]] = known


def _split(script: Script, value: str, to: str) -> tuple[str, ...]:
    """The tables whose rows a line tells apart."""
    if script.language != "R":
        hit = SPLITS_OF_JULIA.search(value)
        return tuple(WORD.findall(hit["of"])) if hit else ()
    if hit := SPLITS.search(value):
        return (hit["of"],)
    rows = ROWS.match(value) if HELD.search(to.replace(".", "_")) or TRAINING.search(to) else None
    return (rows["of"] or rows["from"],) if rows else ()


def _scaled(script: Script, value: str) -> str:
    hit = (SCALED if script.language == "R" else SCALED_IN_JULIA).search(value)
    if hit is None or _half(hit["of"] or hit["on"] or hit["each"]):
        return ""
    return str(hit["step"] or hit["fitted"] or hit["by"])


def _half(name: str) -> bool:
    return bool(HELD.search(name.replace(".", "_")) or TRAINING.search(name))
