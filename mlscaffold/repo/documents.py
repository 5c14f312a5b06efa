"""TOML, YAML and JSON of an audited repository as plain data; a malformed file is noted, never raised."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact

DEEPEST = 200
COMMENT = regex(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
TRAILING_COMMA = regex(r'"(?:\\.|[^"\\\n])*"|,(?=\s*[}\]])', re.S)


class Malformed(Exception):
    """What is wrong with a file, and its line where that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def toml_document(repo: Repo, path: str) -> dict[str, Any] | None:
    """The tables of a TOML file; `None` where it is missing, too large or malformed (then noted)."""
    document: dict[str, Any] | None = _parsed(repo, path, read_toml)
    return document


def yaml_document(repo: Repo, path: str) -> Any:
    """The first document of a YAML file; `None` also where it is empty.

    As in YAML 1.1 the key `on` of a workflow reads as `True`. Dates stay text, and a tag that only one tool
    knows (`!Ref`, `!reference`, `!!python/name:`) gives what it stands before.
    """
    return next(iter(yaml_documents(repo, path)), None)


def yaml_documents(repo: Repo, path: str) -> tuple[Any, ...]:
    """Every document of a YAML file, in order; nothing where it is malformed (then noted)."""
    return _parsed(repo, path, read_yaml) or ()


def json_document(repo: Repo, path: str) -> Any:
    """The value of a JSON file."""
    return _parsed(repo, path, read_json)


def jsonc_document(repo: Repo, path: str) -> Any:
    """The value of a JSON file of the kind that may hold comments and trailing commas (devcontainer.json)."""
    return _parsed(repo, path, read_jsonc)


@fact
def _documents(_repo: Repo) -> dict[tuple[str, Callable[[str], Any]], Any]:
    return {}


def _parsed(repo: Repo, path: str, read: Callable[[str], Any]) -> Any:
    """`read`'s result for the file, kept for whoever asks next."""
    known = _documents(repo)
    if (path, read) not in known:
        known[path, read] = _fresh(repo, path, read)
    return known[path, read]


def _fresh(repo: Repo, path: str, read: Callable[[str], Any]) -> Any:
    text = repo.text(path)
    if text is None:
        return None
    try:
        return read(text)
    except Malformed as error:
        repo.broken(path, error.reason, error.line)
        return None


def read_toml(text: str) -> dict[str, Any]:
    """Parse TOML; raises Malformed."""
    import tomllib

    for number, row in enumerate(text.split("\n"), 1):
        if len(row) > 2 * DEEPEST and _deep_key(row.partition("=")[0]):
            raise Malformed("is not valid TOML: it is nested too deeply", number)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Malformed("is not valid TOML: it is nested too deeply") from None
    except (ValueError, OverflowError) as error:
        words = str(error)
        place = regex(r"\s*\(at (?:line (\d+), column \d+|end of document)\)").search(words)
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else None
        said = words[: place.start()] if place else words
        raise Malformed(f"is not valid TOML: {sentence(said)}", line) from None


def _deep_key(key: str) -> bool:
    """Whether a dotted key has so many parts that reading it takes quadratic time."""
    return key.count(".") > DEEPEST and regex(r"[\w\s.\"'\[-]+").fullmatch(key) is not None


def read_json(text: str) -> Any:
    """Parse JSON; raises Malformed."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Malformed(f"is not valid JSON: {sentence(error.msg)}", error.lineno) from None
    except RecursionError:
        raise Malformed("is not valid JSON: it is nested too deeply") from None
    except ValueError as error:
        raise Malformed(f"is not valid JSON: {sentence(str(error))}") from None


def read_jsonc(text: str) -> Any:
    """Parse JSON after its comments and trailing commas are blanked; raises Malformed."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        bare = COMMENT.sub(_blank, text)
        return read_json(TRAILING_COMMA.sub(lambda m: m[0] if m[0][0] == '"' else " ", bare))


def _blank(found: re.Match[str]) -> str:
    """A comment as spaces, so that lines keep their numbers; a string as it is."""
    return found[0] if found[0][0] == '"' else regex(r"[^\n]").sub(" ", found[0])


def read_yaml(text: str) -> tuple[Any, ...]:
    """Parse every YAML document; raises Malformed, also for what would grow without bounds."""
    from mlscaffold.repo import yaml_text

    return yaml_text.read(text)


def sentence(words: str) -> str:
    """A parser's complaint as the end of our sentence."""
    words = " ".join(words.split())[:120]
    return words[:1].lower() + words[1:] if words[1:2].islower() else words
