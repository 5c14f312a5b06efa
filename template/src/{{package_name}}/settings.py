"""What params.yaml says, where things lie, and what a run must record about itself."""

import hashlib
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PARAMS = Path("params.yaml")
DATA = Path("data/interim/data.csv")
TRAIN = Path("data/processed/train.csv")
TEST = Path("data/processed/test.csv")
COLUMNS = Path("data/processed/columns.json")
MODELS = Path("models")
METRICS = Path("reports/metrics.json")
PREDICTIONS = Path("reports/plots/predictions.csv")
DICTIONARY = Path("docs/data-dictionary.md")
CARD = Path("docs/model-card.md")

TASKS = ("classification", "regression")
MODEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class UserError(Exception):
    """Something that a person must change; the message says what."""


@dataclass(frozen=True)
class Settings:
    """The content of params.yaml, checked.

    `test_size` and `subset` are shares of the rows, between 0 and 1. `models` maps
    a model's name to its `kind` and `settings`. `resamples` is the number of
    bootstrap samples behind each interval.
    """

    seed: int
    source: str
    target: str
    task: str
    test_size: float
    subset: float
    ignore: tuple[str, ...]
    models: dict[str, dict[str, Any]]
    device: str
    resamples: int


def load() -> Settings:
    """Give the settings of the repository in the working directory.

    Raises `UserError` when params.yaml cannot be used.
    """
    try:
        params = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
        data, models = params["data"], params["models"]
        settings = Settings(
            seed=params["seed"],
            source=str(data["source"] or ""),
            target=str(data["target"] or ""),
            task=data["task"],
            test_size=float(data["test_size"]),
            subset=float(data["subset"]),
            ignore=tuple(map(str, data["ignore"] or ())),
            models={str(name): dict(model) for name, model in models.items()},
            device=params["train"]["device"],
            resamples=int(params["evaluate"]["resamples"]),
        )
    except (OSError, yaml.YAMLError) as reason:
        raise UserError(f"params.yaml cannot be read: {reason}") from reason
    except KeyError as missing:
        raise UserError(f"params.yaml: the entry {missing} is missing") from missing
    except (TypeError, ValueError, AttributeError) as reason:
        raise UserError(f"params.yaml has an unusable value: {reason}") from reason
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raise `UserError` for values that no stage can work with."""
    if settings.task not in TASKS:
        raise UserError(f"params.yaml: data.task is one of {', '.join(TASKS)}")
    if not 0 < settings.test_size < 1:
        raise UserError("params.yaml: data.test_size lies between 0 and 1")
    if not 0 < settings.subset <= 1:
        raise UserError("params.yaml: data.subset lies above 0 and is at most 1")
    if not isinstance(settings.seed, int) or not 0 <= settings.seed < 2**32:
        raise UserError("params.yaml: seed is a whole number from 0 to 2**32 - 1")
    for name, model in settings.models.items():
        if not MODEL_NAME.fullmatch(name):
            raise UserError(
                f"params.yaml: models.{name}: use a-z, 0-9, - and _ in the name"
            )
        if "kind" not in model:
            raise UserError(f"params.yaml: models.{name}.kind is missing")


def enter_root() -> Path:
    """Make the folder of params.yaml, here or above, the working directory."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / PARAMS).is_file():
            os.chdir(folder)
            return folder
    raise UserError(f"no params.yaml in {Path.cwd()} or above it")


def run(command: Callable[[], int | None]) -> None:
    """Run a command and exit: a `UserError` is a sentence and exit code 2."""
    try:
        code = command()
    except UserError as reason:
        print(reason, file=sys.stderr)
        code = 2
    raise SystemExit(code or 0)


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, or an empty text where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give a nested mapping as one level: {"data": {"task": 1}} as {"data.task": 1}."""
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            leaves |= flat(value, f"{prefix}{key}.")
        else:
            leaves[f"{prefix}{key}"] = value
    return leaves


def chosen(name: str) -> dict[str, Any]:
    """Give params.yaml as one level, with the entry of one model only."""
    params = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    params["model"] = params.pop("models")[name]
    return flat(params)


def facts(settings: Settings) -> dict[str, str]:
    """Give what identifies a run: code, data, environment and seed."""
    lock = Path("requirements.txt")
    return {
        "seed": str(settings.seed),
        "git_commit": git("rev-parse", "HEAD") or os.environ.get("GIT_COMMIT", ""),
        "git_changed": str(bool(git("status", "--porcelain", "--untracked-files=no"))),
        "data_source": settings.source,
        "data_sha256": sha256(TRAIN),
        "lock_sha256": sha256(lock),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "python_hash_seed": os.environ.get("PYTHONHASHSEED", "random"),
    }


def git(*arguments: str) -> str:
    """Give what git prints, or an empty text where there is no git or no commit."""
    command = ["git", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            command, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
