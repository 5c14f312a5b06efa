"""What comes with a command: answers (`--answers FILE`, `--data KEY=VALUE`) and documents that it names."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from mlscaffold.errors import Stop
from mlscaffold.nearest import nearest


def from_file(name: str) -> dict[str, Any]:
    """The answers of a YAML file; raises Stop where it cannot be read or holds none."""
    if not name:
        return {}
    try:
        loaded = yaml.safe_load(Path(name).read_text("utf-8"))  # named by the user, no part of a repository
    except OSError as error:
        raise Stop(f"{name}: {error.strerror}. Give a YAML file of answers.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Stop(f"{name} is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(loaded, dict):
        raise Stop(f"{name} holds no answers; write one `question: answer` on each line.")
    return {str(k): v for k, v in loaded.items() if not str(k).startswith("_")}


def from_options(data: Iterable[str]) -> dict[str, str]:
    """The answers of the options; raises Stop where one is no `KEY=VALUE`."""
    pairs = {}
    for option in data:
        key, equals, value = option.partition("=")
        if not equals:
            raise Stop(f"--data {option!r}: write it as KEY=VALUE.")
        pairs[key.strip()] = value
    return pairs


def from_json(name: str, hint: str) -> Any:
    """The document of a JSON file, or of the standard input for `-`; raises Stop, with the hint."""
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except OSError as error:
        raise Stop(f"{name}: {error.strerror}. {hint}") from None
    except (ValueError, RecursionError) as error:
        raise Stop(f"{name} is no JSON ({error}). {hint}") from None


def checked(given: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same answers; raises Stop where one answers no question of the template."""
    for key in given:
        if key in ("standard", "features", "upkeep"):
            raise Stop(f"{key} is not a question: its values come with mlscaffold itself.")
        if key not in known:
            close = nearest(key, known)
            hint = f"Did you mean {close}?" if close else f"There are: {', '.join(sorted(known))}."
            raise Stop(f"the template has no question named {key!r}. {hint}")
    return given
