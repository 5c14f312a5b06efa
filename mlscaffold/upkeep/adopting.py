"""The state of a repository that adopts the standard, and what each added practice makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mlscaffold.edits import File
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.adding.adoptable import source
from mlscaffold.upkeep.answering.foreign import OWN_MARKS, records
from mlscaffold.upkeep.answering.proven import Answer
from mlscaffold.upkeep.answers import Answers, settle
from mlscaffold.upkeep.keeping import keeping
from mlscaffold.upkeep.lock import Base, Edited, Kept, Lock, label_of
from mlscaffold.upkeep.rendering import render
from mlscaffold.upkeep.start import started
from mlscaffold.upkeep.template import Template

ALIKE = 0.5
"""The share of the template's files that a repository of that version holds unchanged, at least."""


def answered(found: Iterable[Answer], given: Answers, choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The recorded answers: what a person gave, else what the facts say; `None` where neither says it.

    An empty answer to a question that lets choose leaves it open.
    """
    answers: dict[str, Any] = {}
    for one in found:
        if one.question in given:
            open_yet = given[one.question] == "" and one.question in choices
            answers[one.question] = None if open_yet else given[one.question]
        else:  # a proposal of the template is nobody's answer: added files must not claim it
            answers[one.question] = None if one.confidence == "default" else one.value
    return answers


def unanswered(found: Iterable[Answer], given: Answers, choices: Mapping[str, Sequence[str]]) -> str:
    """Every question that only a person can answer and nobody did, with its options; empty without any."""
    asked = [
        _asking(one, choices.get(one.question, ()))
        for one in found
        if one.state == "to be asked" and one.question not in given
    ]
    return f"nobody can tell from the files: {'; '.join(asked)}" if asked else ""


def or_given(one: Answer, given: Answers) -> Answer:
    """The same answer, or what a person gave instead."""
    if given.get(one.question) is None:
        return one
    return Answer(one.question, str(given[one.question]), (), "certain", "given now")


def _asking(one: Answer, choices: Sequence[str]) -> str:
    """An open question with the options that answer it, and the one that leaves it open."""
    values = " or ".join(choices) or "…"
    return (
        f"{one.question} ({one.said}). Give --data {one.question}=VALUE ({values}), "
        f"or decide later: --data {one.question}="
    )


def answered_again(lock: Lock, given: Answers) -> Lock:
    """The lock with answers that a person gives later; what is there keeps those that it was made with."""
    base = lock.base._replace(answers={**lock.base.answers, **given})
    if base == lock.base:
        return lock
    label = label_of(base, lock.bases)
    return lock._replace(current=label, bases={**lock.bases, label: base})


def begun(template: Template, answers: Answers) -> Lock:
    """The lock of an adoption that has added nothing yet."""
    base = Base(template.version, template.tree, answers)
    label = label_of(base, {})
    return Lock(label, {label: base}, scope="listed")


def made_by_us(repo: Repo, versions: Sequence[Callable[[], Template]], folder: str) -> Lock | None:
    """The lock of a repository that copier made from this very template: of the version most like it.

    Of two that are equally like it, the one that comes first among the versions: the newer.
    """
    own = next((r for r in records(repo) if set(r.answers) >= OWN_MARKS), None)
    if own is None:
        return None
    recorded = {key: value for key, value in own.answers.items() if not key.startswith("_")}
    best: tuple[float, Lock | None] = (0, None)
    for version in versions:
        template = version()
        settled = settle(template, recorded, folder)
        made = {} if settled.refused else render(template, settled)
        same = sum(1 for path, file in made.items() if repo.raw(path) == file.content)
        share = same / len(made) if made else 0
        if share >= ALIKE and share > best[0]:
            best = (share, started(template, settled.answers, made))
    return best[1]


def added(
    lock: Lock, template: Template, files: Mapping[str, File], before: Mapping[str, File | None]
) -> Lock:
    """The lock after files were added: new ones are governed, lines in others can be taken out again.

    Lines that come later into a file of the template are edits, too: a newer version must not take them out.
    """
    how, kept, edits = keeping(template), dict(lock.files), dict(lock.edits)
    for path, file in files.items():
        was = before.get(path)
        own = path in kept and kept[path].blob == was.oid if was else True
        if was is None or (own and source(path) not in template.files):
            kept[path] = Kept(how.kind(path), lock.current, file.oid, mode=file.mode)
        elif was != file:
            edits[path] = _extended(edits.get(path, ()), Edited(was.oid, file.oid))
    return lock._replace(files=kept, edits=edits)


def _extended(edits: tuple[Edited, ...], new: Edited) -> tuple[Edited, ...]:
    """The edits with a new one; nobody needs the state between two of ours that follow each other."""
    if edits and edits[-1].after == new.before:
        return (*edits[:-1], Edited(edits[-1].before, new.after))
    return (*edits, new)
