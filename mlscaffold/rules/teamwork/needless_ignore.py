"""TEAM116: an ignored finding past its date, matching nothing, or without a reason that says anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.lazy import regex
from mlscaffold.repo.asked import Accepted
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, rule
from mlscaffold.standard import Standard

NO_REASON = regex(
    r"\W*(?:to-?do|fix-?me|tbd|wip|later|temp(?:orary)?|ignored?|n/?a|none|reasons?|because|xxx"
    r"|false positive)?\W*",
    re.I,
)
OWN = "TEAM116"


def ignores_something(repo: Repo) -> str | None:
    """An entry of the configuration itself; what one command line leaves out is nobody's debt."""
    return None if _entries(repo) else "the configuration ignores no finding"


def _entries(repo: Repo) -> list[tuple[int, Accepted]]:
    return [(i, entry) for i, entry in enumerate(repo.asked.accepted) if not OWN.startswith(entry.code)]


@rule(OWN, level="collaboration", since="1.0", when=ignores_something, last=True)
def needless_ignore(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Each entry still hides something, until a day to come, for a reason that people can weigh."""
    from mlscaffold.repo.ignore_entries import spans, without

    source = repo.asked.source
    text = repo.text(source) or ""
    places = spans(text)
    known = len(places) == len(repo.asked.accepted)
    gone = {i for i, entry in _entries(repo) if entry.state in ("expired", "idle")}
    for index, entry in _entries(repo):
        line = places[index].first if known else _written(text, entry.code)
        if wrong := _wrong(entry):
            after = without(text, gone) if index in gone else None
            fix = None if after is None else Edit(source, after)
            yield Finding(source, wrong, line, fix=fix, key=f"{entry.code} {' '.join(entry.paths)}")
        elif entry.state == "used":
            yield Satisfied(source, by=f"the reason for {entry.code}")


def _wrong(entry: Accepted) -> str:
    where = f" in {', '.join(entry.paths)}" if entry.paths else ""
    if entry.state == "expired":
        return (
            f"the ignore of {entry.code}{where} ended on {entry.until}: mend what it hid, or set a new date"
        )
    if entry.state == "idle":
        return f"the ignore of {entry.code}{where} matches nothing: remove it"
    if NO_REASON.fullmatch(entry.reason):
        return f"the ignore of {entry.code}{where} has no reason: say why the finding is acceptable here"
    return ""


def _written(text: str, code: str) -> int | None:
    found = re.search(rf"^[^#\n]*[\"']{re.escape(code)}[\"']", text, re.M)
    return text.count("\n", 0, found.end()) + 1 if found else None
