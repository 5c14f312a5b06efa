"""Scaling in Scala and Java that has seen rows which are held back only afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.leakage_flow import HELD, TRAINING
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.jvm import given, root
from mlscaffold.repo.training.jvm_data import snake
from mlscaffold.repo.training.jvm_runs import made_as, modules_of_runs
from mlscaffold.repo.training.r_and_julia import Script
from mlscaffold.repo.training.r_leakage import Early

LEARNING = regex(
    r"\b(?:StandardScaler|MinMaxScaler|MaxAbsScaler|RobustScaler|Imputer|PCA|ChiSqSelector|UnivariateFeatureSelector"
    r"|VarianceThresholdSelector|QuantileDiscretizer|IDF|NormalizerStandardize|NormalizerMinMaxScaler"
    r"|ImagePreProcessingScaler|MultiNormalizer\w+|VectorIndexer)\b"
)
"""Steps of Spark and DL4J that learn from the rows; what only numbers labels is none."""

SCALES_PIXELS = "ImagePreProcessingScaler"
"""Divides by a constant, whatever it is fitted on."""

FIT = regex(r"\.\s*(?:fit|fitLabel)\s*\(")
SPLIT = regex(r"\b(?P<of>\w+)\s*\.\s*(?:randomSplit|splitTestAndTrain)\s*\(")
ASSIGNED = regex(
    r"(?:\bval|\bvar|[\w>\]]\s)\s*(?P<to>\w+)\s*(?::[^=\n]{1,60})?=(?!=)\s*(?P<value>[^;\n]+(?:\n\s*\.[^;\n]+)*)"
)
WORD = regex(r"(?<![\w.])[A-Za-z]\w*")


def scaled_early(repo: Repo) -> Iterator[Early]:
    """Every such step, source by source."""
    for module in modules_of_runs(repo):
        if LEARNING.search(module.script.code) and SPLIT.search(module.script.code):
            yield from _in_script(module.script)


def _in_script(script: Script) -> Iterator[Early]:
    """A fit counts where the rows, or what is made of them, are split further down the same function."""
    code = script.code
    for hit in FIT.finditer(code):
        step, rows = _step(code, hit.start()), given(code, hit.end())
        if not step or len(rows) != 1 or not rows[0].isidentifier() or _half(rows[0]):
            continue
        end = _function_end(code, hit.end())
        line = code.rfind("\n", 0, hit.start()) + 1
        carried = {rows[0], *_made_of(code, line, end, rows[0])}
        for split in SPLIT.finditer(code, hit.end(), end):
            if split["of"] in carried:
                yield Early(script.spot(code, hit.start()), step, script.spot(code, split.start()))
                break


def _step(code: str, at: int) -> str:
    """The class of the step whose fit stands at `at`; empty where it learns nothing from the rows."""
    name, made = root(code, at)
    found = LEARNING.search(name if made else made_as(code, name))
    return found[0] if found and found[0] != SCALES_PIXELS else ""


def _made_of(code: str, start: int, end: int, rows: str) -> Iterator[str]:
    """The variables that are made of what was fitted on, as the lines follow each other."""
    known = {rows}
    for hit in ASSIGNED.finditer(code, start, end):
        if not known.isdisjoint(WORD.findall(hit["value"])) and not _half(hit["to"]):
            known.add(hit["to"])
            yield hit["to"]


def _half(name: str) -> bool:
    return bool(HELD.search(snake(name)) or TRAINING.search(snake(name)))


def _function_end(code: str, start: int) -> int:
    """Where the block around `start` ends."""
    depth = 0
    for position in range(start, len(code)):
        depth += (code[position] == "{") - (code[position] == "}")
        if depth < 0:
            return position
    return len(code)
