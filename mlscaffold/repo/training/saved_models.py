"""Trained models as files: whether any code writes one, loads one, and evaluates."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.source import code, names_found
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact

_MODEL = (
    r"models?|weights?|checkpoints?|ckpts?|state|net\w*|pretrained|learner|trained|best|saved|policy"
    r"|agents?|classifier|regressor|estimator|generator|predictor|encoder|pipeline|booster|snapshot"
    r"|pickle\w*|pkl|mojo"
    r"|pytorch\w*|tf\w*"
)
LOADS = regex(
    rb"\b(?:load\w{0,40}?_?(?:" + _MODEL.encode() + rb")\w{0,40}\(|\w{1,40}_load\(|models:/"
    rb"|(?:restore\w*|resume\w*|ckpt_path|read_pickle|unpickle|model_file|to_runner|model_uri|import_mojo"
    rb"|checkpoint_path|checkpoint_dir)\b)"
    rb"|from_(?:pretrained|checkpoint)\b|InferenceSession|Unpickler"
    rb"|\.(?<!json\.)(?<!yaml\.)(?<!toml\.)(?<!np\.)(?<!numpy\.)(?<!tomllib\.)"
    rb"(?<!OmegaConf\.)(?<!nltk\.)(?<!librosa\.)(?<!torchaudio\.)(?<!tokenizer\.)"
    rb"(?<!dataset\.)(?<!data\.)(?<!datasets\.)(?<!config\.)(?<!cfg\.)load(?:_from_\w+)?\(",
    re.IGNORECASE,
)
SAVES = regex(
    rb"\b(?:(?:torch|th|tf\.saved_model|paddle)\.save\w*\(|(?:joblib|pickle|cPickle|dill|cloudpickle"
    rb"|skops\.io|sio)\.dump\w*\(|save_?(?:" + _MODEL.encode() + rb")\w*\b|model\.save\(|Saver\("
    rb"|(?:save_pretrained|log_model|dump_model|to_onnx|onnx\.export|save_checkpoint)\b)|ModelCheckpoint",
    re.IGNORECASE,
)
_STORES = (
    r"joblib|pickle|cPickle|_pickle|dill|cloudpickle|torch|skops|keras|tensorflow|mlflow|safetensors"
    r"|xgboost|pandas"
)
LOAD_CALL = regex(rf"^(?!.*\b(?:datasets|load_data)\b)(?:{_STORES})\.(?:[\w()]+\.)*(?:load\w*|read_pickle)$")
SAVE_CALL = regex(rf"^(?:{_STORES})\.(?:[\w()]+\.)*(?:dump|save\w*|to_pickle|log_model)$")
REGISTRY = regex(rb"\blog_model\b|\bautolog\b|\bregister_model\b")
EVALUATES = regex(
    rb"\bevaluate\w*\(|\.score\(|\b(?!\w*silhouette)\w+_score\(|classification_report|confusion_matrix"
    rb"|\bmean_\w+_error\b|\.test\("
    rb"|\btest_loader\b|\bvalidate\w*\(|\broc_curve\b|\.eval\(\)|cross_val\w*|\baccuracy\w*\b"
    rb"|\bmetrics\.\w+\("
)
_PASSED_ON = "kedro zenml metaflow dagster flytekit kfp luigi ploomber steppy tfx azureml clearml sagemaker"
PASSED_ON = frozenset(_PASSED_ON.split())
"""Pipelines that store what one step made and load it for the next without a call in the code."""


class Found(NamedTuple):
    """One sign, and where it stands."""

    spot: Spot
    by: str


@fact
def model_loaded(repo: Repo) -> Found | None:
    """Where a saved model is loaded, or may be."""
    for source in code(repo):
        for name, line in source.imports.items():
            if name.partition(".")[0] in PASSED_ON:
                return Found(
                    source.spot(line), f"{name.partition('.')[0]}, which stores models between steps"
                )
    return _called(repo, LOAD_CALL) or _first(repo, LOADS)


@fact
def model_saved(repo: Repo) -> Found | None:
    """Where a trained model is written to a file or a registry."""
    return _called(repo, SAVE_CALL) or _first(repo, SAVES)


@fact
def model_registered(repo: Repo) -> Found | None:
    """Where a tracker is given the model, which others may load from there."""
    return _first(repo, REGISTRY)


@fact
def evaluation(repo: Repo) -> Found | None:
    """Where something is measured."""
    return _first(repo, EVALUATES)


def _called(repo: Repo, pattern: re.Pattern[str]) -> Found | None:
    found = names_found(repo, pattern)
    for source in code(repo) if found else ():
        for call in source.calls:
            if call.name in found:
                return Found(source.spot(call.line), call.name)
    return None


def _first(repo: Repo, pattern: re.Pattern[bytes]) -> Found | None:
    for spot, hit in written(repo, pattern):
        return Found(spot, hit.said.strip(" \t(."))
    return None
