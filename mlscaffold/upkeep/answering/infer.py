"""Facts to answers: what each question of the template comes to in a repository that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mlscaffold.repo.repo import Repo, Unreadable
from mlscaffold.upkeep.answering import hosting, identity, naming, terms, tooling
from mlscaffold.upkeep.answering.foreign import foreign
from mlscaffold.upkeep.answering.identity import same_words
from mlscaffold.upkeep.answering.proven import Answer, not_expressible
from mlscaffold.upkeep.answers import settle
from mlscaffold.upkeep.template import current

READERS: dict[str, Callable[[Repo], Answer]] = {
    "project_name": identity.project_name,
    "description": identity.description,
    "author": identity.author,
    "license": terms.license,
    "profile": naming.profile,
    "environment": tooling.environment,
    "tracker": tooling.tracker,
    "accelerator": tooling.accelerator,
    "package_name": naming.package_name,
    "distribution_name": naming.distribution_name,
    "framework": tooling.framework,
    "example": naming.example,
    "forge": hosting.forge,
    "data_remote": hosting.data_remote,
    "data_remote_url": hosting.data_remote_url,
    "repository_url": hosting.repository_url,
    "author_email": identity.author_email,
    "code_owners": hosting.code_owners,
    "year": identity.year,
}
"""Who answers each question of copier.yml, in its order."""

FREE = ("project_name", "description", "author", "author_email", "repository_url", "code_owners", "year")
"""Questions of words, for which a default does no harm where the true words do not fit."""


ALSO: dict[tuple[str, str | None], tuple[str, ...]] = {("environment", "pip-tools"): ("uv",)}
"""Recorded answers that the files bear out as well: uv reads and writes requirements files, too."""


def inferred(repo: Repo) -> tuple[Answer, ...]:
    """One answer to each question, in their order; raises Stop for recorded answers that cannot be read.

    No value is one that the template would refuse, and none stands for something else that is true.
    """
    recorded = {answer.question: answer for answer in foreign(repo)}
    found = {name: _agreed(read(repo), recorded.get(name)) for name, read in READERS.items()}
    return tuple(_possible(_trainable(found), identity.folder_name(repo)).values())


def unread(repo: Repo) -> tuple[Unreadable, ...]:
    """The files that no answer could be taken from, because nobody can read them; asked after `inferred`."""
    return tuple(repo.unreadable[path] for path in sorted(repo.unreadable))


def withheld(
    answers: Iterable[Answer], features: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """The template's features that depend on an answer that is not there, with those questions."""
    without = {answer.question for answer in answers if answer.value is None}
    found = {
        name: tuple(
            q
            for q in dict.fromkeys((*feature.get("when", ()), *feature.get("questions", ())))
            if q in without
        )
        for name, feature in features.items()
    }
    return {name: questions for name, questions in found.items() if questions}


def _agreed(own: Answer, recorded: Answer | None) -> Answer:
    """The answer of the facts with what was recorded; of two that differ, what the files show holds."""
    if recorded is None:
        return own
    if not own.evidence and own.state == "answered":
        return recorded
    if value := _same(own, recorded):
        return own._replace(value=value, evidence=(*own.evidence, *recorded.evidence))
    # without a licence or a package there is none, whatever was once chosen
    evidence = (*own.evidence, *recorded.evidence) if own.evidence else ()
    return own._replace(evidence=evidence, said="; ".join(filter(None, (own.said, _recorded(recorded)))))


def _same(own: Answer, recorded: Answer) -> str | None:
    """The value that both mean, if they do."""
    if own.value == recorded.value or recorded.value in ALSO.get((own.question, own.value), ()):
        return recorded.value
    if own.value and recorded.value and same_words(own.value, recorded.value):
        return recorded.value if own.question == "project_name" else own.value
    return None


def _recorded(answer: Answer) -> str:
    return f"{answer.evidence[0].path} records {answer.value}" if answer.value else answer.said


def _trainable(found: dict[str, Answer]) -> dict[str, Answer]:
    """The answers without a GPU that the framework does not use: the template has no such project."""
    gpu, framework = found["accelerator"], found["framework"]
    if gpu.value == "gpu" and framework.value == "scikit-learn" and framework.evidence:
        why = "a GPU is asked for, and the template has none for scikit-learn"
        return {**found, "accelerator": not_expressible("accelerator", why, gpu.evidence)}
    return found


def _possible(found: Mapping[str, Answer], folder: str) -> dict[str, Answer]:
    """The answers with defaults filled in, and without those that the template refuses."""
    why = {one.question: one.message for one in settle(current(), _given(found.values()), folder).refused}
    kept = {name: _refused(answer, why[name]) if name in why else answer for name, answer in found.items()}
    values = settle(current(), _given(kept.values()), folder).answers
    return {name: _filled(answer, str(values[name])) for name, answer in kept.items()}


def _given(answers: Iterable[Answer]) -> dict[str, str]:
    return {answer.question: answer.value for answer in answers if answer.value is not None}


def _refused(answer: Answer, message: str) -> Answer:
    why = message.removeprefix(f"{answer.question}: ")
    if answer.question in FREE:
        return Answer(answer.question, None, answer.evidence, "default", f"what is there does not fit: {why}")
    return not_expressible(answer.question, why, answer.evidence)


def _filled(answer: Answer, proposal: str) -> Answer:
    if answer.value is None and answer.state == "answered":
        return answer._replace(value=proposal)
    return answer
