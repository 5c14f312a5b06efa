"""Whether the main hyper-parameters of training can be changed without editing code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot
from mlscaffold.repo.python.source import code, names_found
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.declared_parameters import by_entry_points, by_flags, by_pipelines, by_stages
from mlscaffold.repo.training.hyper_names import HYPER, NOT_TRAINING, External, is_hyper
from mlscaffold.repo.training.outside_values import by_search, by_tags, named_in
from mlscaffold.repo.training.training import training, training_first
from mlscaffold.repo.vendored import is_own, vendored

NUMBERS = regex(
    r"^(?:\w+_)?(?:lr\d*|learning_rate|epochs?|n_?epochs|batch_?size|bs|hidden_\w+|n_?layers|num_layers|dropout\w*|momentum"
    r"|weight_decay|max_depth|n_estimators|max_iter|max_steps|iterations|alpha|gamma|patience|warmup_\w+|min_df|max_df"
    r"|subsample|colsample_\w+|eta|num_leaves|n_clusters|n_neighbors|max_features|max_len\w*|seq_len\w*|embed\w*_dim"
    r"|units|filters|n_splits|test_size|min_samples_\w+|hidden_size|num_boost_round|reg_\w+|d_model|n_heads?|C)$",
    re.IGNORECASE,
)
"""Names of numbers that a source fixes: stricter than what an option may be called."""

PLOTS = frozenset(("matplotlib", "seaborn", "pylab", "plotly", "bokeh"))
"""Where these are imported, `alpha` is more often how a plot looks."""

OPTIONS = regex(
    r"\.add_argument$|^click\.(?:option|argument)$|^typer\.(?:Option|Argument)$|^absl\.flags\.DEFINE_\w+$|\.DEFINE_\w+$"
    r"|^configargparse\.\w+$|^dbutils\.widgets\.\w+$|\.add_options?$"
    r"|^(?:prefect|metaflow)\.(?:\w+\.)*Parameter$|^sagemaker\.workflow\.(?:\w+\.)*Parameter\w+$"
    r"|^azureml\.pipeline\.core\.(?:\w+\.)*PipelineParameter$"
)
WHOLE = regex(
    r"^omegaconf\.OmegaConf\.(?:load|from_cli|merge|structured)$|^hydra\.(?:main|compose|experimental\.compose)$|^fire\.Fire$|^gin\.(?:parse_config\w*|configurable)$|^tyro\.cli$"
    r"|^transformers\.(?:\w+\.)*HfArgumentParser$|^trl\.TrlParser$|^simple_parsing\.\w+|^jsonargparse\.\w+|LightningCLI$"
    r"|^dargparser\.\w+|^draccus\.\w+|^sacred\.Experiment$|^ml_collections\.config_flags\.\w+|^dvc\.api\.params_show$"
    r"|^argparse_dataclass\.|^datargs\.|^typer\.(?:run|Typer)|^mmengine\.Config\.fromfile$|^mmcv\.Config\.fromfile$"
    r"|^lightning\.[\w.]*LightningCLI$|^absl\.flags\.DEFINE_config\w*|^config_flags\.|^hyperpyyaml\."
    r"|^papermill\.\w*execute_notebook$|^fairseq_cli\.train\.\w*main$|^fairseq\.tasks\.register_task$"
    r"|^pytorch_lightning\.Trainer\.(?:add_argparse_args|from_argparse_args)$|^configilm\.|^spock\.|^mlxu\.define_flags_with_default$"
)
ASKED = regex(r"^--?(?:c|cfg|conf|config|configuration|params|hparams|settings)(?:[-_](?:file|path))?$")
ASKED_VARIABLE = regex(r"^(?:\w+_)?(?:CONFIG|CFG|PARAMS|HPARAMS|HYPERPARAMETERS)_(?:PATH|FILE)$")
READS = regex(
    r"^(?:ruamel\.yaml|yaml)\.[\w.()]*load\w*$|^omegaconf\.OmegaConf\.create$|^tomllib\.loads?$"
    r"|^tomli\.loads?$|^toml\.loads?$|^json\.loads?$|^configparser\.\w*ConfigParser|^dynaconf\.Dynaconf$|^confuse\.\w+"
    r"|^pydantic_settings\.BaseSettings$|^dvc\.api\.\w+$|^kedro\.\w+"
    r"|^metaflow\.(?:\w+\.)*Config$"
)
ENVIRONMENT = regex(r"^os\.(?:getenv|environ\.get)$|^decouple\.config$|^environs\.[\w.()]+$")
VARIABLE = regex(rb"^(?:export )?(?P<name>[A-Z][A-Z\d_]*)=[\"']?[\d.]+(?:e-?\d+)?[\"']?[ \t]*$", re.M)
CONFIGURED = regex(
    rb"(?im)^[ \t-]*[\"']?(?:\w+[_.])?(?:lr|learning_rate|epochs?|num_epochs|max_epochs"
    rb"|n_epochs|num_train_epochs|batch_size"
    rb"|train_batch_size|n_estimators|max_depth|dropout|hidden_\w+|optimizer|weight_decay|max_iter|alpha|gamma|num_leaves"
    rb"|eta|subsample|c(?=[\"']?[ \t]*[:=][ \t]*[\[\d.])"
    rb"|penalty|kernel|n_neighbors|layers|num_layers|filters|units|ngram_range|min_df|hyper_?parameters"
    rb"|momentum|patience|early_stopping\w*|embedding_\w+|train_steps|t_max|num_boost_round|colsample_\w+"
    rb"|feature_fraction|bagging_\w+|reg_alpha|reg_lambda|min_samples_\w+|min_child_\w+|num_?trees|d_model"
    rb"|n_clusters|n_components|warmup_\w+|max_steps|num_iterations|latent_dim)[\"']?[ \t]*[:=]"
)
MOST_FILES = 500
"""Who keeps the settings of thousands of runs reads them alike."""

ARGV = regex(rb"^[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?:int|float)\([ \t]*(?:sys\.)?(?P<words>\w+)\[\d", re.M)
LISTED = regex(rb"^[ \t]*(?P<words>\w+)[ \t]*=[ \t]*sys\.argv(?:\[1:\])?[ \t]*$", re.M)
"""A name for the words of the command line."""

OVERRIDES = regex(rb"\.(?:merge|update|override)\w*\([ \t]*sys\.argv\b")
"""A configuration that takes any of its settings from the command line."""

CONFIG_FILE = regex(r"\.(?:ya?ml|json|jsonnet|toml|ini|cfg|gin|conf)$")
NO_CONFIG = regex(
    r"(?:^|/)(?:\.|package|tsconfig|node_modules|setup\.cfg|tox\.ini|pyproject\.toml|mkdocs|environment)"
)


class Fixed(NamedTuple):
    """A hyper-parameter written into code."""

    spot: Spot
    name: str


@fact
def externalised(repo: Repo) -> External | None:
    """What lets hyper-parameters be changed without editing code, or `None`."""
    ways = (
        _by_whole,
        _by_classes,
        _by_options,
        _by_files,
        by_stages,
        _by_environment,
        _by_env_file,
        _by_position,
        by_pipelines,
        _by_values,
        by_search,
        by_tags,
        by_flags,
        by_entry_points,
    )
    for find in ways:
        first = next(find(repo), None)
        if first is not None:
            return first
    return None


def _by_whole(repo: Repo) -> Iterator[External]:
    for source in training_first(repo):
        for call in source.calls:
            if _takes_all(call.name) and _hands_over(call, source):
                yield External(source.spot(call.line), call.name)


def _by_values(repo: Repo) -> Iterator[External]:
    """What a source asks for by name, of sources that train or that nothing says are for something else."""
    trains = {run.source.path for run in training(repo)}
    first = (s for s in training_first(repo) if s.path in trains or not NOT_TRAINING.search(s.path))
    yield from named_in(repo, first)


def _by_classes(repo: Repo) -> Iterator[External]:
    """Parsers whose typed fields are the options."""
    for source in training_first(repo):
        for bases in source.bases.values():
            if "tap.Tap" in bases:
                yield External(source.spot(source.imports.get("tap.Tap", 1)), "tap.Tap")


@cache
def _takes_all(name: str) -> bool:
    """Whether the call of this name makes every setting one that can be given from outside."""
    return WHOLE.search(name) is not None


def _hands_over(call: Call, source: Source) -> bool:
    """Whether the call has settings to hand over: typer an option of the script, papermill parameters."""
    if call.name.startswith("typer"):
        return _asks(source)
    return not call.name.startswith("papermill") or call.given("parameters") or len(call.args) > 2


def _asks(source: Source) -> bool:
    return any(HYPER.search(name) for name, _ in source.constants) or any(
        HYPER.search(str(a)) for c in source.calls for a in c.args if isinstance(a, str)
    )


def _by_options(repo: Repo) -> Iterator[External]:
    trains = {run.source.path for run in training(repo)}
    for source in training_first(repo):
        if source.path not in trains and NOT_TRAINING.search(source.path):
            continue
        for call in source.calls:
            if OPTIONS.search(call.name) and (name := _option(call) or _from_table(call)):
                yield External(source.spot(call.line), name)


def _from_table(call: Call) -> str:
    """What says that a program makes its options from a table of settings, without naming one; or nothing.

    A function that only hands on what it is given makes none itself.
    """
    made = call.name.endswith(".add_argument") and call.args and isinstance(call.args[0], Ref)
    return "an option for each setting" if made and "**" not in call.keywords else ""


def _option(call: Call) -> str:
    """The hyper-parameter that an option sets; empty for paths, seeds and the like."""
    for place, arg in enumerate(call.args or (call.keywords.get("name"),)):
        if isinstance(arg, str) and (place == 0 or arg.startswith("-")):
            bare = arg.lstrip("-")
            if bare == "c":
                continue  # names a configuration more often than a penalty
            if is_hyper(bare):
                return arg
    return ""


@fact
def parameter_files(repo: Repo) -> tuple[Spot, ...]:
    """Configuration files that hold hyper-parameters, by path; of a great many the first."""
    found: list[Spot] = []
    for path in sorted(repo.files):
        if CONFIG_FILE.search(path) and not NO_CONFIG.search(path) and not vendored(path):
            raw = repo.raw(path) if repo.files[path].size < 200_000 else None
            if raw and (hit := CONFIGURED.search(raw)):
                found.append(Spot(path, raw.count(b"\n", 0, hit.start()) + 1))
                if len(found) == MOST_FILES:
                    break
    return tuple(found)


def _by_files(repo: Repo) -> Iterator[External]:
    files = parameter_files(repo)
    if not files:
        return
    names = [spot.path.rpartition("/")[2].encode() for spot in files]
    trains = {run.source.path for run in training(repo)}
    for source in training_first(repo):
        if source.path not in trains and NOT_TRAINING.search(source.path):
            continue
        for call in source.calls:
            if READS.search(call.name) and _reads_settings(call, names, repo.raw(source.path) or b""):
                yield External(files[0], f"the parameters at line {files[0].line}")
    if (
        _loads_json(repo, names)
        or _asks_for_file(repo)
        or any(_framework_reads(repo, source) for source in code(repo))
    ):
        yield External(files[0], f"the parameters at line {files[0].line}")


def _loads_json(repo: Repo, names: list[bytes]) -> bool:
    """Whether a module that does nothing else loads one of the files."""
    for path in repo.files:
        if path.endswith(".py") and is_own(path) and not NOT_TRAINING.search(path):
            raw = repo.raw(path) or b""
            if b"json.load(" in raw and any(name in raw for name in names):
                return True
    return False


def _framework_reads(repo: Repo, source: Source) -> bool:
    """Whether a framework reads the files: some always, ZenML those that a run names."""
    if source.imports_any({"kedro", "allennlp", "determined"}):
        return True
    return source.imports_any({"zenml"}) and b"config_path" in (repo.raw(source.path) or b"")


def _reads_settings(call: Call, names: list[bytes], raw: bytes) -> bool:
    """JSON holds data more often than settings: who reads it must name one of the files."""
    return not call.name.startswith("json.") or any(name in raw for name in names)


def _asks_for_file(repo: Repo) -> bool:
    """Whether an option or a variable of the environment takes the path of a configuration."""
    for source in code(repo):
        for call in source.calls:
            asked = OPTIONS.search(call.name) and ASKED
            asked = asked or (ENVIRONMENT.search(call.name) and ASKED_VARIABLE)
            if asked and any(isinstance(arg, str) and asked.match(arg) for arg in call.args):
                return True
    return False


def _by_environment(repo: Repo) -> Iterator[External]:
    for run in training(repo):
        for call in run.source.calls:
            first = call.args[0] if call.args else None
            if call.name == ".exec":
                yield External(run.source.spot(call.line), "a configuration that the script executes")
            if ENVIRONMENT.search(call.name) and isinstance(first, str) and _option(call):
                yield External(run.source.spot(call.line), first)


def _by_env_file(repo: Repo) -> Iterator[External]:
    """Numbers of a file that the environment is read from, where a source asks the environment by name."""
    for path in repo.named(".env", ".env.*", "*.env") if names_found(repo, ENVIRONMENT) else ():
        raw = repo.raw(path) or b""
        for hit in VARIABLE.finditer(raw):
            if is_hyper(name := hit["name"].decode()):
                yield External(Spot(path, raw.count(b"\n", 0, hit.start()) + 1), name)


def _by_position(repo: Repo) -> Iterator[External]:
    """What the command line itself gives: numbers by their place, or any setting of a configuration."""
    for run in training(repo):
        raw = b"" if run.source.notebook else repo.raw(run.source.path) or b""
        words = {b"argv", *(hit["words"] for hit in LISTED.finditer(raw))}
        for hit in ARGV.finditer(raw):
            name = hit["name"].decode()
            if hit["words"] in words and is_hyper(name):
                yield External(Spot(run.source.path, raw.count(b"\n", 0, hit.start("name")) + 1), name)
    for source in training_first(repo):
        raw = repo.raw(source.path) or b""
        if not source.notebook and (merged := OVERRIDES.search(raw)):
            yield External(Spot(source.path, raw.count(b"\n", 0, merged.start()) + 1), "sys.argv")


@fact
def fixed(repo: Repo) -> tuple[Fixed, ...]:
    """Numbers given to hyper-parameters in the sources that train, by place."""
    found = [
        Fixed(run.source.spot(line), name)
        for run in training(repo)
        for name, line in run.source.constants
        if NUMBERS.search(name) and (len(name) > 1 or name == "C")
        if name != "alpha" or not run.source.imports_any(PLOTS)
    ]
    return tuple(dict.fromkeys(sorted(found, key=lambda f: (f.spot.path, f.spot.line or 0))))
