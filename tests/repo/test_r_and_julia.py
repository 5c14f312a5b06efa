"""Facts of R and Julia: what trains, what it draws, what seeds it, what is held back, what can be set."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlscaffold import inventory, standard
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.r_and_julia import stripped
from mlscaffold.repo.trees.memory import MemoryTree


def value(fact: str, files: dict[str, str]) -> object:
    return inventory.load()[fact].take(Repo(MemoryTree(files), standard.load())).value


CARET = "library(caret)\nrows <- createDataPartition(d$y, p = 0.8)\nm <- train(y ~ ., data = d[rows, ])\n"
FLUX = "using Flux\nmodel = Chain(Dense(4 => 2))\nFlux.train!(loss, model, data, opt)\n"
READ = 'd <- read.csv("d.csv")\n'
RANDOM = "library(randomForest)\nm <- randomForest(y ~ ., data = d)\n"
KERAS = "library(keras)\nm <- keras_model_sequential() %>% layer_dense(1)\nm %>% fit(x, y, epochs = 3)\n"
FOREST = "import sklearn.ensemble as e\ne.RandomForestClassifier(random_state=1).fit(x, y)\n"
CHUNKS = "---\ntitle: a\n---\n\nWe `fit()` it.\n\n```{r}\n%s```\n"


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("none", {"train.R": CARET}),
        ("all", {"train.R": "set.seed(1)\n" + CARET}),
        ("none", {"train.R": "# set.seed(1)\n" + CARET}),
        ("none", {"train.R": 'print("set.seed(1)")\n' + CARET}),
        ("none", {"train.R": "set.seed(NULL)\n" + CARET}),
        ("all", {"train.R": 'source("setup.R")\n' + CARET, "setup.R": "set.seed(3)\n"}),
        ("all", {"run.R": 'set.seed(3)\nsource("R/train.R")\n', "R/train.R": CARET}),
        ("partial", {"a.R": "set.seed(1)\n" + CARET, "b.R": RANDOM}),
        ("all", {"train.Rmd": CHUNKS % ("set.seed(1)\n" + CARET)}),
        ("none", {"train.Rmd": "set.seed(1)\n" + CHUNKS % CARET}),
        ("n/a", {"train.Rmd": (CHUNKS % CARET).replace("{r}", "{r, eval=FALSE}")}),
        ("n/a", {"plot.R": "x <- rnorm(10)\nplot(x)\n"}),
        ("n/a", {"model.R": "library(glmnet)\nm <- glmnet(x, y)\n"}),
        ("all", {"forest.R": "library(ranger)\nm <- ranger(y ~ ., data = d, seed = 7)\n"}),
        ("n/a", {"DESCRIPTION": "Package: a\n", "NAMESPACE": "export(f)\n", "R/f.R": CARET}),
        ("n/a", {"tests/testthat/test-a.R": CARET}),
        ("partial", {"train.R": "set.seed(1)\nidx <- sample(9)\n" + KERAS}),
        ("all", {"train.R": "tensorflow::set_random_seed(1)\n" + KERAS}),
        ("all", {"_targets.R": "library(targets)\nlist(tar_target(m, f(d)))\n", "R/f.R": CARET}),
        ("none", {"train.jl": FLUX}),
        ("all", {"train.jl": "using Random\nRandom.seed!(1)\n" + FLUX}),
        ("none", {"train.jl": "#= Random.seed!(1)\n=#\n" + FLUX}),
        ("partial", {"train.jl": "rng = Xoshiro(1)\nx = rand(rng, 3)\n" + FLUX}),
        ("all", {"train.jl": "using Lux\nrng = StableRNG(1)\nps, st = Lux.setup(rng, m)\nfit!(m)\n"}),
        ("all", {"a.jl": 'include("b.jl")\n' + FLUX, "b.jl": "Random.seed!(1)\n"}),
        ("all", {"train.jl": "y, X = unpack(t, ==(:a); rng=3)\nusing MLJ\nfit!(mach)\n"}),
        ("all", {"train.jl": "a, b = partition(rows, 0.9, rng=69)\nusing MLJ\nfit!(mach)\n"}),
        ("n/a", {"train.jl": "a, b = partition(rows, 0.9)\nusing MLJ\nfit!(mach)\n"}),
        ("none", {"train.jl": "e = evaluate!(m, resampling=CV(shuffle=true))\nusing MLJ\nfit!(mach)\n"}),
        ("all", {"fit.jl": "using Lux\nRandom.seed!(1)\nx = rand(3)\nOptimization.solve(p, Adam(0.1))\n"}),
        ("n/a", {"ode.jl": "using Lux\nx = rand(3)\nsolve(p, Tsit5())\n"}),
        ("none", {"a.jl": "using DiffEqFlux\nDiffEqFlux.sciml_train(loss, rand(3))\n"}),
        ("none", {"a.jl": "using Lux\nx = rand(3)\nsol = solve(OptimizationProblem(f, x), opt)\n"}),
        (
            "n/a",
            {"a.jl": "x = rand(3)\nsol = solve(OptimizationProblem(f, x), opt)\n", "b.jl": "using Lux\n"},
        ),
        ("n/a", {"a.jl": "using Lux\n", "filter.jl": "x = rand(3)\nupdate(x)\n"}),
        ("all", {"a.jl": "using MLJ\ni, j = partition(rows, 0.9, rng=6)\nfit!(mach)\n"}),
        (
            "all",
            {
                "R/all.R": 'source(here::here("R", "split.R"))\nsource(here("R", "fit.R"))\n',
                "R/split.R": "set.seed(4)\np <- initial_split(d)\n",
                "R/fit.R": RANDOM,
            },
        ),
        ("n/a", {"Project.toml": 'name = "A"\nuuid = "1"\n', "src/A.jl": FLUX}),
        ("none", {"N/Project.toml": 'name = "A"\n', "N/Manifest.toml": "", "N/src/A.jl": FLUX}),
    ],
)
def test_seeds(expected: str, files: dict[str, str]) -> None:
    assert value("seeds", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (["R"], {"train.R": CARET}),
        (["julia"], {"train.jl": FLUX}),
        (["tensorflow"], {"train.R": KERAS}),
        ([], {"train.R": "fit <- function(x) x\ntrain <- 3\n"}),
        (["R", "sklearn"], {"a.R": CARET, "b.py": FOREST}),
    ],
)
def test_libraries(expected: list[str], files: dict[str, str]) -> None:
    assert value("rng_libs", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        ("yes", {"train.R": CARET}),
        ("no", {"train.R": READ + RANDOM}),
        ("no", {"train.R": "# test_data\n" + READ + RANDOM}),
        ("unknown", {"train.R": RANDOM}),
        ("yes", {"_targets.R": "tar_target(s, initial_split(d))\n", "R/fit.R": RANDOM}),
        ("yes", {"all.R": 'source("R/fit.R")\ns <- initial_split(d)\n', "R/fit.R": RANDOM}),
        ("yes", {"train.R": "test.data <- d[-rows, ]\n" + RANDOM}),
        ("yes", {"train.jl": "test = MNIST(split=:test)\n" + FLUX}),
        ("no", {"train.jl": "rows = CSV.read(path, DataFrame)\n" + FLUX}),
        ("unknown", {"train.jl": FLUX}),
        ("n/a", {"lm.R": "m <- lm(y ~ x, data = d)\nsummary(m)\n"}),
        ("yes", {"lm.R": "m <- lm(y ~ x, data = train_set)\npredict(m, test_set)\n"}),
    ],
)
def test_held_out_data(expected: str, files: dict[str, str]) -> None:
    assert value("data_split", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (False, {"train.R": CARET}),
        (True, {"train.R": 'library(optparse)\no <- make_option("--epochs", type = "integer")\n' + CARET}),
        (False, {"train.R": 'library(optparse)\no <- make_option("--data-path")\n' + CARET}),
        (False, {"train.R": '"Usage: a --train=<train>" -> doc\nlibrary(docopt)\ndocopt(doc)\n' + CARET}),
        (True, {"train.R": '"Usage: a --max-depth=<n>" -> doc\nlibrary(docopt)\ndocopt(doc)\n' + CARET}),
        (True, {"train.Rmd": CHUNKS % ("n <- params$epochs\n" + CARET)}),
        (True, {"train.R": "a <- commandArgs()\nepochs <- as.integer(args[1])\n" + CARET}),
        (True, {"train.R": 'p <- yaml::read_yaml("p.yml")\n' + CARET, "p.yml": "epochs: 3\n"}),
        (True, {"train.jl": 'using ArgParse\n@add_arg_table s begin\n"--lr"\nend\n' + FLUX}),
        (False, {"train.jl": FLUX}),
        (
            True,
            {
                "train.R": CARET,
                "guild.yml": "train:\n  flags:\n    trees: 3\n    max-depth: 2\n",
            },
        ),
        (True, {"train.R": CARET, "run.R": "guild_run('train.R', flags = grid(c(1, 3)))\n"}),
        (False, {"train.R": CARET, "run.R": "guild_run('train.R')\nplot(flags = 3)\n"}),
        (False, {"train.R": "params <- grid[best, ]\nprint(params$epochs)\n" + CARET}),
        ("n/a", {"plot.R": "params$epochs\n"}),
    ],
)
def test_settings_from_outside(expected: object, files: dict[str, str]) -> None:
    assert value("hparams_externalised", files) == expected


@pytest.mark.parametrize(
    ("expected", "files"),
    [
        (["mlflow"], {"train.R": "library(mlflow)\nmlflow_log_metric('rmse', 3)\n"}),
        ([], {"train.R": "library(mlflow)\n# mlflow_log_metric('rmse', 3)\n"}),
        (["guild"], {"run.R": "library(guildai)\nguild_run('train.R')\n"}),
        (["tensorboard"], {"train.R": "library(keras)\nfit(m, callbacks = callback_tensorboard('logs'))\n"}),
        (["tensorboard"], {"train.jl": "using TensorBoardLogger\nlog = TBLogger('logs')\n"}),
    ],
)
def test_trackers(expected: list[str], files: dict[str, str]) -> None:
    assert value("trackers", files) == expected


def test_a_notebook_of_julia_names_the_line_of_its_json() -> None:
    cells = [{"cell_type": "code", "source": part, "outputs": []} for part in FLUX.splitlines(True)]
    book = {"cells": cells, "metadata": {"kernelspec": {"language": "julia", "name": "julia-1.9"}}}
    files = {"train.ipynb": json.dumps(book, indent=1)}
    known = inventory.load()["seeds"].take(Repo(MemoryTree(files), standard.load()))
    (proof,) = known.evidence
    assert known.value == "none"
    assert "Dense" in files["train.ipynb"].splitlines()[(proof.line or 0) - 1]


def test_comments_and_strings_leave_the_lines_where_they_are() -> None:
    code, told = stripped('a <- \'x # y\nz\' # gone\nb <- r"(q " # r)"\n', "R")
    assert (code, told) == ('a <- ""\n \nb <- ""\n', 'a <- \'x # y\nz\' \nb <- r"(q " # r)"\n')
    assert stripped("a = '\"' #= x\n=# b'\n", "julia")[0] == 'a = "" \n b\'\n'


@given(st.text(alphabet="#=\"'`\\r(-)\n a", max_size=80), st.sampled_from(["R", "julia"]))
@settings(max_examples=200, deadline=None)
def test_any_text_keeps_its_lines(text: str, language: str) -> None:
    code, told = stripped(text, language)  # type: ignore[arg-type]
    assert code.count("\n") == told.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "part", ["guild_run((a)", 'r"(', "#= ", '"', "'", "source(", "using ", "a", "params$", "rand(", "x <- "]
)
def test_time_is_bounded(part: str) -> None:
    started = time.process_time()
    text = part * (100_000 // len(part))
    for path in ("a.R", "a.jl", "a.Rmd"):
        value("hparams_externalised", {path: text, "b.R": CARET})
        value("seeds", {path: text, "b.R": CARET})
    assert time.process_time() - started < 5


SPLIT = "rows <- createDataPartition(d$y, p = 0.8)\n"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([1], "d[, 1:3] = scale(d[, 1:3])\n" + SPLIT),
        ([1, 2], "d$a <- scale(d$a)\nd$b <- as.numeric(scale(d$b))\n" + SPLIT),
        ([1], "n <- as.data.frame(scale(d))\ntest <- n[101:150, ]\n"),
        ([2], "f <- function(x) x\nn <- as.data.frame(lapply(d[2:9], normalize))\ntrain.x <- n[1:9, ]\n"),
        ([1], "p <- preProcess(d, method = 'range')\nd <- predict(p, d)\n" + SPLIT),
        ([1], "s <- scale(d)\nd <- cbind(s, y)\ndiv = sample.split(d$y)\n"),
        ([], SPLIT + "d$a <- scale(d$a)\n"),
        ([], "train$a <- scale(train$a)\n" + SPLIT.replace("d$y", "train$y")),
        ([], "d$a <- scale(d$a)\nkmeans(d, 3)\n"),
        ([], "d$a <- rescaled(d$a)\nggplot(d) + scale(d)\n" + SPLIT),
        ([], "s <- scale(other)\n" + SPLIT),
        ([], "d$a <- scale(d$a)\nd <- read.csv(path)\n" + SPLIT),
    ],
)
def test_scaling_before_the_split(lines: list[int], code: str) -> None:
    expected = tuple(f"train.R:{line}" for line in lines)
    assert value("leakage_fit_before_split", {"train.R": code + RANDOM}) == list(expected)


OF_JULIA = """using Flux, MLUtils
x = read_rows()
{}
rows = [(x[:, i], y[i]) for i in 1:9]
train, test = splitobs(shuffleobs(rows), at=0.7)
Flux.train!(loss, model, train, opt)
"""


@pytest.mark.parametrize(
    ("step", "early"),
    [
        ("x = (x .- mean(x, dims=2)) ./ std(x, dims=2)", True),
        ("x = (x .- minimum(x)) ./ (maximum(x) - minimum(x))", True),
        ("x = standardize(ZScoreTransform, x, dims=2)", True),
        ("x = (x .- 127) ./ 255", False),
        ("z = (x .- mean(x)) ./ std(x)", False),
        ("x_train = (x_train .- mean(x_train)) ./ std(x_train)", False),
    ],
)
def test_scaling_before_the_split_in_julia(step: str, early: bool) -> None:
    found = value("leakage_fit_before_split", {"train.jl": OF_JULIA.format(step)})
    assert found == (["train.jl:3"] if early else [])
