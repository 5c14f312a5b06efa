"""Held-out data and settings given from outside, in R and Julia."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.declared_parameters import by_entry_points, by_flags
from mlscaffold.repo.training.hyper_names import External, is_hyper
from mlscaffold.repo.training.hyperparameters import Fixed, parameter_files
from mlscaffold.repo.training.r_and_julia import DOCUMENTS, Script, scripts
from mlscaffold.repo.training.r_and_julia_runs import FREE, Run, runs, scripts_of_runs
from mlscaffold.repo.training.splits import DATA_NAME, HeldOut

SPLITS = regex(
    FREE + r"(?P<call>initial_split|initial_time_split|initial_validation_split|group_initial_split|vfold_cv"
    r"|group_vfold_cv|mc_cv|validation_split|nested_cv|rolling_origin|createDataPartition|createFolds|createTimeSlices"
    r"|sample\.split|trainControl|cv\.glmnet|xgb\.cv|lgb\.cv|rsmp|run_ml|splitobs|splitdata|kfolds|stratifiedobs"
    r"|evaluate!|train_test_split|h2o\.splitFrame|testing|testdata)\s*\("
    r"|\b(?P<keyword>validation_split|validation_data|valids|watchlist|resampling)\s*=(?!=)"
    r"|(?<![\w:]):(?P<part>test|val|validation|dev)\b"
)
OUT_OF_BAG = regex(
    r"\$(?P<part>err\.rate|oob\.\w+|prediction\.error|confusion)\b|\b(?P<named>OOB|oob_error)\b|\b(?P<loo>loo|kfold)\s*\("
)
"""Errors on rows that a tree of the forest, or one of many fits, did not see."""

READS_DATA = {
    "R": regex(
        r"\b(?:read[._]?\w+|fread|vroom|load|data|import|dataset_\w+|tbl|db\w*Get\w+|sqlQuery|raster|rast|st_read"
        r"|tar_(?:read|load|target)|commandArgs|RxSqlServerData|RxTextData|pin_read)\s*\(|\bsnakemake@input"
    ),
    "julia": regex(
        r"\b(?:CSV|MLDatasets|RDatasets|FileIO|JLD2?|BSON|Arrow|MAT|NPZ|JSON3?|HDF5|Images|DelimitedFiles|Parquet2?)\."
        r"|\b(?:readdlm|load|h5open|h5read|matread|npzread|dataset|readtable|download|datadep)\s*\(|@load\w*"
        r"|\b(?:MNIST|FashionMNIST|CIFAR10+|BostonHousing|Iris|traindata)\b|\bARGS\b"
    ),
}
SOLVES = regex(r"\b(?:ODE|SDE|DDE|DAE|PDE|Steady\w*)Problem\s*\(|\bdeSolve\b|\b(?:ode|lsoda)\s*\(")
"""A script that solves differential equations learns from a simulation."""

DESCRIBES = ("lm", "glm", "gam", "brm", "auto.arima", "rpart", "ctree")
"""Calls that explain the data at hand as often as they predict other rows."""

WORD = regex(r"(?<![\w.])[A-Za-z][\w.]*")
OPTION = regex(r"[\"'](?P<option>--[A-Za-z][\w-]*)[\"']|(?P<usage>--[A-Za-z][\w-]*)[= ]<")
ASKS = regex(
    r"\b(?:make_option|add_argument|add_option|add_arg_table!?|OptionParser|ArgumentParser|docopt|@main)\b"
)
TAKEN = regex(
    r"\b(?:params|opts?|args|argv|config|cfg|snakemake@(?:params|config|wildcards))(?:\$|\[\[?[\"'])(?P<name>\w+)"
    r"|\bSys\.getenv\(\s*[\"'](?P<variable>\w+)|\bENV\[\"(?P<set>\w+)\""
    r"|(?<!\w)(?P<given>\w+)\s{0,9}(?:<-|=)\s{0,9}(?:as\.(?:numeric|integer|double)|parse)"
    r"\s{0,9}\([^\n]{0,30}\b(?:args|ARGS|commandArgs\(\))"
)
ASKING = regex(
    r"\b(?:optparse|argparse|docopt|commandArgs|ArgParse|snakemake@|params\$|config::get|ARGS|Sys\.getenv|ENV\[)"
)
FLAGGED = regex(r"\bguild_run\s{0,9}\((?:[^()]|\([^()]*\)){0,999}?\b(?P<flags>flags)\s{0,9}=")
"""A run that Guild AI is given the values of, which it writes over what the script assigns."""

FIXED = regex(
    r"(?<![\w.$])(?P<name>ntree|num\.trees|mtry|trees|min_n|tree_depth|n?epochs|batch_?size|max[._]?depth|eta|nrounds"
    r"|num_round|learn(?:ing)?_rate|lr|units|dropout|rate|alpha|lambda|cost|gamma|hidden|n_trees|n_subfeatures)"
    r"\s{0,9}(?:<-|=)\s{0,9}(?:c\()?[\d.]+"
)
"""A number given to a hyper-parameter."""

READS = regex(
    r"\b(?:read_yaml|yaml\.load_file|yaml\.load|config::get|fromJSON|read_json|YAML\.load_file"
    r"|TOML\.parsefile|JSON3?\.(?:parsefile|read))\s*\("
)


@fact
def held_out_elsewhere(repo: Repo) -> HeldOut | None:
    """The clearest sign in R and Julia that data is held back for evaluation, or `None`."""
    return next(_held(repo), None)


def _held(repo: Repo) -> Iterator[HeldOut]:
    for script in scripts_of_runs(repo):
        if hit := SPLITS.search(script.code):
            yield HeldOut(script.spot(script.code, hit.start()), next(g for g in hit.groups() if g))
    for script in scripts_of_runs(repo):
        for word in dict.fromkeys(WORD.findall(script.code)):
            if DATA_NAME.search(word.replace(".", "_")):
                yield HeldOut(script.spot(script.code, script.code.find(word)), word)


@fact
def predicting(repo: Repo) -> tuple[Run, ...]:
    """The runs whose models are there to predict."""
    return tuple(run for run in runs(repo) if run.call not in DESCRIBES)


@fact
def learning_from_data(repo: Repo) -> tuple[Run, ...]:
    """The runs among them that read data, rather than solving equations or leaving it to others."""
    return tuple(run for run in predicting(repo) if _reads(run.script))


def _reads(script: Script) -> bool:
    return bool(READS_DATA[script.language].search(script.code)) and not SOLVES.search(script.code)


@fact
def judged_out_of_bag(repo: Repo) -> HeldOut | None:
    """Where a forest is judged on the rows that its trees did not see, or `None`."""
    hits = ((s, hit) for s in scripts_of_runs(repo) if (hit := OUT_OF_BAG.search(s.code)))
    found = next(hits, None)
    return HeldOut(found[0].spot(found[0].code, found[1].start()), "out-of-bag rows") if found else None


@fact
def given_elsewhere(repo: Repo) -> External | None:
    """What lets hyper-parameters of R and Julia code be changed without editing it, or `None`."""
    return next(_given(repo), None) if runs(repo) else None


def _given(repo: Repo) -> Iterator[External]:
    yield from by_flags(repo)
    yield from by_entry_points(repo)
    for script in scripts(repo):
        if hit := FLAGGED.search(script.code):
            yield External(script.spot(script.code, hit.start("flags")), "the flags of guild_run")
    for script in scripts_of_runs(repo):
        if ASKS.search(script.code):
            for hit in OPTION.finditer(script.told):
                if is_hyper(name := hit["option"] or hit["usage"]):
                    yield External(script.spot(script.told, hit.start()), name)
        if ASKING.search(script.told):
            yield from _taken(script)
        files = parameter_files(repo) if READS.search(script.code) else ()
        for file in files:
            if file.path.rpartition("/")[2] in script.told or "config::get" in script.code:
                yield External(file, f"the parameters at line {file.line}")


def _taken(script: Script) -> Iterator[External]:
    declares = script.path.lower().endswith(DOCUMENTS)
    for hit in TAKEN.finditer(script.told):
        if hit[0].startswith("params") and not declares:
            continue  # a variable like any other
        if is_hyper(name := next(g for g in hit.groups() if g)):
            yield External(script.spot(script.told, hit.start()), name)


def fixed(repo: Repo) -> Iterator[Fixed]:
    """Numbers given to hyper-parameters in the scripts that train."""
    for run in runs(repo):
        for hit in FIXED.finditer(run.script.code):
            yield Fixed(run.script.spot(run.script.code, hit.start()), hit["name"])
