"""What Scala and Java train: the calls that fit a model, and what they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.jvm import Module, modules, root
from mlscaffold.repo.training.r_and_julia_runs import Run
from mlscaffold.repo.training.training import EXAMPLE
from mlscaffold.repo.vendored import folder

FIT = regex(r"\.\s*(?P<call>fit)\s*\(")
RUN = regex(r"\.\s*(?P<call>run)\s*\(")
"""How the older of Spark's libraries trains an estimator that was made before."""

FITTING = frozenset(("spark", "deeplearning4j", "smile", "sparkling", "xgboost"))
"""Libraries whose models learn by a method of that name."""

PREPARES = regex(
    r"index(?:er)?|scale|encod|vectori|imput|normali[sz]|tf_?idf|\bidf\b|hashing|pca\b|svd|bucket|discreti"
    r"|tokeni|binari|select|preproc|transform|converter|assembler|standardi|interaction|tagger",
    re.IGNORECASE,
)
"""Names of what prepares data, and of its classes."""

PREDICTS = (
    r"LogisticRegression|LinearRegression|LinearSVC|SVMWithSGD|NaiveBayes|(?:RandomForest|DecisionTree|GBT|FM)"
    r"(?:Classifier|Regressor|Regression)?|GradientBoostedTrees|MultilayerPerceptronClassifier|OneVsRest|ALS"
    r"|GeneralizedLinearRegression|IsotonicRegression|AFTSurvivalRegression|(?:XGBoost|LightGBM)\w*"
)
GROUPS = r"(?:Bisecting)?KMeans|GaussianMixture|LDA|Word2Vec|FPGrowth|PowerIterationClustering"
MODELS = regex(rf"(?<!\w)(?:{PREDICTS}|{GROUPS})\s*(?:\[[^\]\n]*\])?(?:\(|\.train|\.run|\.fit)")
"""An estimator of Spark that is made or trained."""

TRAINS = {
    "spark": regex(
        r"(?<![\w.])(?P<call>(?:RandomForest|GradientBoostedTrees|DecisionTree|NaiveBayes|ALS|KMeans|StreamingKMeans"
        r"|\w+With(?:SGD|LBFGS|AGD))\.(?:train\w*|run))\s*\("
    ),
    "weka": regex(r"\.\s*(?P<call>buildClassifier|buildClusterer|crossValidateModel)\s*\("),
    "smile": regex(
        r"\bnew\s+(?P<call>RandomForest|DecisionTree|RegressionTree|GradientTreeBoost|AdaBoost|SVM|SVR|LogisticRegression"
        r"|NeuralNetwork|RBFNetwork|LDA|QDA|FLD|KNN|NaiveBayes|LASSO|RidgeRegression|OLS|GaussianProcessRegression)\s*"
        r"(?:<\w*(?:\[\])*>)?\s*\(\s*[\w.]"
        r"|(?<![\w.])(?P<short>randomForest|gbm|adaboost|svm|mlp|cart|logit|rbfnet|knn|ols|lasso|ridge|gpr|svr)\s*\("
    ),
    "xgboost": regex(r"(?<![\w.])(?P<call>XGBoost\.(?:train\w*|crossValidation))\s*\("),
    "h2o": regex(r"\.\s*(?P<call>trainModel)\s*\("),
    "djl": regex(r"(?<![\w.])(?P<call>EasyTrain\.(?:fit|trainBatch))\s*\("),
    "tribuo": regex(r"\b\w*[tT]rainer\w*\s*\.\s*(?P<call>train)\s*\("),
}
"""Calls that train where the library is imported."""

ESTIMATOR = regex(rf"^(?:.*\s)?(?:{PREDICTS}|{GROUPS}|\w+With(?:SGD|LBFGS|AGD))(?:\s|$)")
ONLY_GROUPS = regex(
    rf"(?<!\w)(?:{GROUPS}|SimpleKMeans|EM|DBSCAN)\s*(?:\(|\.)|\bbuildClusterer\b|\bParagraphVectors\b"
)
LEARNS_LABELS = regex(
    rf"(?<!\w)(?:{PREDICTS})\s*(?:\(|\.)|\bbuildClassifier\b|\bcrossValidateModel\b|\bMultiLayer(?:Network|Configuration)\b"
    r"|\bComputationGraph\b|\b(?:classification|regression|timeseries)\."
)


@fact
def runs(repo: Repo) -> tuple[Run, ...]:
    """The sources that train, by path; examples count where nothing else does."""
    spark = any(MODELS.search(module.script.code) for module in modules(repo))
    found = tuple(run for module in modules(repo) if (run := _run(module, spark)))
    return tuple(run for run in found if not EXAMPLE.search(run.script.path)) or found


def _run(module: Module, spark: bool) -> Run | None:
    first = min(_calls(module, spark), key=lambda found: found[0], default=None)
    if first is None:
        return None
    return Run(module.script, module.script.code.count("\n", 0, first[0]) + 1, first[1])


def _calls(module: Module, spark: bool) -> Iterator[tuple[int, str]]:
    """Where a source trains, and by what."""
    code = module.script.code
    for library, pattern in TRAINS.items():
        if library in module.uses and (hit := pattern.search(code)):
            yield hit.start(), next(group for group in hit.groups() if group)
    for hit in RUN.finditer(code) if "spark" in module.uses else ():
        name, made = root(code, hit.start())
        if name and ESTIMATOR.search(name if made else made_as(code, name)):
            yield hit.start(), hit["call"]
            break
    if not module.uses & FITTING or (module.uses & FITTING <= {"spark"} and not spark):
        return
    for hit in FIT.finditer(code):
        name, made = root(code, hit.start())
        if name and not PREPARES.search(name) and not (not made and PREPARES.search(made_as(code, name))):
            yield hit.start(), hit["call"]
            return


def made_as(code: str, name: str) -> str:
    """What a variable is declared or made as, as far as the source says it; empty where it does not."""
    quoted = re.escape(name)
    made = re.search(rf"\b{quoted}\b\s*(?::\s*[\w.\[\], ]+)?=\s*new\s+([\w.]+)", code)
    typed = re.search(rf"\b{quoted}\s*:\s*([A-Z]\w+)|\b([A-Z]\w+)(?:<[\w<>, ?]*>)?\s+{quoted}\s*[=;,)]", code)
    return " ".join(group for hit in (made, typed) if hit for group in hit.groups() if group)


@fact
def modules_of_runs(repo: Repo) -> tuple[Module, ...]:
    """The sources that use a library of machine learning, those that train and their neighbours first."""
    training = {run.script.path for run in runs(repo)}
    beside = {folder(path) for path in training}
    having = sorted(
        modules(repo), key=lambda m: (m.script.path not in training, folder(m.script.path) not in beside)
    )
    return tuple(having) if training else ()


@fact
def predicting(repo: Repo) -> tuple[Run, ...]:
    """The runs that predict; where no source learns labels, those that group rows are none."""
    if any(LEARNS_LABELS.search(module.script.code) for module in modules(repo)):
        return tuple(run for run in runs(repo) if not _only_groups(run))
    return () if any(ONLY_GROUPS.search(module.script.code) for module in modules(repo)) else runs(repo)


def _only_groups(run: Run) -> bool:
    code = run.script.code
    return ONLY_GROUPS.search(code) is not None and LEARNS_LABELS.search(code) is None
