"""The files that fit somebody else's repository: what is added for a path, or why nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.pages.branches import stated_workflow
from mlscaffold.repo.pages.open_items import MARKER
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.adding.found import Found, found
from mlscaffold.upkeep.adding.jobs import Pins
from mlscaffold.upkeep.adding.practices import PRACTICES
from mlscaffold.upkeep.adding.wiring import orphan, wired
from mlscaffold.upkeep.answering.identity import folder_name
from mlscaffold.upkeep.answers import Answers, engine, settle
from mlscaffold.upkeep.template import File, Files, Template

ADOPTED = "template/_parts/adopt/"
LOCK = "template/_locks/dev.txt"
RULESET = ".github/rulesets/main.json"
PINNED = regex(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s\\]+)")


class Offer(NamedTuple):
    """Files to add, or to replace with their whole new text."""

    files: Files
    why: str
    open: tuple[str, ...] = ()
    """What a person must still write or decide in them, as `path:line: what`."""


class Withheld(NamedTuple):
    """Nothing is offered, and why: a sentence without a full stop."""

    reason: str


def offered(path: str, template: Template, answers: Answers, repo: Repo) -> Offer | Withheld:
    """What adds the file `path` to `repo`, with all that it needs in order to work there.

    `answers` are those that a person gave or that the facts imply: the template's defaults are filled in
    here, and a licence that is not among them is never added. Raises Stop where a text of the template
    cannot be rendered.
    """
    practice = PRACTICES.get(path)
    if practice is None or source(path) not in template.files:
        return Withheld("the template has no text of it for a repository that it did not make")
    if there := _there(repo, path):
        return Withheld(f"{there} is there already")
    facts = found(repo, pins(template, answers, repo))
    reasons = (hinders(repo, facts, answers) for hinders in practice.hindrances)
    if reason := next(filter(None, reasons), ""):
        return Withheld(reason)
    further = (*practice.brings, *_protections(path, repo, facts))
    made = _rendered((path, *further), template, answers, repo, facts)
    files = {**made, **wired(repo, tuple(made))}
    return Offer(files, practice.why, tuple(_open(made)))


def _protections(path: str, repo: Repo, facts: Found) -> tuple[str, ...]:
    """The ruleset, with the first file in the forge's folder: from then on VCS116 asks for it."""
    first = path.startswith(".github/") and not any(p.startswith(".github/") for p in facts.paths)
    return (RULESET,) if first and path != RULESET and stated_workflow(repo) else ()


def source(path: str) -> str:
    """Where the template keeps the text of an added file."""
    return f"{ADOPTED}{path}.jinja"


def _there(repo: Repo, path: str) -> str:
    """The same path, in any case: two that differ by case alone are one on many machines."""
    return next((e.path for e in repo.entries if e.path.lower() == path.lower()), "")


def pins(template: Template, answers: Answers, repo: Repo) -> Pins:
    """Versions of the tools that an added file may install: the template's lock, then its standard."""
    standard = _context(template, answers, repo)["standard"]
    locked = {m["name"]: m["version"] for m in map(PINNED.match, _lines(template)) if m}
    return {**locked, **standard.get("installers", {}), "python": standard["python_floor"]}


def _lines(template: Template) -> list[str]:
    return template.text(LOCK).split("\n") if LOCK in template.files else []


def _context(template: Template, answers: Answers, repo: Repo) -> Mapping[str, Any]:
    return settle(template, answers, folder_name(repo)).context


def _rendered(
    paths: tuple[str, ...], template: Template, answers: Answers, repo: Repo, facts: Found
) -> dict[str, File]:
    import jinja2

    settled = _context(template, answers, repo)
    given = {name: answers.get(name) or "" for name in settled["_copier_answers"]}
    context = {**settled, "found": facts, "given": given, "adding": paths}
    jinja = engine(template)
    made = {}
    for path in paths:
        if _there(repo, path) or source(path) not in template.files:
            continue
        try:
            text = jinja.file(source(path), {**context, "orphan": orphan(repo, path)})
        except jinja2.TemplateError as error:
            raise Stop(f"the template's {source(path)} cannot be rendered: {error}") from None
        if text.strip():
            made[path] = File(text.encode())
    return made


def _open(files: Files) -> Iterator[str]:
    for path, file in files.items():
        for number, line in enumerate(file.content.decode().split("\n"), 1):
            for waiting in MARKER.finditer(line):
                yield f"{path}:{number}: {waiting[0][1:-1].partition(':')[2].strip()}"
