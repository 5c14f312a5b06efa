"""Tracking: each trained model is a run in MLflow.

Without MLFLOW_TRACKING_URI the runs go to mlflow.db in this folder. A server that
does not answer costs a few seconds and a warning, never the training.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import settings as conf
from .settings import PARAMS, Settings

DEFAULTS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_EXPERIMENT_NAME": str(__package__),
}
for variable, value in DEFAULTS.items():
    os.environ.setdefault(variable, value)

import mlflow  # noqa: E402 - it reads these variables when it is imported
from mlflow.exceptions import MlflowException  # noqa: E402


class Run:
    """What is being recorded; after a first failure nothing more is sent."""

    def __init__(self) -> None:
        self.live = True

    def tags(self, tags: Mapping[str, str]) -> None:
        """Record what identifies the run."""
        self.send(mlflow.set_tags, dict(tags))

    def params(self, params: Mapping[str, Any]) -> None:
        """Record what was chosen for the run."""
        self.send(mlflow.log_params, dict(params))

    def metrics(self, metrics: Mapping[str, float]) -> None:
        """Record results."""
        self.send(mlflow.log_metrics, dict(metrics))

    def artifact(self, path: Path) -> None:
        """Record a file."""
        self.send(mlflow.log_artifact, str(path))

    def send(self, call: Callable[..., Any], *values: Any) -> Any:
        """Call MLflow; a failure is a warning, and the end of the recording."""
        if not self.live:
            return None
        try:
            return call(*values)
        except (MlflowException, OSError) as failure:
            self.live = False
            reason = str(failure).splitlines()[0][:200]
            print(
                f"warning: not tracked, MLflow at {address()} fails: {reason}",
                file=sys.stderr,
            )
            return None


@contextlib.contextmanager
def run(name: str, settings: Settings, of: str = "") -> Iterator[Run]:
    """Open a run; with `of`, the SHA-256 of a model's file, go on with its own run."""
    current = Run()
    current.send(connect)
    earlier = current.send(find, of) if of else None
    if earlier:
        current.send(lambda: mlflow.start_run(run_id=earlier.info.run_id))
    else:
        current.send(lambda: mlflow.start_run(run_name=name))
        current.tags({"model": name, "model_sha256": of} | conf.facts(settings))
        current.params(conf.chosen(name))
        for path in (PARAMS, Path("requirements.txt")):
            if path.is_file():
                current.artifact(path)
    status = "FAILED"
    try:
        yield current
        status = "FINISHED"
    finally:
        current.send(mlflow.end_run, status)


def latest(model_sha256: str) -> dict[str, Any] | None:
    """Give params, metrics and tags of the newest run that made this model file."""
    connect()
    found = find(model_sha256)
    if not found:
        return None
    return {
        "params": dict(found.data.params),
        "metrics": dict(found.data.metrics),
        "tags": dict(found.data.tags),
    }


def address() -> str:
    """Give the address of the tracking server or store."""
    default = f"sqlite:///{Path('mlflow.db').resolve().as_posix()}"
    return os.environ.get("MLFLOW_TRACKING_URI") or default


def connect() -> None:
    """Choose the store and the experiment; both are made when they do not exist."""
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(address())
    mlflow.set_experiment(os.environ["MLFLOW_EXPERIMENT_NAME"])


def find(model_sha256: str) -> Any:
    """Give the newest run that is marked with the SHA-256 of a model's file."""
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name(os.environ["MLFLOW_EXPERIMENT_NAME"])
    runs = client.search_runs(
        [experiment.experiment_id],
        filter_string=f"tags.model_sha256 = '{model_sha256}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None
