"""Whether a release fits a version specifier; `None` where plain release numbers do not tell."""

from __future__ import annotations

import operator
import re

from mlscaffold.lazy import regex

RELEASE = regex(r"v?(?P<numbers>\d+(?:\.\d+)*)(?:\+[\w.]+)?")
CLAUSE = regex(
    r"(?P<op>===|==|>=|<=|!=|~=|=|\^|~|>|<)?\s*v?(?P<version>\d+(?:\.\d+)*)(?P<any>\.\*)?(?:\+[\w.]+)?"
)


def fits(spec: str, version: str) -> bool | None:
    """Whether `version` lies in `spec`, as pip, Poetry and conda write it; `None` where that is not told."""
    release = RELEASE.fullmatch(version.strip())
    if release is None or "@" in spec or len(spec) > 200:
        return None
    numbers = _numbers(release["numbers"])
    alternatives = [_all_of(part, numbers) for part in spec.split("||")]
    if True in alternatives:
        return True
    return None if None in alternatives else False


def _all_of(spec: str, numbers: tuple[int, ...]) -> bool | None:
    answers: list[bool | None] = []
    for part in regex(r",|(?<=[\d*])\s+(?=[<>=!~^])").split(spec):
        text = part.strip()
        if text in ("", "*"):
            continue
        clause = CLAUSE.fullmatch(text)
        answers.append(_clause(clause, numbers) if clause else None)
    if False in answers:
        return False
    return None if None in answers else True


def _clause(clause: re.Match[str], release: tuple[int, ...]) -> bool:
    asked, op = _numbers(clause["version"]), clause["op"] or "=="
    length = max(len(asked), len(release))
    have, want = release + (0,) * (length - len(release)), asked + (0,) * (length - len(asked))
    if op in ("^", "~", "~="):
        kept = {"^": _leading(asked), "~": min(len(asked), 2), "~=": len(asked) - 1}[op]
        return have >= want and have[:kept] == asked[:kept]
    if op in ("==", "===", "=", "!="):
        same = have[: len(asked)] == asked if clause["any"] else have == want
        return same is (op != "!=")
    compare = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}[op]
    return bool(compare(have, want))


def _leading(asked: tuple[int, ...]) -> int:
    """How many numbers a caret holds: up to the first that is not zero."""
    return next((i for i, number in enumerate(asked) if number), len(asked) - 1) + 1


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part[:9]) for part in text.split("."))
