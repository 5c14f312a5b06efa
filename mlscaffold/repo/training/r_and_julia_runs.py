"""What R and Julia train, which random numbers they draw, and whether each script seeds them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.r_and_julia import Script, scripts
from mlscaffold.repo.training.randomness import At, Random
from mlscaffold.repo.training.training import EXAMPLE
from mlscaffold.repo.vendored import folder

FREE = r"(?<![\w.$@!])(?:\w+::|(?:Flux|Lux|DiffEqFlux|Random|StatsBase|MLUtils|MLJ|Optimisers|Optimise)\.)*"
FRAMEWORKS = regex(
    r"(?:library|require|requireNamespace|p_load|using|import)\b[^\n]{0,200}?\b(?P<loaded>keras3?|parsnip|tidymodels|caret"
    r"|mlr3\w*|workflows|luz|torch|Flux|Lux|MLJ\w*|Knet|ScikitLearn|DiffEqFlux|SimpleChains|Zygote)\b"
    r"|\b(?P<named>keras3?|parsnip|caret|workflows|luz)::"
    r"|[\"'](?P<listed>keras3?|parsnip|tidymodels|caret|workflows|mlr3)[\"']"
)
TRAINS = {
    "R": regex(
        FREE + r"(?P<call>randomForest|ranger|xgb\.train|xgb\.cv|xgboost|lgb\.train|lgb\.cv|lightgbm"
        r"|glmnet|cv\.glmnet|svm|ksvm|naiveBayes|nnet|neuralnet|gbm|gbm\.fit|cforest|bartMachine|brm"
        r"|catboost\.train|rpart|ctree|prophet|auto\.arima|fit_generator|last_fit"
        r"|fit_resamples|tune_grid|tune_bayes|workflow_map|run_ml"
        r"|h2o\.(?:automl|gbm|randomForest|deeplearning|glm|xgboost))\s*\("
    ),
    "julia": regex(
        FREE
        + r"(?P<call>train!|build_forest|build_tree|xgboost|svmtrain|sciml_train|single_train_step!|glmnet"
        r"|fit_evotree)\s*\("
    ),
}
FITS = {
    "R": regex(r"(?<![\w.@])(?P<call>fit|fit_xy|train)\s*\((?!\s*\))|\$(?P<back>backward)\s*\("),
    "julia": regex(
        FREE + r"(?P<call>fit!|update!|update|evaluate!|adam!|sgd!|OptimizationProblem)\s*\("
        r"|(?<![\w.])(?:Optimization|GalacticOptim)\.(?P<solved>solve)\s*\("
    ),
}
"""Calls that train where a framework is loaded."""

NEEDS_ITS_OWN = ("update", "OptimizationProblem")
"""Names of anything's functions: they train where the script itself loads a framework."""

LINEAR = regex(FREE + r"(?P<call>lm|glm|gam)\s*\(")
"""Regressions describe data as often as they predict: they train where somebody predicts."""

DRAWS = {
    "R": regex(
        FREE + r"(?P<call>sample|sample\.int|sample_n|sample_frac|slice_sample|rnorm|runif|rbinom|rpois|rexp"
        r"|rgamma|rbeta|rmultinom|mvrnorm|createDataPartition|createFolds|createMultiFolds|createResample|sample\.split"
        r"|initial_split|initial_validation_split|group_initial_split|validation_split|vfold_cv|group_vfold_cv|mc_cv"
        r"|bootstraps|nested_cv|rsmp|trainControl|cv\.glmnet|randomForest|ranger|rand_forest|mlp|bag_tree|cforest|gbm"
        r"|nnet|neuralnet|kmeans|run_ml|tune_bayes|grid_random|grid_latin_hypercube|grid_max_entropy|brm"
        r"|h2o\.(?:automl|gbm|randomForest|deeplearning|xgboost|splitFrame))\s*\("
    ),
    "julia": regex(
        FREE + r"(?P<call>rand|randn|randexp|randperm|randsubseq|shuffle!?|shuffleobs|sample"
        r"|(?:glorot|kaiming)_\w+|Dense|Conv|ConvTranspose|LSTM|GRU|RNN|Embedding|FastDense|initial_params"
        r"|build_forest|DataLoader|splitobs|partition|setup|unpack|CV|StratifiedCV|Holdout|RandomSearch)\s*\("
    ),
}
ASKS = {"DataLoader": "shuffle", "splitobs": "shuffle", "setup": "rng"}
ASKS |= dict.fromkeys(("partition", "unpack", "CV", "StratifiedCV", "Holdout"), "(?:rng|shuffle)")
LAYERS = frozenset(("Dense", "Conv", "ConvTranspose", "LSTM", "GRU", "RNN", "Embedding"))
GIVEN = regex(
    r"\b(?:seed|rng|random_state)\s*=\s*(?!NULL\b|nothing\b|NA\b)[\w\"@(]|^\s*\w*(?:rng|RNG|MersenneTwister)\b"
)
NUMBERED = regex(r"\brngs?\s*=\s*\d")
"""MLJ makes a generator of its own from a number."""

SEEDS = {
    "R": regex(FREE + r"(?P<call>set\.seed|with_seed|local_seed|with_local_seed)\s*\(\s*(?!NULL\b)[^\s)]"),
    "julia": regex(FREE + r"(?P<call>seed!|srand|CUDA\.seed!)\s*\(\s*[^\s)]"),
}
OWN_SEED = regex(r"(?P<call>MersenneTwister|StableRNG|Xoshiro)\s*\(\s*[^\s)]")
DEEP = {
    "tensorflow": (
        regex(FREE + r"(?P<call>layer_\w+|keras_model_sequential|keras_model)\s*\("),
        regex(FREE + r"(?P<call>set_random_seed|use_session_with_seed)\s*\(\s*[^\s)]"),
    ),
    "torch": (
        regex(FREE + r"(?P<call>torch_randn?|nn_linear|nn_conv\w+|nn_lstm|nn_gru)\s*\("),
        regex(FREE + r"(?P<call>torch_manual_seed)\s*\(\s*[^\s)]"),
    ),
}
"""Libraries that draw by a generator of their own when R calls them, and what seeds it."""

SOURCED = regex(
    r"(?<![\w.])(?:source|sys\.source|include)\s{0,9}\([^\"'()]{0,60}(?:(?:here|file\.path|joinpath|path)\s{0,9}\()?"
    r"[^\"'()]{0,60}((?:[\"'][^\"'\n]+[\"']\s{0,9},\s{0,9}){0,6}[\"'][^\"'\n]+[\"'])"
)
QUOTED = regex(r"[\"']([^\"'\n]+)[\"']")
"""The parts of a path, as `here("R", "train.R")` takes them."""

TARGETS = regex(FREE + r"(?P<call>tar_target|tar_option_set|tar_plan)\s*\(")
"""A pipeline of targets gives each target a seed of its own, made of the target's name."""

SAY = {
    "R": "set.seed(seed)",
    "julia": "Random.seed!(seed)",
    "tensorflow": "tensorflow::set_random_seed(seed)",
    "torch": "torch_manual_seed(seed)",
}
BRACKET = regex(r"[()]")
MOST = 4000


class Run(NamedTuple):
    """A script that trains: which one, the line, and by what call."""

    script: Script
    line: int
    call: str

    @property
    def spot(self) -> Spot:
        """Where it trains."""
        return self.script.source.spot(self.line)


@fact
def runs(repo: Repo) -> tuple[Run, ...]:
    """The scripts that train, by path; snippets of a documentation count where nothing else does."""
    loaded = frozenset(s.language for s in scripts(repo) if FRAMEWORKS.search(s.told))
    found = tuple(run for s in scripts(repo) if (run := _run(s, s.language in loaded)))
    return tuple(run for run in found if not EXAMPLE.search(run.script.path)) or found


def _run(script: Script, loaded: bool) -> Run | None:
    code = script.code
    hit = TRAINS[script.language].search(code)
    if hit is None and loaded:
        hit = FITS[script.language].search(code)
        if hit and hit["call"] in NEEDS_ITS_OWN and not FRAMEWORKS.search(script.told):
            hit = None
    if hit is None and script.language == "R" and regex(r"\bpredict\s*\(").search(code):
        hit = LINEAR.search(code)
    if hit is None or regex(r"\bfunction\s*$").search(code[max(0, hit.start() - 12) : hit.start()]):
        return None
    return Run(script, code.count("\n", 0, hit.start()) + 1, next(g for g in hit.groups() if g))


@fact
def scripts_of_runs(repo: Repo) -> tuple[Script, ...]:
    """The scripts that train, what they load, what loads or plans them, and what lies beside them."""
    training = {run.script.path for run in runs(repo)}
    folders = {folder(path) for path in training if folder(path)}
    loaded = {path for s in scripts(repo) if s.path in training for path in sourced(repo, s)}
    loaded |= {path for trains in training for path in loading(repo).get(trains, ())}
    loaded |= {s.path for s in _pipelines(repo) if training}
    near = tuple(
        s for s in scripts(repo) if s.path in loaded or s.path in training or folder(s.path) in folders
    )
    return tuple(sorted(near, key=lambda s: s.path not in training))


@fact
def draws_elsewhere(repo: Repo) -> tuple[Random, ...]:
    """The random numbers that R and Julia draw for training, by language or library."""
    found: dict[str, Random] = {}
    for script in scripts_of_runs(repo):
        for library, draws, seeds in _drawn(repo, script):
            kept = found.setdefault(library, Random(library, SAY[library], [], [], []))
            own, bare = [at for at, given in draws if given], [at for at, given in draws if not given]
            kept.draws.extend(own + bare)
            kept.seeds.extend(seeds or own)
            kept.open.extend(bare if not seeds else ())
    return tuple(r for _, r in sorted(found.items()) if r.draws)


def _drawn(repo: Repo, script: Script) -> Iterator[tuple[str, list[tuple[At, bool]], list[At]]]:
    draws = list(_draws(script))
    if draws:
        yield script.language, draws, _reaching(repo, script, SEEDS[script.language])
    for library, (pattern, seed) in DEEP.items() if script.language == "R" else ():
        if hit := pattern.search(script.code):
            yield library, [(_at(script, hit), False)], _reaching(repo, script, seed)


def _draws(script: Script) -> Iterator[tuple[At, bool]]:
    """Each draw, and whether it brings a seed or a generator that has one."""
    own = script.language == "R" or OWN_SEED.search(script.code) is not None
    lux = regex(r"\b(?:using|import)\b[^\n]*\bLux\b").search(script.code) and "Flux" not in script.code
    for hit in DRAWS[script.language].finditer(script.code):
        if regex(r"\bfunction\s*$").search(script.code[max(0, hit.start() - 12) : hit.start()]):
            continue
        given = arguments(script.code, hit.end())
        asked = ASKS.get(hit["call"])
        if asked and not re.search(rf"\b{asked}\b(?!\s*=\s*false)", given):
            continue
        if lux and hit["call"] in LAYERS:
            continue
        seeded = NUMBERED.search(given) or (own and GIVEN.search(given))
        yield _at(script, hit), bool(seeded)


def arguments(code: str, start: int) -> str:
    """What stands in the brackets that open before `start`."""
    depth = 1
    for hit in BRACKET.finditer(code, start, start + MOST):
        depth += 1 if hit[0] == "(" else -1
        if depth == 0:
            return code[start : hit.start()]
    return code[start : start + MOST]


def _at(script: Script, hit: re.Match[str]) -> At:
    return At(script.source, script.code.count("\n", 0, hit.start()) + 1, hit["call"])


def _reaching(repo: Repo, script: Script, pattern: re.Pattern[str]) -> list[At]:
    """The seeds that run in the same session: of the script, of what it loads, and of what loads it."""
    known = {s.path: s for s in scripts(repo)}
    callers = [known[path] for path in loading(repo).get(script.path, ())]
    beside = [path for other in callers for path in sourced(repo, other)]
    near = [script.path, *sourced(repo, script), *(other.path for other in callers), *beside]
    found = [_at(known[p], hit) for p in near if p in known and (hit := pattern.search(known[p].code))]
    if not found and pattern is SEEDS["R"]:
        found = [_at(s, hit) for s in _pipelines(repo) if (hit := TARGETS.search(s.code))]
    return found[:1]


@fact
def _pipelines(repo: Repo) -> tuple[Script, ...]:
    return tuple(s for s in scripts(repo) if s.path.endswith("_targets.R") and TARGETS.search(s.code))


def sourced(repo: Repo, script: Script) -> tuple[str, ...]:
    """The scripts that this one loads, itself or for every chapter of its book."""
    named = ["/".join(QUOTED.findall(parts)) for parts in SOURCED.findall(script.told)]
    if script.path.lower().endswith((".rmd", ".qmd")):
        book = repo.raw(f"{folder(script.path)}/_bookdown.yml".lstrip("/")) or b""
        named += [
            n.decode("utf-8", "replace") for n in regex(rb"_chapter_script:.*?[\"']([^\"'\n]+)").findall(book)
        ]
    beside = [f"{folder(script.path)}/{name}".lstrip("/") for name in named]
    return tuple(path for pair in zip(beside, named, strict=True) for path in pair if path in repo.files)


@fact
def loading(repo: Repo) -> dict[str, tuple[str, ...]]:
    """The scripts that load each script."""
    found: dict[str, tuple[str, ...]] = {}
    for script in scripts(repo):
        for path in sourced(repo, script):
            found[path] = (*found.get(path, ()), script.path)
    return found
