"""Models of R and Julia as files, and settings in R that make deep learning repeat itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.determinism import Deterministic
from mlscaffold.repo.training.r_and_julia import Language, Script, scripts
from mlscaffold.repo.training.r_and_julia_runs import DEEP, TARGETS, Run, runs, scripts_of_runs
from mlscaffold.repo.training.saved_models import Found

WHOLE = r"(?<![\w.$@!])(?:\w+::|\w+\.)?"
"""A name with the package that it comes from, and not a part of another name."""

LOADS: dict[Language, re.Pattern[str]] = {
    "R": regex(
        WHOLE + r"(?P<call>readRDS|read_rds|load|dget|qread|qs_read|xgb\.load\w*|lgb\.load|readRDS\.lgb\.\w+"
        r"|load_model\w*|load_weights\w*|load_checkpoint|torch_load|luz_load\w*|h2o\.(?:load|upload|import)\w*"
        r"|mlflow_load_\w+|pin_read|vetiver_pin_read|unbundle|tar_read\w*|tar_load\w*|readd|loadd)\s*\("
    ),
    "julia": regex(
        r"(?P<call>@load\b(?!\s+\w+\s*(?:pkg\s*=|verbosity\s*=|\n|$))|\bload(?:_model|model!|_object|_checkpoint)?"
        r"|\bdeserialize|\bjldopen|\brestore!|\bloadparams!)(?=\s*\(|\s)"
    ),
}
"""What may load a model: data that is read by the same call counts too, for nobody can tell."""

SAVES: dict[Language, re.Pattern[str]] = {
    "R": regex(
        WHOLE + r"(?P<call>saveRDS|write_rds|save|qsave|qs_save|xgb\.save\w*|lgb\.save|saveRDS\.lgb\.\w+"
        r"|save_model\w*|export_savedmodel|torch_save|luz_save|h2o\.save\w*|pin_write|vetiver_pin_write)\s*\("
    ),
    "julia": regex(r"(?P<call>@save\b|\bjldsave|\bbson|\bserialize|\bsave(?:_object)?)(?=\s*\(|\s)"),
}
MEASURES: dict[Language, re.Pattern[str]] = {
    "R": regex(
        WHOLE
        + r"(?P<call>confusionMatrix|conf_mat|postResample|(?:collect_)?metrics|metric_set|last_fit|rmse"
        r"|RMSE|rsq|mae|MAE|roc|auc|roc_auc|roc_curve|accuracy|evaluate|h2o\.performance|multiClassSummary)\s*\("
    ),
    "julia": regex(
        r"(?<![\w.])(?:\w+\.)?(?P<call>accuracy|evaluate!|conf(?:usion_?|us)mat\w*|rmse?|r2_?score|auc"
        r"|misclassification_rate|balanced_accuracy|log_loss|roc_curve)\s*\("
    ),
}
REGISTERS = regex(WHOLE + r"(?P<call>mlflow_log_model|mlflow_save_model|bundle|crate)\s*\(")
REPEATS = regex(
    r"\benable_op_determinism\s*\(|\buse_session_with_seed\s*\(|TF_DETERMINISTIC_OPS"
    r"|(?<!keras3::)\bset_random_seed\s*\((?![^()\n]*\bdisable_gpu\s*=\s*F)"
)
"""TensorFlow's own setting, and what leaves the GPU out, whose operations differ, unless told not to."""


def loaded(repo: Repo) -> Found | None:
    """Where a model may be loaded, or a pipeline that hands it from step to step."""
    if found := _first(scripts(repo), LOADS):
        return found
    found = _first(scripts(repo), {"R": TARGETS})
    return found and Found(found.spot, f"{found.by}, which stores what steps make")


def saved(repo: Repo) -> Found | None:
    """Where what a script made is written to a file."""
    return _first(scripts_of_runs(repo), SAVES)


def registered(repo: Repo) -> Found | None:
    """Where a tracker is given the model."""
    return _first(scripts(repo), {"R": REGISTERS})


def measured(repo: Repo) -> Found | None:
    """Where something says how good a model is."""
    return _first(scripts(repo), MEASURES)


def _first(asked: Iterable[Script], patterns: Mapping[Language, re.Pattern[str]]) -> Found | None:
    for script in asked:
        pattern = patterns.get(script.language)
        if hit := pattern.search(script.code) if pattern else None:
            return Found(script.spot(script.code, hit.start("call")), hit["call"])
    return None


def deep(repo: Repo) -> tuple[Run, ...]:
    """The runs in R whose networks TensorFlow trains."""
    networks, _ = DEEP["tensorflow"]
    return tuple(run for run in runs(repo) if run.script.language == "R" and networks.search(run.script.code))


def deterministic(repo: Repo) -> tuple[Deterministic, ...]:
    """Each setting by which those networks are trained alike."""
    return tuple(
        Deterministic(_spot(script, hit), hit[0].strip(" ("))
        for script in (scripts_of_runs(repo) if deep(repo) else ())
        if script.language == "R" and (hit := REPEATS.search(script.told))
    )


def _spot(script: Script, hit: re.Match[str]) -> Spot:
    return script.spot(script.told, hit.start())
