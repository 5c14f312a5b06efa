"""Rows that a source tells apart by itself to train and to evaluate: by slices, masks, channels or lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import training_first

FIRST = rb"^[ \t]*+(?:\"[ \t]*+)?"
"""How a line of a source begins, and of a notebook."""

BEFORE = rb"(?:x_|X_|y_|df_|ds_|data_|idx_)?"
AFTER = rb"(?:_?(?:set|data|df|ds|rows|idx|indices|ids|files|samples|x|y))?"
TRAIN = BEFORE + rb"(?:train(?:ing)?|trn|tr)" + AFTER
HELD = BEFORE + rb"(?:test|val|valid|validation|dev|holdout|tst|te|va)" + AFTER
SOME_ROWS = (
    rb"[ \t]*=[ \t]*(?:[\w.]+(?:\.i?loc)?\["
    rb"|[\w.]+\.(?:query|sample|drop|take|skip|filter|where|select|shard|head|tail)\("
    rb"|(?:[\w.]+\.)?(?:Subset|SubsetRandomSampler|load_dataset|read_\w+)\()"
)
ONE = regex(FIRST + TRAIN + SOME_ROWS, re.M)
OTHER = regex(FIRST + HELD + SOME_ROWS, re.M)
NEAR = 400
"""As many characters may stand between the two."""

MORE = rb"[ \t]*+(?:\w+,[ \t]*){0,2}?"
MADE = rb"(?:split|(?<!re)partition|divide|load|get|read|prepare|data)"
TOGETHER = regex(
    FIRST + rb"\(?" + MORE + TRAIN + rb"," + MORE + HELD + rb"(?:,[ \t]*\w+){0,3}\)?"
    rb"[ \t]*=[ \t]*(?:[\w.]+\.)?\w*" + MADE + rb"\w*\(",
    re.M,
)  # fmt: skip
FILLED = regex(FIRST + TRAIN + rb"\.(?:append|extend|add)\(", re.M)
FILLED_TOO = regex(FIRST + HELD + rb"\.(?:append|extend|add)\(", re.M)
CHANNEL = regex(rb"\bSM_CHANNEL_(?:TEST|VAL|VALID|VALIDATION|EVAL)\w*|\bAIP_(?:VALIDATION|TEST)_DATA_URI\b")
ARTIFACT = regex(
    FIRST + rb"(?:def \w+\([^\n]*?)?\b\w*(?:test|valid|validation|eval)\w*[ \t]*:"
    rb"[ \t]*(?:dsl\.|kfp\.)?(?:Output|Input|OutputPath|InputPath)[\[(]",
    re.M,
)
SLICED = regex(rb"[\"'](?P<of>\w+)\[\d+%?:\d*%?\][\"']")
SLICED_BEFORE = regex(rb"[\"'](?P<of>\w+)\[:\d+%?\][\"']")


def parted(repo: Repo) -> Iterator[tuple[Spot, str]]:
    """Each place, and what stands there."""
    for source in training_first(repo):
        raw = repo.raw(source.path) or b""
        for hit in _signs(raw):
            name = hit[0].strip().split(b"=")[0].decode("utf-8", "replace").strip(" \t\"'([.:")
            yield source.spot(raw.count(b"\n", 0, hit.end()) + 1), name


def _signs(raw: bytes) -> Iterator[re.Match[bytes]]:
    yield from CHANNEL.finditer(raw)
    yield from ARTIFACT.finditer(raw)
    yield from TOGETHER.finditer(raw)
    yield from _close(ONE, OTHER, raw)
    yield from _close(FILLED, FILLED_TOO, raw)
    before = {hit["of"] for hit in SLICED_BEFORE.finditer(raw)}
    yield from (hit for hit in SLICED.finditer(raw) if hit["of"] in before)


def _close(one: re.Pattern[bytes], other: re.Pattern[bytes], raw: bytes) -> Iterator[re.Match[bytes]]:
    """The second of each two that stand near each other."""
    places = [hit.start() for hit in one.finditer(raw)]
    for hit in other.finditer(raw) if places else ():
        if any(abs(hit.start() - place) < NEAR for place in places):
            yield hit
