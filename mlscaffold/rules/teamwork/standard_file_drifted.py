"""TEAM120: a file of the standard that is gone or was changed, without a decision that says so."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Command, blob_id
from mlscaffold.globs import matches
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.standard_lock import LOCK, Governed, follows_no_standard, governed, refusals
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.standard import Standard

EXPECTED = ("managed", "merged", "keys")
"""Seeds are written once, derived files are made by commands, and what was there before is nobody's."""
WHY = "takes the template's word back at this path; git keeps what was there"


@rule("TEAM120", level="collaboration", since="1.0", when=follows_no_standard)
def standard_file_drifted(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """What the template keeps for itself is as it wrote it, and what it brought is there or declined."""
    files = [one for one in governed(repo) if one.kind in EXPECTED]
    if not files and not governed(repo) and repo.text(LOCK) and "\nfiles:" in (repo.text(LOCK) or ""):
        yield Unknown("the files that it lists cannot be read", LOCK)
        return
    today = repo.asked.today
    for past in (one for one in refusals(repo) if today and one.until and one.until < today):
        message = f"{past.path} was declined until {past.until}: decide again, or take it back"
        yield Finding(LOCK, message, past.line, key=f"declined {past.path}")
    wrong = [finding for one in files if (finding := _wrong(repo, one))]
    yield from wrong
    if files and not wrong:
        yield Satisfied(
            LOCK, by=f"{len(files)} files that are as the template left them, or yours on purpose"
        )


def _wrong(repo: Repo, one: Governed) -> Finding | None:
    if any(matches(refusal.path, one.path) for refusal in refusals(repo)):
        return None
    fix = Command(("mlscaffold", "fix", "--path", one.path), WHY)
    if one.path not in repo.files:
        message = f"{one.path} came with the standard and is gone: take it back, or decline it with a reason"
        return Finding(LOCK, message, one.line, fix=fix, key=f"gone {one.path}")
    raw = repo.raw(one.path)
    if one.kind != "managed" or raw is None or blob_id(raw.replace(b"\r\n", b"\n")) == one.blob:
        return None
    message = (
        f"it differs from what the standard {one.base} keeps for itself: `mlscaffold drift --diff` shows how"
    )
    return Finding(one.path, message, fix=fix, key="differs")
