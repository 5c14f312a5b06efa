"""Tracking: each trained model is one line of JSON in runs.jsonl.

No server and no further package; the file stays on this machine. DVC keeps the
parameters and metrics of each commit.
"""

import contextlib
import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from . import settings as conf
from .settings import Settings

RUNS = Path("runs.jsonl")


class Run:
    """What is being recorded."""

    def __init__(self, record: dict[str, Any]):
        self.record = record

    def tags(self, tags: Mapping[str, str]) -> None:
        """Record what identifies the run."""
        self.record["tags"] |= tags

    def params(self, params: Mapping[str, Any]) -> None:
        """Record what was chosen for the run."""
        self.record["params"] |= params

    def metrics(self, metrics: Mapping[str, float]) -> None:
        """Record results."""
        self.record["metrics"] |= metrics

    def artifact(self, path: Path) -> None:
        """Record which file came out, by the hash of its bytes."""
        self.record["artifacts"] |= {path.as_posix(): conf.sha256(path)}


@contextlib.contextmanager
def run(name: str, settings: Settings, of: str = "") -> Iterator[Run]:
    """Open a run; with `of`, the SHA-256 of a model's file, go on with its own run."""
    current = Run((latest(of) if of else None) or new(name, settings, of))
    status = "FAILED"
    try:
        yield current
        status = "FINISHED"
    finally:
        with RUNS.open("a", encoding="utf-8") as file:
            record = current.record | {"status": status}
            file.write(json.dumps(record, default=str) + "\n")


def new(name: str, settings: Settings, model_sha256: str) -> dict[str, Any]:
    """Give the record of a run that begins now."""
    return {
        "started": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "tags": {"model": name, "model_sha256": model_sha256} | conf.facts(settings),
        "params": conf.chosen(name),
        "metrics": {},
        "artifacts": {},
    }


def latest(model_sha256: str) -> dict[str, Any] | None:
    """Give the newest record of the model with this hash of its file."""
    if not RUNS.is_file():
        return None
    lines = RUNS.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    made = [run for run in records if run["tags"].get("model_sha256") == model_sha256]
    return made[-1] if made else None
