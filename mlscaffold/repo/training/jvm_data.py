"""Held-out data and settings given from outside, in Scala and Java."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.hyper_names import HYPER, NO_HYPER, External
from mlscaffold.repo.training.hyperparameters import NUMBERS, Fixed
from mlscaffold.repo.training.jvm import TESTS, own_sources
from mlscaffold.repo.training.jvm_runs import modules_of_runs, predicting, runs
from mlscaffold.repo.training.r_and_julia_runs import Run
from mlscaffold.repo.training.splits import DATA_NAME, DATA_STRING, HeldOut
from mlscaffold.repo.vendored import is_own

SPLITS = regex(
    r"\.\s*(?P<call>randomSplit|splitTestAndTrain|crossValidateModel|trainCV|testCV|kFold|getTestIterator"
    r"|getTrainIterator)\s*\("
    r"|\bnew\s+(?P<made>CrossValidator|TrainValidationSplit|SplitTestAndTrain|KFoldIterator|TrainTestSplitter"
    r"|DataSetIteratorSplitter)\b"
    r"|\b(?P<named>CrossValidation\.\w+|Bootstrap\.\w+|LOOCV\.\w+|MLUtils\.kFold|XGBoost\.crossValidation)\s*\("
    r"|\bnew\s+(?P<set>\w+Iterator)\s*\([^;{}]{0,80}?\bfalse\b"
    r"|\b(?:Instances|DataSet|DataFrame|DataSetIterator|Dataset<Row>|val)\s+(?P<held>(?:test|validation|holdout)(?:ing)?)\b"
)
WORD = regex(r"(?<![\w.])[A-Za-z]\w*")
HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")
IMPORTS = regex(r"^[ \t]*(?:import|package)\b[^\n]*", re.M)
STRING = regex(r'"((?:\\.|[^"\\\n])*)"')
READS = regex(
    r"\.\s*(?:read|readStream|textFile|wholeTextFiles|table|parquet|csv|json|load|sql|getDataSet)\b"
    r"|\b(?:FileSplit|\w*RecordReader\w*|(?:Mnist|Emnist|Iris|Cifar\w*|LFW|SvhnData|TinyImageNet|UciSequence)DataSetIterator"
    r"|ArffLoader|CSVLoader|DataSource|Read\.\w+|MLUtils|getResource\w*|BufferedReader|Source\.from\w+|ClassPathResource)\b"
)


OPTIONS = regex(
    r"\bopt\s*\[[\w.\[\], ]+\]\s*\(\s*(?:'.'\s*,\s*)?[\"'](?P<scopt>[\w.-]+)[\"']"
    r"|@(?:Parameter|Option|CommandLine\.Option)\s*\((?P<annotated>[^()]*)"
    r"|\.\s*(?:addOption|longOpt|withLongOpt|addArgument|addRequiredOption)\s*\((?P<cli>[^()]*)"
    r"|\.\s*(?:get(?:Int|Integer|Double|Long|Float|Boolean|String|Property|Value|Conf|OrElse)?|setIfMissing)"
    r"\s*\(\s*[\"'](?P<read>[\w.-]+)[\"']"
    r"|\b(?:System\.getenv|sys\.env(?:\.get\w*)?|getenv)\s*\(\s*[\"'](?P<environment>\w+)[\"']"
    r"|@(?:Value|ConfigProperty)\s*\([^()]*?[\"'](?:\$\{)?(?P<injected>[\w.-]+)"
    r"|\b(?P<given>\w+)\s*(?::\s*\w+\s*)?=\s*(?:\w+\.parse\w+|\w+\.valueOf)?\s*\(?\s*args\s*[\[(]\s*\d+\s*[\])]"
    r"|\.\s*set(?P<set>[A-Z]\w*)\s*\(\s*(?:\w+\.parse\w+\s*\(\s*)?args\s*[\[(]"
    r"|\bdbutils\.widgets\.\w+\s*\(\s*[\"'](?P<widget>[\w.-]+)[\"']"
)
OF_SPARK = regex(
    r"(?:^|_)(?:n(?:um)?_?trees|max_?bins|num_?rounds?|rank|^k$|(?:reg|elastic_?net)_?param|step_?size)(?:_|$)"
)
"""Names that only the settings of estimators on the JVM have."""

IN_TIME = regex(r"(?:^|_)(?:time|seconds|minutes|millis|ms|interval|streaming|threads?|partitions?)(?:_|$)")
"""Batches of a stream are told by how long they last."""

FILES = (".properties", ".conf", ".yml", ".yaml")
LOADS = regex(
    rb"\bnew\s+Properties\s*\(|\bConfigFactory\.|\bConfigSource\.|@(?:Value|ConfigurationProperties|ConfigProperty)\b"
    rb"|\bYAMLFactory\b|\bsnakeyaml\b|\bPropertiesConfiguration\b"
)
"""What reads the settings of a program from files."""

ENTRY = regex(
    r"^[ \t]*(?P<key>[\w.-]+)[ \t]*[=:][ \t]*[\"']?"
    r"(?:[-+]?[\d.]+(?:[eE]-?\d+)?[\"']?[ \t]*(?:[#;][^\n]*)?$|(?P<options>-[A-Z]\b))",
    re.M,
)
"""A number, or options as Weka's learners take them."""

SETTINGS = regex(
    r"\b(?:Config(?:Factory|Source)?|Properties|Configuration|Environment|PropertySource|config|conf|props|properties"
    r"|env|settings|params?|dbutils|cmd|commandLine|line|ns|arguments)\b"
)
"""What a getter is called on where it reads settings, or what a source that reads them mentions."""

FIXED = regex(
    r"\.\s*set(?P<setter>MaxDepth|NumTrees|MaxIter|RegParam|ElasticNetParam|StepSize|K|Rank|NumRound|Eta|MaxBins"
    r"|NumIterations|Subsample|MinInstancesPerNode|BlockSize|VectorSize)\s*\(\s*[\d.]+"
    r"|\.\s*(?P<built>learningRate|l2|l1|dropOut|dropout|momentum|iterations|epochs)\s*\(\s*[\d.]+"
    r"|\bnew\s+(?P<updater>Adam|Nesterovs|Sgd|RmsProp|AdaGrad|AdaMax|Nadam)\s*\(\s*[\d.]+"
    r"|\b(?:val|var|int|double|float|long)\s+(?P<constant>[A-Za-z]\w*)\s*(?::\s*\w+\s*)?=\s*[\d.]+(?:[eE]-?\d+)?[dfFLl]?\b"
)


@fact
def held_out(repo: Repo) -> HeldOut | None:
    """The clearest sign in Scala and Java that data is held back for evaluation, or `None`."""
    return next(_held(repo), None)


def _held(repo: Repo) -> Iterator[HeldOut]:
    scripts = [module.script for module in modules_of_runs(repo)]
    for script in scripts:
        if hit := SPLITS.search(script.code):
            yield HeldOut(script.spot(script.code, hit.start()), next(g for g in hit.groups() if g))
    for script in scripts:
        code = IMPORTS.sub("", script.code)
        for word in dict.fromkeys(WORD.findall(code)):
            if DATA_NAME.search(snake(word)):
                yield HeldOut(script.spot(code, code.find(word)), word)
    for script in scripts:
        for hit in STRING.finditer(script.told):
            if DATA_STRING.search(hit[1].strip()):
                yield HeldOut(script.spot(script.told, hit.start()), hit[1].strip())


def snake(name: str) -> str:
    """A name in capitals and humps as one in small letters: `numTrees` is `num_trees`."""
    return HUMP.sub("_", name).lower()


@fact
def learning_from_data(repo: Repo) -> tuple[Run, ...]:
    """The runs that predict, where some source of theirs reads data."""
    reads = any(READS.search(module.script.code) for module in modules_of_runs(repo))
    return predicting(repo) if reads else ()


@fact
def settable(repo: Repo) -> External | None:
    """What lets hyper-parameters of Scala and Java be changed without editing code, or `None`."""
    return next(_settable(repo), None) if runs(repo) else None


def _settable(repo: Repo) -> Iterator[External]:
    for module in modules_of_runs(repo):
        script = module.script
        for hit in OPTIONS.finditer(script.told):
            if hit.lastgroup == "read" and not SETTINGS.search(_before(script.told, hit.start())):
                continue
            for name in _names(hit):
                if _is_setting(name):
                    yield External(script.spot(script.told, hit.start()), name)
    yield from _in_files(repo)


def _in_files(repo: Repo) -> Iterator[External]:
    """Numbers and options of learners in files of settings, where some source reads such files."""
    if not any(LOADS.search(repo.raw(path) or b"") for path in own_sources(repo)):
        return
    for path in repo.files:
        if path.endswith(FILES) and is_own(path) and not TESTS.search(path):
            text = (repo.raw(path) or b"").decode("utf-8", "replace")
            for hit in ENTRY.finditer(text):
                if hit["options"] or (_is_setting(hit["key"]) and NUMBERS.search(_last(hit["key"]))):
                    line = text.count("\n", 0, hit.start("key")) + 1
                    yield External(Spot(path, line), hit["key"])


def _before(text: str, at: int) -> str:
    """The line up to a call: what it is called on."""
    return text[text.rfind("\n", 0, at) + 1 : at]


def _names(hit: re.Match[str]) -> list[str]:
    several = hit["annotated"] or hit["cli"]
    if several:
        return [name.lstrip("-") for name in STRING.findall(several) if " " not in name]
    return [next(group for group in hit.groups() if group)] if hit.lastgroup else []


def _is_setting(name: str) -> bool:
    """Whether a setting of this name is one of training; of a dotted name the last two parts count."""
    bare = regex(r"(?:^|_)(?:model|classifier)(?=_|$)").sub("", _last(name))
    asked = HYPER.search(bare) or OF_SPARK.search(bare)
    return asked is not None and not NO_HYPER.search(bare) and not IN_TIME.search(bare)


def _last(name: str) -> str:
    return "_".join(regex(r"[.-]").split(snake(name))[-2:])


def fixed(repo: Repo) -> Iterator[Fixed]:
    """Numbers given to hyper-parameters in the sources that train."""
    for run in runs(repo):
        for hit in FIXED.finditer(run.script.code):
            name = next(group for group in hit.groups() if group)
            if hit.lastgroup != "constant" or NUMBERS.search(snake(name)):
                shown = name if hit.lastgroup != "setter" else name[0].lower() + name[1:]
                yield Fixed(run.script.spot(run.script.code, hit.start()), shown)
