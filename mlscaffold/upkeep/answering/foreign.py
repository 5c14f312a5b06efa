"""Answers that another generator, or an earlier run of ours, recorded in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document, yaml_document
from mlscaffold.repo.environments.manifests import line_of, table
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.answering.foreign_keys import KEYS, translated
from mlscaffold.upkeep.answering.identity import PLACEHOLDER
from mlscaffold.upkeep.answering.proven import Answer, Place, not_expressible

COPIER = regex(r"\.copier-answers[\w.-]*\.ya?ml")
COOKIECUTTER = regex(r"\.cookiecutter[\w.-]*\.(?:ya?ml|json)|\.cookiecutterrc")
OWN_MARKS = frozenset({"project_name", "environment", "tracker", "profile", "accelerator"})
"""Questions that, together, no other template asks."""

CCDS = regex(r"cookiecutter-data-science|cookiecutterdatascience", re.I)
MAKE_NAME = regex(r"^PROJECT_NAME\s*:?=\s*(?P<name>[\w .-]+?)\s*$", re.M)
NO_WORDS = regex(r"\{\{|\{%")


class Record(NamedTuple):
    """The recorded answers of one generator: in which file, from which template, under which keys."""

    path: str
    template: str
    answers: Mapping[str, Any]


class Given(NamedTuple):
    """One recorded answer as text, under the key that its template has for it."""

    record: Record
    key: str
    value: str


def foreign(repo: Repo) -> tuple[Answer, ...]:
    """What was recorded, one answer a question; raises Stop for a record that cannot be read.

    The record of our own template comes first, then those of others in the order of their names.
    """
    found: dict[str, Answer] = {}
    ranked = sorted(records(repo), key=lambda r: not set(r.answers) >= OWN_MARKS)
    for answer in (*(a for r in ranked for a in _read(repo, r)), *_kedro(repo), *_ccds(repo)):
        found.setdefault(answer.question, answer)
    return tuple(found.values())


def records(repo: Repo) -> tuple[Record, ...]:
    """The files of recorded answers at the root, by name."""
    return tuple(record for path in sorted(repo.files) if "/" not in path for record in _records(repo, path))


def _records(repo: Repo, path: str) -> Iterator[Record]:
    if COPIER.fullmatch(path):
        answers = _document(repo, path)
        yield Record(path, _words(answers.get("_src_path")), answers)
    elif path == ".cruft.json":
        document = _document(repo, path)
        context = table(document, "context", "cookiecutter")
        yield Record(path, _words(document.get("template")), context)
    elif COOKIECUTTER.fullmatch(path):
        document = _document(repo, path)
        inner = next((document[k] for k in ("default_context", "cookiecutter") if k in document), document)
        yield Record(path, _words(table(inner).get("_template")), table(inner))


def _document(repo: Repo, path: str) -> dict[str, Any]:
    document = json_document(repo, path) if path.endswith(".json") else yaml_document(repo, path)
    if isinstance(document, dict):
        return document
    broken = repo.unreadable.get(path)
    where = f"{path}:{broken.line}" if broken and broken.line else path
    reason = broken.reason if broken else "holds no answers"
    raise Stop(
        f"{where} {reason}. It records answers that adopting would lose: "
        "correct it, or remove it if it is of no use."
    )


def _words(value: object) -> str:
    """A template's address without any login."""
    return regex(r"//[^/@\s]*@").sub("//", value) if isinstance(value, str) else ""


def _read(repo: Repo, record: Record) -> Iterator[Answer]:
    own = set(record.answers) >= OWN_MARKS
    keys = {q: (q,) for q in record.answers if not q.startswith("_")} if own else KEYS
    for question, names in keys.items():
        given = (Given(record, name, _value(record.answers.get(name))) for name in names)
        read = ((_ours if own else _translated)(repo, question, one) for one in given if one.value)
        if answer := next(filter(None, read), None):
            yield answer


def _value(value: object) -> str:
    """The answer as text; a choice that holds settings of its own is known by its name."""
    match value:
        case dict() if len(value) == 1:
            return str(next(iter(value)))
        case bool() | list() | dict() | None:
            return ""
    text = " ".join(str(value).split())
    return "" if NO_WORDS.search(text) else text


def _ours(repo: Repo, question: str, given: Given) -> Answer:
    return Answer(question, given.value, (_place(repo, given),))


def _translated(repo: Repo, question: str, given: Given) -> Answer | None:
    """The answer among our choices; nothing where the recorded one says nothing."""
    meant = None if PLACEHOLDER.fullmatch(given.value) else translated(question, given.value)
    if meant == "":
        return not_expressible(question, f"{given.record.path} records {given.value}", (_place(repo, given),))
    return Answer(question, meant, (_place(repo, given),)) if meant else None


def _place(repo: Repo, given: Given) -> Place:
    path, template = given.record.path, given.record.template
    line = line_of(repo, path, rf"^\s*[\"']?{re.escape(given.key)}[\"']?\s*:")
    return Place(path, line, f"{given.key} of {template}" if template else given.key)


def _kedro(repo: Repo) -> Iterator[Answer]:
    path = "pyproject.toml"
    found = table(toml_document(repo, path) if path in repo.files else None, "tool", "kedro")
    for question in ("project_name", "package_name"):
        if (value := _value(found.get(question))) and value != "New Kedro Project":
            line = line_of(repo, path, rf"^\s*{question}\s*=")
            yield Answer(question, value, (Place(path, line, "[tool.kedro]"),))


def _ccds(repo: Repo) -> Iterator[Answer]:
    """Cookiecutter Data Science records nothing: its Makefile alone keeps the answer that it was given."""
    page = front_page(repo)
    made = page is not None and CCDS.search(repo.text(page.path) or "")
    text = repo.text("Makefile") if made and "Makefile" in repo.files else None
    if text and (found := MAKE_NAME.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        yield Answer(
            "project_name",
            found["name"],
            (Place("Makefile", line, "PROJECT_NAME of cookiecutter-data-science"),),
        )
