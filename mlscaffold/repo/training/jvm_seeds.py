"""The random numbers that training in Scala and Java draws, and whether each draw has a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.jvm import Module, chain, given, root
from mlscaffold.repo.training.jvm_runs import modules_of_runs, runs
from mlscaffold.repo.training.r_and_julia_runs import Run
from mlscaffold.repo.training.randomness import At, Random

Judge = Callable[[Module, "re.Match[str]", list[str]], bool | None]
"""Whether a call with these arguments has a seed; nothing where it draws no numbers."""

CLOCK = regex(r"\b(?:currentTimeMillis|nanoTime|Instant\.now|new\s+Date)\b")
SAY = {
    "deeplearning4j": "shuffle(seed) and the builder's .seed(seed)",
    "h2o": "setSeed(seed)",
    "java": "new Random(seed)",
    "scala": "new Random(seed)",
    "spark": "the argument for the seed, or setSeed(seed),",
    "weka": "setSeed(seed)",
}
UNREAD = frozenset(("smile", "djl", "tribuo", "h2o"))
"""Libraries that train and whose own seeds are not read here."""

DIVIDES = regex(r"split|shuffle|train|test|fold|sampl|batch|random[iI]ze|crossValid|augment", re.I)
"""Words of a line whose random numbers decide what is learned from."""

BY_DEFAULT = (
    r"(?:RandomForest|DecisionTree|GBT|FM|XGBoost|LightGBM)(?:Classifier|Regressor)|MultilayerPerceptronClassifier"
    r"|CrossValidator|TrainValidationSplit|MinHashLSH|BucketedRandomProjectionLSH"
)
EITHER = r"ALS|KMeans|BisectingKMeans|GaussianMixture|LDA|Word2Vec"
"""Estimators with a fixed seed in the newer of Spark's libraries, and another each time in the older."""

WEKA = (
    r"RandomForest|RandomTree|RandomCommittee|RandomSubSpace|Bagging|MultilayerPerceptron|REPTree|AdaBoostM1|SMO"
    r"|LogitBoost|SimpleKMeans|EM|Resample|SpreadSubsample|SMOTE|RandomProjection|SGD"
)
BUILDER = r"NeuralNetConfiguration\.Builder"
SPARKLING = r"H2O(?:AutoML|DRF|GBM|XGBoost|DeepLearning|KMeans|IsolationForest)\w*"
STATIC = {
    "RandomForest.trainClassifier": (5, 9),
    "RandomForest.trainRegressor": (5, 8),
    "ALS.train": (6,),
    "ALS.trainImplicit": (7,),
    "KMeans.train": (5,),
}
"""How many arguments these calls of Spark's older library have when one of them is the seed."""

TRUTH = regex(r"^(?:withReplacement\b.*|true|false)$")
SHARE = regex(r"^(?:fraction\s*=\s*)?(?:\d*\.\d+\w?|\d+|\w*(?:frac|ratio|rate|share)\w*)$", re.I)


def _by_count(*counts: int) -> Judge:
    return lambda _module, _hit, args: len(args) in counts and not _by_clock(args)


def _by_clock(args: list[str]) -> bool:
    return any(CLOCK.search(arg) for arg in args)


def _sampled(module: Module, _hit: re.Match[str], args: list[str]) -> bool | None:
    """Rows of Spark: whether they come back, the share, the seed; the first may be left out."""
    if "spark" not in module.uses or not args:
        return None
    rest = args[1:] if TRUTH.match(args[0]) else args
    if not rest or not SHARE.match(rest[0]):
        return None
    return len(rest) > 1 and not _by_clock(rest)


def _static(_module: Module, hit: re.Match[str], args: list[str]) -> bool:
    return len(args) in STATIC[hit["call"]] and not _by_clock(args)


def _older(module: Module, hit: re.Match[str], _args: list[str]) -> bool:
    """Only the older library's estimators need a seed: the newer one's is made of the class's name."""
    name, code = hit["call"], module.script.code
    imported = re.search(rf"\bimport\s+org\.apache\.spark\.mllib\.[\w.]*(?:\{{[^}}]*)?\b{name}\b", code)
    return imported is None or ".setSeed(" in chain(code, hit.end())


def _fixed(_module: Module, _hit: re.Match[str], _args: list[str]) -> bool:
    return True


def _builder(module: Module, hit: re.Match[str], args: list[str]) -> bool | None:
    """A builder takes the time for its seed unless it gets one, on the spot or by its variable."""
    if args:
        return None  # it goes on from another configuration, and from its seed
    code = module.script.code
    calls = chain(code, hit.end())
    if seeded := regex(r"\.\s*seed\s*\(\s*([^)]*)").search(calls):
        return not CLOCK.search(seeded[1])
    return regex(r"^[^\n.]*\b\w+\s*\.\s*seed\s*\(", re.M).search(code) is not None


def _shuffled(module: Module, hit: re.Match[str], args: list[str]) -> bool | None:
    """Rows of a data set, in an order of the clock's unless there is a seed."""
    name, _ = root(module.script.code, hit.start())
    if "nd4j" not in module.uses or name in ("Collections", "Random", "") or name[0].isupper():
        return None
    return bool(args) and not _by_clock(args)


def _generator(module: Module, _hit: re.Match[str], args: list[str]) -> bool:
    return bool(args and not _by_clock(args)) or ".setSeed(" in module.script.code


def _global(module: Module, _hit: re.Match[str], _args: list[str]) -> bool:
    return regex(r"(?<![\w.])(?:scala\.util\.)?Random\.setSeed\s*\(").search(module.script.code) is not None


def _never(_module: Module, _hit: re.Match[str], _args: list[str]) -> bool:
    return False


def _sparkling(module: Module, hit: re.Match[str], _args: list[str]) -> bool:
    return ".setSeed(" in chain(module.script.code, hit.end()) or ".setSeed(" in module.script.code


DRAWS: tuple[tuple[str, str, re.Pattern[str], Judge], ...] = (
    ("spark", "spark", regex(r"\.\s*(?P<call>randomSplit)\s*\("), _by_count(2)),
    ("spark", "spark", regex(r"\.\s*(?P<call>takeSample)\s*\("), _by_count(3)),
    ("spark", "spark", regex(r"\.\s*(?P<call>sample)\s*\("), _sampled),
    ("spark", "spark", regex(r"(?:(?<![\w.])|\bfunctions\.)(?P<call>randn?)\s*\((?=\s*\))"), _never),
    ("spark", "spark", regex(rf"(?<![\w.])(?P<call>{'|'.join(STATIC)})\s*\("), _static),
    ("spark", "spark", regex(rf"\bnew\s+(?P<call>{EITHER})\s*\("), _older),
    ("spark", "spark", regex(rf"\bnew\s+(?P<call>{BY_DEFAULT})\s*\("), _fixed),
    ("deeplearning4j", "deeplearning4j", regex(rf"\bnew\s+(?P<call>{BUILDER})\s*\("), _builder),
    ("nd4j", "deeplearning4j", regex(r"\.\s*(?P<call>shuffle)\s*\("), _shuffled),
    ("weka", "weka", regex(rf"\bnew\s+(?P<call>{WEKA})\s*\("), _fixed),
    ("sparkling", "h2o", regex(rf"\bnew\s+(?P<call>{SPARKLING})\s*\("), _sparkling),
    ("", "java", regex(r"\bnew\s+(?:java\.util\.)?(?P<call>Random)\s*\("), _generator),
    ("", "java", regex(r"(?<!\w)(?P<call>[Mm]ath\.random|ThreadLocalRandom\.current)\s*\("), _never),
    ("", "java", regex(r"\b(?P<call>Collections\.shuffle)\s*\("), _by_count(2)),
    ("", "scala", regex(r"(?<![\w.])(?:scala\.util\.)?(?P<call>Random\.(?:next\w+|shuffle))\s*\("), _global),
)  # fmt: skip
"""Whose import is needed, whose numbers they are, the call, and who judges it."""


@fact
def draws(repo: Repo) -> tuple[Random, ...]:
    """The random numbers that decide what training learns, by library."""
    found: dict[str, Random] = {}
    training = {run.script.path for run in runs(repo)}
    for module in modules_of_runs(repo):
        for library, at, seeded in _drawn(module, module.script.path in training):
            kept = found.setdefault(library, Random(library, SAY[library], [], [], []))
            kept.draws.append(at)
            (kept.seeds if seeded else kept.open).append(at)
    return tuple(r for _, r in sorted(found.items()))


def _drawn(module: Module, trains: bool) -> Iterator[tuple[str, At, bool]]:
    script = module.script
    for needed, library, pattern, judge in DRAWS:
        if needed and needed not in module.uses:
            continue
        for hit in pattern.finditer(script.code):
            line = script.code.count("\n", 0, hit.start("call")) + 1
            if not needed and not trains and not DIVIDES.search(_line(script.code, hit.start())):
                continue
            seeded = judge(module, hit, given(script.code, hit.end()))
            if seeded is not None:
                yield _owner(library, script.code), At(script.source, line, hit["call"]), seeded


def _owner(library: str, code: str) -> str:
    """Scala's class of generators has the same name as Java's."""
    if (
        library != "java"
        or regex(r"\bimport\s+scala\.util\.(?:Random\b|_|\{[^}]*\bRandom\b)").search(code) is None
    ):
        return library
    return "scala"


def _line(code: str, at: int) -> str:
    return code[code.rfind("\n", 0, at) + 1 : (code.find("\n", at) + 1) or len(code)]


@fact
def unread(repo: Repo) -> Run | None:
    """The first run by a library whose seeds are not read, or `None`."""
    used = {module.script.path: module.uses for module in modules_of_runs(repo)}
    return next((run for run in runs(repo) if used[run.script.path] & UNREAD), None)
