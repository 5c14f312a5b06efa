"""How a version of the template says that its files are kept: classes, commands, moves, changed questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlscaffold.globs import matches
from mlscaffold.named import NamedTuple
from mlscaffold.upkeep.answers import Answers
from mlscaffold.upkeep.lock import Class
from mlscaffold.upkeep.template import Template

ORDER: tuple[Class, ...] = ("derived", "seed", "managed", "keys", "merged")


class Made(NamedTuple):
    """What makes a derived file: the command, and the files that it reads."""

    command: tuple[str, ...]
    sources: tuple[str, ...]


class Change(NamedTuple):
    """An answer that is not what was recorded, and why."""

    question: str
    before: Any
    after: Any
    why: str


class Keeping(NamedTuple):
    """The template's word on its own files; see standard/upkeep.yml."""

    rules: Mapping[str, Any]

    def kind(self, path: str) -> Class:
        """The class of a path of the template."""
        classes = self.rules.get("classes", {})
        return next((kind for kind in ORDER if _any(classes.get(kind, ()), path)), "merged")

    def made(self, path: str) -> Made:
        """What makes a derived file; without a word of the template, nothing is known to."""
        rows = self.rules.get("made_by", {})
        row: Mapping[str, Any] = next((row for pattern, row in rows.items() if matches(pattern, path)), {})
        return Made(tuple(row.get("command", ())), tuple(row.get("from", ())))

    def owned(self, path: str) -> tuple[str, ...]:
        """The keys of a file that another tool keeps."""
        rows = self.rules.get("owned", {})
        return tuple(key for pattern, keys in rows.items() if matches(pattern, path) for key in keys)

    def moves(self, since: str) -> dict[str, str]:
        """Where files of version `since` went, as far as the template declares it."""
        found: dict[str, str] = {}
        for row in _newer(self.rules.get("moves", ()), since):
            found = {old: row["to"] if at == row["from"] else at for old, at in found.items()}
            found.setdefault(row["from"], row["to"])
        return found

    def carried(self, answers: Answers, since: str) -> tuple[dict[str, Any], list[Change]]:
        """Answers of version `since` in the words of this one, and what became of which."""
        now, changes = dict(answers), []
        for row in _newer(self.rules.get("answers", ()), since):
            for old, new in row.get("rename", {}).items():
                if old in now and new not in now:
                    now[new] = now.pop(old)
                    changes.append(Change(new, None, now[new], f"the question was called {old}"))
            for question, values in row.get("map", {}).items():
                if now.get(question) in values:
                    before, now[question] = now[question], values[now[question]]
                    changes.append(
                        Change(question, before, now[question], f"version {row['version']} calls it so")
                    )
        return now, changes


def keeping(template: Template) -> Keeping:
    """How this version keeps its files; a template without upkeep.yml merges all of them."""
    question = template.settings.get("upkeep")
    rules = question.get("default") if isinstance(question, dict) else None
    return Keeping(rules if isinstance(rules, dict) else {})


def _any(patterns: Sequence[str], path: str) -> bool:
    return any(matches(pattern, path) for pattern in patterns)


def _newer(rows: Sequence[Mapping[str, Any]], since: str) -> Iterator[Mapping[str, Any]]:
    yield from (row for row in rows if order(str(row.get("version", ""))) > order(since))


def order(version: str) -> tuple[int, ...]:
    """What sorts versions of numbers and dots; a state that nobody released comes before all."""
    return tuple(int(part) for part in version.split(".")) if version.replace(".", "").isdigit() else ()
