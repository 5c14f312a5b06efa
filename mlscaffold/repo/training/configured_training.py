"""Trainings that a configuration describes in full and a command starts: no code of the repository fits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

TRAINING = regex(r"^\[training\]", re.M)
OF_SPACY = regex(r"^\[(?:nlp|corpora|components)[\].]", re.M)
SECTION = regex(r"^\[(?P<name>[\w.]+)\]", re.M)
SEED = regex(r"^seed[ \t]*=[ \t]*(?P<value>[^\s#]+)", re.M)
HELD = regex(r"^(?:dev_corpus|dev|dev_path)[ \t]*=|^\[corpora\.dev\]", re.M)
NO_SEED = ("null", "None", "")


class Configured(NamedTuple):
    """One such training: where it is described, what draws, and where it is seeded and holds data back."""

    spot: Spot
    library: str
    seed: Spot | None
    held: Spot | None


@fact
def configured(repo: Repo) -> tuple[Configured, ...]:
    """The trainings that configurations of spaCy describe, by path."""
    found = (_spacy(repo, path) for path in repo.named("*.cfg") if is_own(path))
    return tuple(training for training in found if training)


def _spacy(repo: Repo, path: str) -> Configured | None:
    text = repo.text(path) or ""
    start = TRAINING.search(text)
    if not start or not OF_SPACY.search(text):
        return None
    sections = dict(_sections(text))
    seeds = [at for name in ("training", "system") if (at := _seed(*sections.get(name, (0, ""))))]
    held = HELD.search(text)
    return Configured(
        Spot(path, _line(text, start.start())),
        "spacy",
        Spot(path, _line(text, seeds[0])) if seeds else None,
        Spot(path, _line(text, held.start())) if held else None,
    )


def _sections(text: str) -> Iterator[tuple[str, tuple[int, str]]]:
    """Each section by name, with its place and text."""
    heads = list(SECTION.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        yield head["name"], (head.start(), text[head.start() : following.start() if following else len(text)])


def _seed(start: int, section: str) -> int:
    """Where a section sets a seed to a value of its own; 0 for nowhere."""
    found = SEED.search(section)
    given = found["value"] if found else ""
    return start + found.start() if found and given not in NO_SEED and not given.startswith("$") else 0


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
