"""Under which licence a repository stands: never one that it does not have."""

from __future__ import annotations

import re
from functools import cache

from mlscaffold.lazy import regex
from mlscaffold.repo.pages.licence_terms import Terms, licence_named, main_terms, terms
from mlscaffold.repo.pages.metadata import Said, stated
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.answering.proven import Answer, at, not_expressible, to_be_asked
from mlscaffold.upkeep.answers import choices
from mlscaffold.upkeep.template import current, questions

QUESTION = "license"
VAGUE = regex(r"(?P<family>apache|bsd)(?: software)?(?: licen[cs]e)?", re.I)


@cache
def offered() -> tuple[str, ...]:
    """The licences that the template has."""
    return tuple(map(str, choices(questions(current())[QUESTION])))


def license(repo: Repo) -> Answer:  # noqa: A001 (the question's name)
    """What the licence text says; without one, what the metadata declares; else a person must say."""
    texts, declared = main_terms(repo), stated(repo, "license")
    if texts:
        return _by_text(repo, texts, declared)
    names = {licence_named(said.value): said for said in reversed(declared)}
    if not names:
        return to_be_asked(QUESTION, "there is no licence: without one nobody else may use it")
    places = tuple(at(said, said.value) for said in names.values())
    if len(names) == 1 and (name := next(iter(names))) in offered():
        return Answer(QUESTION, name, places, "likely", "declared, but the text of the licence is missing")
    return not_expressible(QUESTION, f"it is declared as {' and '.join(sorted(names))}", places)


def _by_text(repo: Repo, texts: tuple[Terms, ...], declared: tuple[Said, ...]) -> Answer:
    named = {text: _name(text, declared) for text in texts}
    names = sorted(set(named.values()))
    places = tuple(at(text, name or "unknown terms") for text, name in named.items())
    if len(names) > 1:
        told = ", ".join(name or "an unknown one" for name in names)
        return not_expressible(QUESTION, f"it has several licences: {told}", places)
    name = names[0]
    if name not in offered():
        known = name or "none that is known here"
        return not_expressible(QUESTION, f"its licence is {known}", places)
    others = [said for said in declared if not _agrees(licence_named(said.value), name)]
    if others:
        said = f"{others[0].path} declares {others[0].value}: make them agree"
        places = (*places, at(others[0], others[0].value))
        return Answer(QUESTION, name, places, "likely", said)
    beside = [text for text in terms(repo) if text not in texts and text.name not in ("", name)]
    said = f"{beside[0].path} holds other terms ({beside[0].name})" if beside else ""
    return Answer(QUESTION, name, places, "certain", said)


def _agrees(declared: str, name: str) -> bool:
    """Whether a declared name is the text's, or one that leaves its version open."""
    vague = VAGUE.fullmatch(declared)
    return declared in (name, "") or (vague is not None and name.lower().startswith(vague["family"].lower()))


def _name(text: Terms, declared: tuple[Said, ...]) -> str:
    """The text's licence; of the stub of two lines that R asks for, the one that is declared."""
    if text.name:
        return text.name
    stubs = [licence_named(s.value) for s in declared if s.path == "DESCRIPTION" and "file LICEN" in s.value]
    return stubs[0] if stubs and text.path in ("LICENSE", "LICENCE") else ""
