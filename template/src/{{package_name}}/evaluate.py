"""The evaluation: metrics with intervals, and plots, from saved models."""

import json
import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics as measure
from sklearn.pipeline import Pipeline

from . import data, tracking, train
from . import settings as conf
from .settings import METRICS, PREDICTIONS, TEST, TRAIN, Settings

MOST_PLOTTED_ROWS = 2000
BANDS = 4


def main() -> None:
    """Evaluate every model of params.yaml on the test rows; nothing is trained."""
    settings = conf.load()
    frame = data.read(TEST)
    trained = len(data.read(TRAIN))
    rows = {"train": trained, "test": len(frame), "share": settings.subset}
    results: dict[str, Any] = {"rows": rows}
    plotted = []
    for name in settings.models:
        path = train.model_path(name)
        model = train.load(path)
        results[name] = evaluate(model, frame, settings)
        plotted.append(confusion(name, model, frame, settings))
        with tracking.run(name, settings, of=conf.sha256(path)) as run:
            run.metrics(results[name])
        shown = [f"{key} {results[name][key]:.3f}" for key in headline(results[name])]
        print(f"{name}: {', '.join(shown)}")
    data.write(pd.concat(plotted), PREDICTIONS)
    METRICS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def headline(result: dict[str, float]) -> list[str]:
    """Give the names of the metrics themselves, without the ends of their intervals."""
    return [name for name in result if not name.endswith(("_low", "_high"))]


def evaluate(
    model: Pipeline, frame: pd.DataFrame, settings: Settings
) -> dict[str, float]:
    """Give each metric and the ends of its 95 % bootstrap interval, rounded.

    The interval says how much the value depends on which rows were drawn for the
    test, not how much it would change with another training.
    """
    features, target = train.parts(frame, settings)
    predicted = model.predict(features)
    likely = model.predict_proba(features) if hasattr(model, "predict_proba") else None
    classes = getattr(model, "classes_", np.array([]))
    draw = np.random.default_rng(settings.seed)
    found = scores(target, predicted, likely, classes)
    samples: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(settings.resamples):
        rows = draw.integers(0, len(target), len(target))
        chances = None if likely is None else likely[rows]
        sample = scores(target[rows], predicted[rows], chances, classes)
        for name, value in sample.items():
            samples[name].append(value)
    result: dict[str, float] = {}
    for name, value in found.items():
        known = [number for number in samples[name] if np.isfinite(number)]
        if not np.isfinite(value) or not known:
            continue
        low, high = np.percentile(known, [2.5, 97.5])
        ends = {name: value, f"{name}_low": low, f"{name}_high": high}
        result |= {key: round(float(number), 6) for key, number in ends.items()}
    return result


def scores(
    target: np.ndarray,
    predicted: np.ndarray,
    likely: np.ndarray | None,
    classes: np.ndarray,
) -> dict[str, float]:
    """Give the metrics that fit the task; all arrays have shape (rows, ...)."""
    if not len(classes):
        return {
            "mae": measure.mean_absolute_error(target, predicted),
            "rmse": measure.root_mean_squared_error(target, predicted),
            "r2": measure.r2_score(target, predicted) if len(target) > 1 else np.nan,
        }
    with warnings.catch_warnings():
        # a resample may lack a class: its metrics are then undefined, not wrong
        warnings.simplefilter("ignore")
        found = {
            "accuracy": measure.accuracy_score(target, predicted),
            "balanced_accuracy": measure.balanced_accuracy_score(target, predicted),
            "f1_macro": measure.f1_score(target, predicted, average="macro"),
        }
        if likely is not None:
            found["roc_auc"] = area(target, likely, classes)
    return found


def area(target: np.ndarray, likely: np.ndarray, classes: np.ndarray) -> float:
    """Give the area under the ROC curve, each class against the rest, averaged."""
    areas = [
        measure.roc_auc_score(target == name, likely[:, place])
        for place, name in enumerate(classes)
        if 0 < np.sum(target == name) < len(target)
    ]
    return float(np.mean(areas)) if areas else float("nan")


def confusion(
    name: str, model: Pipeline, frame: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Give actual and predicted class of each row; numbers fall into four bands."""
    features, actual = train.parts(frame, settings)
    predicted = model.predict(features)
    if settings.task == "regression":
        edges = np.unique(np.quantile(actual, np.linspace(0, 1, BANDS + 1)[1:-1]))
        actual, predicted = band(actual, edges), band(predicted, edges)
    rows = {"model": name, "actual": actual, "predicted": predicted}
    return pd.DataFrame(rows).head(MOST_PLOTTED_ROWS)


def band(values: np.ndarray, edges: np.ndarray) -> list[str]:
    """Give the band that each value falls into, such as `2: 1.5 to 3`."""
    ends = ["lowest", *(f"{edge:.10g}" for edge in edges), "highest"]
    places = np.digitize(values, edges)
    return [f"{place + 1}: {ends[place]} to {ends[place + 1]}" for place in places]


if __name__ == "__main__":
    conf.run(main)
