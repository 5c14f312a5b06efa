"""Held-out data of every kind: split functions, loaders, names, files, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.parted_rows import parted
from mlscaffold.repo.training.training import COMMAND, frameworks, training, training_first
from mlscaffold.repo.vendored import own, vendored

SPLITTERS = regex(
    r"(?:^|\.)(?:train_test_split|train_val_split|random_split|cross_val_\w+|cross_validate|GridSearchCV|\w*SearchCV"
    r"|KFold|\w*KFold|\w*ShuffleSplit|TimeSeriesSplit|PredefinedSplit|Leave\w+Out|RandomSplitter|TrainTestSplit\w*"
    r"|GrandparentSplitter|randomSplit|CrossValidator|TrainValidationSplit)$"
    r"|^(?:xgboost|lightgbm|catboost)\.cv$|datasets\.\w+\.load_data$"
)
_KEYWORDS = """
    validation_split validation_data eval_set valid_sets eval_dataset val_dataloaders valid_pct cv evals
    test_size test_frac val_size valid_size validation_freq oob_score
"""
KEYWORDS = frozenset(_KEYWORDS.split())
HELD = r"(?:test|val|valid|validation|dev|eval|evaluation|holdout|hold[_-]out|heldout|held[_-]out|oof)"
HELPERS = regex(
    r"_*(?:split_(?:data|dataset|dataframe|df|train\w*)|(?:data|dataset)_split|(?:make|get|create)_(?:data_)?splits?"
    r"|(?:data|dataset)_splitter)",
    re.I,
)
"""How functions are called that split the data."""

CUTS = ("numpy.split", "numpy.array_split")
HALF = regex(rf"{HELD}$", re.I)
"""What `np.split` cuts is held back where a part of it is called so."""

DATA_NAME = regex(
    rf"(?:^|[_\d])(?:x|y|df|data|dataset|idx|index|indices|ids|loader|dl|ds|samples?|images?|labels?|set|split|size|frac"
    rf"|ratio|pct|files?|path|dir|folder|generator|gen|rows|mask|features?|targets?|inputs?|sequences?|texts?|dates?"
    rf"|dataloader|regions|iter|csv|X|Y|input|label|start|end|fold|folds|pool|frame|list|batch(?:es)?|preds?|step)"
    rf"_?{HELD}(?:s|$|[_\d])"
    rf"|(?:^|[_\d]){HELD}_?(?:x|y|df|data\w*|set|idx|index|indices|ids|loader|dl|ds|samples?|images?|labels?|split|size"
    rf"|frac\w*|ratio|pct|percent|files?|file_?path|path|dir|folder|generator|gen|rows|mask|features?|targets?|inputs?|seq\w*"
    rf"|texts?|dates?|regions|iter|csv|frame|list|batch(?:es)?|dataloaders?|datasets?|start|end|fold|folds|input|label"
    rf"|step|epoch_end|output|rate|loss|acc\w*|score|metrics?)s?(?:$|_|\d)"
    rf"|^(?:train=False|test_?set|val_?set|{HELD}_?split|k_?folds?|n_?folds|n_splits|num_folds)$",
    re.IGNORECASE,
)
DATA_STRING = regex(
    rf"(?:^|[/\\_.-]){HELD}(?:ing)?(?:[_-]?\w{{0,12}})?(?:\.(?:csv|tsv|json|jsonl|txt|parquet|pkl|npy|npz|h5|hdf5|arrow|feather"
    rf"|gz|zip|pt|lmdb|tfrecords?|xml|conll\w*|bin|arff|dat|data)\b|[/\\])"
    rf"|^(?:test|val|valid|validation|dev|holdout|heldout)$|^(?:test|validation|val|dev)\[|\[?:?\d*%?\]?\+?(?:^|\+)validation$"
    rf"|^--{HELD}[_-](?:data|file|path|dir|set|size|split|frac|ratio|pct)",
    re.IGNORECASE,
)
FILES = regex(
    rf"(?:^|/)(?:[\w.-]*[_.-])?{HELD}(?:ing)?(?:[_.-][\w.-]*)?\.(?:csv|tsv|json|jsonl|txt|parquet|npy|npz|h5|hdf5|arrow"
    rf"|arff|dat|data|csv\.dvc|parquet\.dvc|jsonl\.dvc|pkl|gz|zip|conll\w*|ids|lst)$"
    rf"|(?:^|/)(?:data\w*|input|raw|processed)/(?:[^/]+/)*{HELD}(?:ing)?(?:_?set|_?data|_?images?)?/",
    re.IGNORECASE,
)
PART = regex(
    rf"[\"'](?P<before>[\w./{{}}-]{{0,200}}(?<![A-Za-z]))(?P<part>{HELD})(?![A-Za-z])(?P<after>[\w./{{}}-]{{0,200}})\\?[\"']".encode(),
    re.IGNORECASE,
)
"""A literal that names a part of the data."""

FEWEST_LETTERS = 3
"""As many stand beside the part in a name of data; shorter are routes, flags and modes."""

SETTING = regex(
    rf"^[ \t-]*[\"']?(?:{HELD}_?(?:size|split|frac\w*|ratio|pct|percent|set|data\w*|file|path|dir|regions"
    rf"|size_\w+)"
    rf"|(?:split|train)_?{HELD}\w*|n_splits|cv_folds|k_folds|valid_pct|n_folds)[\"']?[ \t]*[:=][ \t]*[^\s#]",
    re.IGNORECASE | re.MULTILINE,
)

NO_ROWS = regex(
    r"requirements|constraints|(?:^|/)(?:conf(?:ig\w*)?|settings)/(?:[^/]+/)*[^/]+\.(?:json|txt)$|(?:^|[/_.-])(?:env|conf|config\w*|settings?|params?|schema|spec|step|job|cluster|launch|plan"
    r"|request|response|payload|event|fixtures?|package|tsconfig|manifest|template|task_?def\w*|deploy\w*|policy"
    r"|secrets?|readme|notes|license)(?:[_.-][\w.-]*)?\.(?:json|txt)$",
    re.I,
)
"""What is asked, set up or installed for a test or a stage of development holds no rows of a test set."""

OF_TESTS = regex(r"^(?!(?:(?!\.?tests?/)[^/]+/)*(?:data\w*|input|raw|processed)/)(?:.*/)?\.?tests?/")
"""What tests read; the folder `test` of a data set is its own."""


class HeldOut(NamedTuple):
    """One sign that data is held back for evaluation: where, and what it is."""

    spot: Spot
    by: str


@fact
def held_out(repo: Repo) -> HeldOut | None:
    """The clearest sign that training and evaluation use different data, or `None`."""
    for find in (_by_itself, _split_calls, _named, _files, _settings, _pairs, _parted, _by_helpers):
        first = next(find(repo), None)
        if first is not None:
            return first
    return None


def _by_itself(repo: Repo) -> Iterator[HeldOut]:
    """What always holds rows back, or does not run without files of them."""
    holding = {tool.slug: str(tool.facts["holds"]) for tool in frameworks(repo) if "holds" in tool.facts}
    holding[COMMAND] = holding["ultralytics"]
    for run in training(repo):
        if run.framework in holding:
            yield HeldOut(run.spot, holding[run.framework])


def _parted(repo: Repo) -> Iterator[HeldOut]:
    yield from (HeldOut(spot, by) for spot, by in parted(repo))


def _split_calls(repo: Repo) -> Iterator[HeldOut]:
    for source in training_first(repo):
        for call in source.calls:
            if SPLITTERS.search(call.name) or (call.name in CUTS and _cuts_for_evaluation(source, call)):
                yield HeldOut(source.spot(call.line), call.last)
            for keyword in sorted(KEYWORDS & set(call.keywords)):
                if call.keywords[keyword] not in (None, 0, False, ()):
                    yield HeldOut(source.spot(call.line), f"{call.last}({keyword}=…)")


def _by_helpers(repo: Repo) -> Iterator[HeldOut]:
    """A call of a function that by its name splits the data."""
    for source in training_first(repo):
        for name in sorted(source.called):
            if HELPERS.fullmatch(name):
                yield HeldOut(Spot(source.path), name)


def _cuts_for_evaluation(source: Source, call: Call) -> bool:
    """Whether one of the parts is called held-out right below; what workers share by number is not."""
    named = (line for name, line in source.names.items() if HALF.match(name))
    at_places = len(call.args) > 1 and isinstance(call.args[1], tuple) and not isinstance(call.args[1], Ref)
    return any(at_places or 0 <= line - call.line < 5 for line in named)


def _named(repo: Repo) -> Iterator[HeldOut]:
    for source in training_first(repo):
        for name, line in source.names.items():
            if DATA_NAME.search(name):
                yield HeldOut(source.spot(line), name)
    for source in training_first(repo):
        for text, line in source.strings:
            if DATA_STRING.search(text.strip()):
                yield HeldOut(source.spot(line), text.strip())


def _files(repo: Repo) -> Iterator[HeldOut]:
    for path in repo.files:
        no_rows = NO_ROWS.search(path) or OF_TESTS.search(path)
        if FILES.search(path) and not no_rows and not vendored(path):
            yield HeldOut(Spot(path), path)


def _settings(repo: Repo) -> Iterator[HeldOut]:
    for path in repo.files:
        if not path.endswith((".yaml", ".yml", ".toml", ".json", ".gin", ".cfg", ".ini")) or vendored(path):
            continue
        if path.startswith(".") or repo.files[path].size > 200_000:
            continue
        text = (repo.raw(path) or b"").decode("utf-8", "replace")
        if hit := SETTING.search(text):
            line = text.count("\n", 0, hit.start()) + 1
            yield HeldOut(Spot(path, line), hit.group().strip().split(":")[0].split("=")[0].strip("\"' -"))


def _pairs(repo: Repo) -> Iterator[HeldOut]:
    """Literals of a source that differ by the part of the data that they name: `a.train`, `a.test`."""
    for path in own(repo, "*.py", "*.ipynb"):
        raw = b"" if OF_TESTS.search(path) else repo.raw(path) or b""
        for hit in PART.finditer(raw) if b"rain" in raw else ():
            rest = hit["before"] + hit["after"]
            word = b"Train" if hit["part"].istitle() else b"train"
            other = hit["before"] + word + hit["after"]
            if len(regex(rb"[^\W_]").findall(rest)) >= FEWEST_LETTERS and other in raw:
                line = raw.count(b"\n", 0, hit.start()) + 1
                yield HeldOut(Spot(path, line), hit[0].strip(b"\\\"'").decode())
