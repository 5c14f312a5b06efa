"""The commits of a repository that a history is told by: its tags, or one for each month, week or so many."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.named import NamedTuple
from mlscaffold.repo.trees.git import Git, repository_above

MOST = 60
"""As many revisions are told; older ones are counted."""

TAGS = ("%(refname:strip=2)", "%(objecttype)", "%(objectname)", "%(*objecttype)", "%(*objectname)")
Row = tuple[str, str]
"""The hash of a commit and its date."""


class Revision(NamedTuple):
    """One commit: what people call it, its hash, and its date as year-month-day."""

    name: str
    commit: str
    date: str


class History(NamedTuple):
    """Revisions, oldest first and HEAD last, and how many older ones are left out."""

    revisions: tuple[Revision, ...]
    left_out: int


def history(path: str | Path, every: str = "tag") -> History:
    """By `every`: `tag`, `month`, `week`, or a number of commits. HEAD must be a commit."""
    where = repository_above(Path(path).resolve())
    if where is None:
        raise Stop(f"{path} is in no git repository and has no history")
    git = Git(where)
    rows = _commits(git)
    found = list(_tags(git) if every == "tag" else _chosen(rows, every))
    head = Revision("HEAD", *rows[0])
    if head.commit not in (revision.commit for revision in found):
        found.append(head)
    return History(tuple(found[-MOST:]), max(len(found) - MOST, 0))


def made_on(path: str | Path, commit: str) -> datetime.date:
    """The day of a commit by its full hash; today where it claims a later one, or nothing is known."""
    today = datetime.date.today()
    where = repository_above(Path(path).resolve())
    told = Git(where).run("log", "-1", "--format=%cs", commit).decode().strip() if where and commit else ""
    return min(today, datetime.date.fromisoformat(told)) if told else today


def _commits(git: Git) -> list[Row]:
    """The commits that HEAD followed, newest first."""
    told = git.run("log", "--first-parent", "--format=%H %cs", "HEAD").decode()
    rows = (line.split(" ") for line in told.splitlines())
    return [(commit, date) for commit, date in rows]


def _tags(git: Git) -> Iterator[Revision]:
    """Every tag of a commit, by date and then by version."""
    form = "%00".join((*TAGS, "%(creatordate:short)"))
    listed = git.run(
        "for-each-ref", "--sort=version:refname", "--sort=creatordate", f"--format={form}", "refs/tags"
    )
    for line in listed.decode("utf-8", "surrogateescape").splitlines():
        name, kind, oid, inner_kind, inner, date = line.split("\0")
        if "commit" in (kind, inner_kind):
            yield Revision(name, inner or oid, date)


def _chosen(rows: list[Row], every: str) -> list[Revision]:
    """Of each month or week its last commit; every so many commits, counted back from HEAD."""
    chosen: dict[str, Revision] = {}
    named: Callable[[int, str], str] = NAMES.get(every) or (lambda number, _: str(number // int(every)))
    for number, (commit, date) in enumerate(rows):
        name = named(number, date)
        if every in NAMES or number % int(every) == 0:
            chosen.setdefault(name, Revision(name if every in NAMES else commit[:10], commit, date))
    return list(chosen.values())[::-1]


def _week(date: str) -> str:
    year, week, _ = datetime.date.fromisoformat(date).isocalendar()
    return f"{year}-W{week:02}"


NAMES: dict[str, Callable[[int, str], str]] = {
    "month": lambda _, date: date[:7],
    "week": lambda _, date: _week(date),
}
