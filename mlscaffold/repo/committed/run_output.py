"""What experiment trackers and training frameworks write when they run, told by the shapes of their paths."""

from __future__ import annotations

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import SAMPLE
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo, fact

SHAPES = tuple(
    (name, regex(pattern))
    for name, pattern in (
        ("an MLflow store", r"(?P<root>(?:.*/)?mlruns)/(?:\.trash/|\d+/|[0-9a-f]{32}/).*"),
        ("an MLflow store", r"(?P<root>(?:.*/)?mlartifacts)/\d+/.*"),
        ("an MLflow store", r"(?P<root>(?:.*/)?mlflow\.db)"),
        (
            "a Weights & Biases store",
            r"(?P<root>(?:.*/)?wandb)/(?:(?:offline-)?run-\d{8}_\d{6}-|latest-run|debug).*",
        ),
        ("a Weights & Biases store", r"(?P<root>(?:.*/)?(?:offline-)?run-\d{8}_\d{6}-\w{8})/.*"),
        ("TensorBoard event files", r"(?P<root>.*events\.out\.tfevents\.\d+.*)"),
        ("an Aim store", r"(?P<root>(?:.*/)?\.aim)/.*"),
        ("a Neptune store", r"(?P<root>(?:.*/)?\.neptune)/.*"),
        ("a Comet store", r"(?P<root>(?:.*/)?\.cometml-runs)/.*"),
        ("a Guild store", r"(?P<root>(?:.*/)?\.guild)/.*"),
        ("a Lightning log", r"(?P<root>(?:.*/)?lightning_logs)/version_\d+/.*"),
        ("a Hydra run", r"(?P<root>.+)/\.hydra/(?:config|hydra|overrides)\.yaml"),
        ("Python bytecode", r"(?P<root>(?:.*/)?__pycache__)/.*\.pyc"),
        ("a CatBoost log", r"(?P<root>(?:.*/)?catboost_info)/.*"),
    )
)
MARK = regex(
    r"mlruns/|mlartifacts/|mlflow\.db$|wandb/|run-\d|tfevents|\.aim/|\.neptune/|\.cometml-runs/|\.guild/"
    r"|lightning_logs/|/\.hydra/|__pycache__/|catboost_info/"
)
"""One of these stands in every path that some shape matches; most paths need no other look."""

STORES = {
    "mlflow": "mlruns/",
    "wandb": "wandb/",
    "aim": ".aim/",
    "neptune": ".neptune/",
}
"""The folder that each tracker makes where its code runs, unless it is told otherwise."""


class RunOutput(NamedTuple):
    """One store that git tracks: what it is, where it starts, and how many tracked files it holds."""

    name: str
    root: str
    files: int


@fact
def committed_run_output(repo: Repo) -> tuple[RunOutput, ...]:
    """Every store among the tracked files, by kind and path; fixtures of tests are left out."""
    count: dict[tuple[str, str], int] = {}
    for path in likely(repo, MARK):
        found = shape_of(path) if repo.files[path].tracked else None
        if found and not SAMPLE.search(path):
            count[found] = count.get(found, 0) + 1
    return tuple(RunOutput(name, root, files) for (name, root), files in sorted(count.items()))


def shape_of(path: str) -> tuple[str, str] | None:
    """The kind and the root of the store to which `path` belongs."""
    if MARK.search(path) is None:
        return None
    return next(((name, m["root"]) for name, shape in SHAPES if (m := shape.fullmatch(path))), None)
