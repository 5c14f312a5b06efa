"""Which sources train a model, with what framework, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Ref, Source, Spot
from mlscaffold.repo.python.interest import SIMULATED, WRITTEN_OUT
from mlscaffold.repo.python.source import call_names, code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.transitions import transition
from mlscaffold.standard import Tool

PREPARES = regex(
    r"scal(?:er|ing)|encod|vectori[sz]|tokeni[sz]|imput|normali[sz]|binari[sz]|preproc|transform|(?:^|_)(?:le|ohe|pca|"
    r"svd|umap|tfidf|cv|mlb|lb|ss|sc)$|sklearn\.(?:preprocessing|feature_extraction|decomposition|impute|compose"
    r"|feature_selection|manifold|random_projection)\.|tfidf|augment|bag_of|words?$|vocab",
    re.IGNORECASE,
)
EXAMPLE = regex(r"(?:^|/)(?:docs?|examples?|demos?|snippets|benchmarks?)/", re.IGNORECASE)


BY_HAND = "numpy"
"""In place of a framework's slug: the steps of the optimizer are written out."""

IMAGE = "sagemaker"
"""In place of a framework's slug: an image of the platform trains, of which the repository holds no code."""

STARTS_IMAGE = regex(
    r"^sagemaker\.(?:[\w.()]+\.)?(?:TrainingStep|TuningStep)$|^sagemaker\.[\w.]+\(\)\.fit$|\.create_training_job$"
)


COMMAND = "yolo"
"""In place of a framework's slug: a command trains, and no code does."""

STARTS_COMMAND = regex(
    rb"^[ \t]*[!%][ \t]*(?:yolo\b[^\n#]*\btrain\b"
    rb"|python3?[ \t]+(?:\S*/)?train\.py\b[^\n#]*\byolo\w*\.(?:pt|yaml)\b)"
    rb"|^[ \t]*yolo\b[^\n#]*\bmode=train\b",
    re.M,
)
"""The command line of Ultralytics, or the script of a clone of an older YOLO, as notebooks start them."""


MINIMIZES = regex(r"scipy\.optimize\.(?:fmin(?:_\w+)?|minimize)")
LOSS = regex(
    r"log(?:istic|_?reg)|svm|hinge|cross_?entropy|softmax|perceptron|neural|(?:^|[._])nn_", re.IGNORECASE
)
"""Names of functions that are the loss of a model."""

COST = regex(r"cost|loss|obj|likelihood|nll|error|rmse|mse", re.IGNORECASE)
"""Names of functions that may be, and may be what a route or an orbit costs."""

ROWS = regex(r"X\w*|x_?train\w*|features?\w*|train_\w+")
LABELS = regex(r"[yY]|[yY]_\w+|[yY]_?train\w*|labels?\w*|targets?\w*")


class Training(NamedTuple):
    """One source that trains: the framework's slug and the calls that fit."""

    source: Source
    framework: str
    calls: tuple[Call, ...]

    @property
    def spot(self) -> Spot:
        """Where the first of the calls stands."""
        return self.source.spot(self.calls[0].line)


OPTIMIZERS = {
    "tensorflow": regex(
        r"tensorflow\.(?:[\w.]+\.)?train\.\w+Optimizer|(?:[\w.]+\.)?keras\.optimizers\.[A-Z]\w+"
    ),
    "pytorch": regex(r"torch\.optim\.[A-Z]\w+"),
}
"""How frameworks' optimizers are made, by slug."""

FEW = 0.2
"""Part of the sources up to which an environment is a side matter, where the others take data."""

ACTS = regex(r"ray\.rllib\b")
"""Parts of packages that learn in environments, which a run names by words."""

LOADING = (
    "torch.utils.data.", "torchvision.datasets.", "torchtext.", "torchaudio.datasets.", "datasets.",
    "tensorflow_datasets.",
)  # fmt: skip


@fact
def frameworks(repo: Repo) -> tuple[Tool, ...]:
    """The catalogue's frameworks: what names a training comes before what is built on it."""
    kinds = ("dl-framework", "ml-framework", "training-library")
    return tuple(tool for kind in kinds for tool in repo.standard.of_kind(kind))


@fact
def _imports(repo: Repo) -> frozenset[str]:
    return frozenset(name for tool in frameworks(repo) for name in tool.imports)


@fact
def _roots(repo: Repo) -> frozenset[str]:
    """The packages that any source imports."""
    return frozenset(name.partition(".")[0] for source in code(repo) for name in source.imports)


@fact
def _used(repo: Repo) -> tuple[Tool, ...]:
    """The frameworks that any source imports."""
    roots = _roots(repo)
    return tuple(t for t in frameworks(repo) if any(n.partition(".")[0] in roots for n in t.imports))


def _uses(source: Source, tool: Tool, roots: set[str]) -> bool:
    """Whether a source with imports of these roots imports the framework, or the part of a package it is."""
    return any(
        "." not in name or any(f"{i}.".startswith(f"{name}.") for i in source.imports)
        for name in tool.imports
        if name.partition(".")[0] in roots
    )


@fact
def training(repo: Repo) -> tuple[Training, ...]:
    """The sources that train, by path; tests, vendored code and documentation snippets are not asked."""
    ways = (partial(_training, repo), partial(_through_wrapper, repo), _by_hand, _by_optimizer, _by_image)
    every = (tuple(t for s in code(repo) if (t := trains(s))) for trains in ways)
    found = next(filter(None, every), ())  # a later way guesses more, and is asked where no earlier one finds
    found = found or tuple(_by_command(repo))
    own = tuple(t for t in found if not EXAMPLE.search(t.source.path))
    return own or found


@fact
def training_first(repo: Repo) -> tuple[Source, ...]:
    """All sources, those that train before the others."""
    having = [t.source for t in training(repo)]
    paths = {source.path for source in having}
    return (*having, *(s for s in code(repo) if s.path not in paths))


def _training(repo: Repo, source: Source) -> Training | None:
    roots = {name.partition(".")[0] for name in source.imports}
    for tool in _used(repo):
        if not _uses(source, tool, roots):
            continue
        names = _fitting(repo)[tool.slug]
        calls = tuple(call for call in source.calls if call.name in names)
        if calls:
            return Training(source, tool.slug, calls)
    return None


@fact
def _fitting(repo: Repo) -> dict[str, frozenset[str]]:
    """The names of calls that fit a model, by framework."""
    return {tool.slug: frozenset(_fitting_by(repo, tool)) for tool in _used(repo)}


def _fitting_by(repo: Repo, tool: Tool) -> Iterator[str]:
    patterns = Patterns((pattern, tool.slug) for pattern in tool.facts["trains"])
    others = _imports(repo) - set(tool.imports)
    for name in call_names(repo):
        if patterns.label(name) and not _prepares(name) and name.partition(".")[0] not in others:
            yield name


def _through_wrapper(repo: Repo, source: Source) -> Training | None:
    """A fit of a model that another source builds, or a step of an optimizer that another source chooses."""
    used = _roots(repo)
    fits = ("fit", "fit_generator")
    calls = tuple(c for c in source.calls if c.last in fits and _fits_data(c) and not _prepares(c.name))
    steps = tuple(c for c in source.calls if c.name.endswith(".optimizer.minimize"))
    for tool in frameworks(repo):
        if calls and not used.isdisjoint(tool.imports):
            return Training(source, tool.slug, calls)
        if steps and tool.slug == "tensorflow" and not used.isdisjoint(tool.imports):
            return Training(source, tool.slug, steps)
    return None


def _by_hand(source: Source) -> Training | None:
    """A model of the repository's own that is fitted on data, or a method of courses that is called."""
    if not source.imports_any({"numpy", "autograd", "cupy"}):
        return None
    calls = tuple(c for c in source.calls if (_own_method(c) and not _prepares(c.name)) or _minimises_loss(c))
    return Training(source, BY_HAND, calls) if calls else None


def _by_optimizer(source: Source) -> Training | None:
    """An optimizer that is made for a trainer of a package that nobody here knows."""
    for slug, made in OPTIMIZERS.items():
        calls = tuple(c for c in source.calls if made.fullmatch(c.name))
        if calls:
            return Training(source, slug, calls)
    return None


def _by_image(source: Source) -> Training | None:
    if not source.imports_any({"sagemaker", "boto3"}):
        return None
    calls = tuple(c for c in source.calls if STARTS_IMAGE.search(c.name))
    return Training(source, IMAGE, calls) if calls else None


def _by_command(repo: Repo) -> Iterator[Training]:
    from mlscaffold.repo.python.text import written

    for spot, _ in written(repo, STARTS_COMMAND, (b"yolo",)):
        yield Training(Source(spot.path), COMMAND, (Call(COMMAND, spot.line or 1, (), {}, ""),))


def _minimises_loss(call: Call) -> bool:
    """Whether a minimiser of SciPy is given the loss of a model: by its name, or one with rows and labels."""
    if not MINIMIZES.fullmatch(call.name):
        return False
    given = call.args[0] if call.args else call.keywords.get("func", call.keywords.get("fun"))
    if not isinstance(given, Ref):
        return False
    passed = (*call.args[2:], call.keywords.get("args"))
    values = next((one for one in passed if isinstance(one, tuple)), ())
    names = {one.name.lstrip(".").partition(".")[0] for one in values if isinstance(one, Ref)}
    labelled = all(any(word.fullmatch(name) for name in names) for word in (ROWS, LABELS))
    return LOSS.search(given.name) is not None or (labelled and COST.search(given.name) is not None)


def _own_method(call: Call) -> bool:
    if call.name.startswith(("numpy.", "scipy.")):
        return False  # polynomials and distributions
    if call.last in WRITTEN_OUT:
        return len(call.args) + len(call.keywords) >= 2
    return call.last in ("fit", "train") and call.name.count(".") > 1 and len(call.args) >= 2


def _fits_data(call: Call) -> bool:
    named = {"epochs", "batch_size", "y", "X", "train_dataloader", "train_dataloaders", "datamodule"}
    return len(call.args) >= 2 or not named.isdisjoint(call.keywords)


def _prepares(name: str) -> bool:
    """Whether the fit is of a step that prepares data, not of a model."""
    receiver = name.rpartition(".")[0].removesuffix("()")
    if receiver.startswith("surprise."):
        return False  # its SVD is a model
    last = name.rpartition(".")[2]
    return last in ("fit", "partial_fit", "fit_transform") and bool(
        PREPARES.search(receiver if receiver.startswith("sklearn.") else receiver.rpartition(".")[2])
    )


def _takes_data(repo: Repo) -> bool:
    from mlscaffold.repo.data.versioning import data_reads

    calls = (call for source in code(repo) for call in source.calls)
    return bool(data_reads(repo)) or any(call.name.startswith(LOADING) for call in calls)


@fact
def simulated(repo: Repo) -> Spot | None:
    """Where an environment to learn in by reinforcement is imported or used, if that is the main training."""
    having = [s for s in code(repo) if _acts(s)]
    concerned = {s.path for s in having} | {t.source.path for t in training(repo)}
    if not having and concerned and not _takes_data(repo):
        return transition(repo)
    if not having or (len(having) / len(concerned) < FEW and _takes_data(repo)):
        return None
    first = having[0]
    return first.spot(_acts(first) or 1)


def _acts(source: Source) -> int | None:
    """The line of an import of an environment to learn in, or of what learns in nothing else."""
    named = (
        (name.partition(".")[0] in SIMULATED or ACTS.match(name), line)
        for name, line in source.imports.items()
    )
    return next((line for simulates, line in named if simulates), None)
