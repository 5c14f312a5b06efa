"""Ways to train on less without an edit of the source: options, parameters and settings for a quick try."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.hits import hits
from mlscaffold.repo.python.facts import Source, Spot
from mlscaffold.repo.python.source import call_names, names_found
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.hyperparameters import CONFIG_FILE, ENVIRONMENT, NO_CONFIG, OPTIONS, WHOLE
from mlscaffold.repo.training.training import training, training_first
from mlscaffold.repo.vendored import is_own

_LESS = (
    r"limit\w{0,40}|\w{0,40}subset\w{0,40}|sub_?sample\w{0,40}|samples?(?:_(?:size|frac\w{0,40}|ratio"
    r"|num|n|rate))?|(?:n|num|total)_?"
    r"(?:samples?|rows|examples?|images?|train\w{0,40}|data\w{0,40}|docs|obs|batches|steps|iters?"
    r"|iterations|timesteps|points|files)"
    r"|max_?(?:\w{1,40}_)?(?:samples?|examples?|steps?|iters?|iterations?|rows|items|images|docs|batches"
    r"|train\w{0,40}|size|n|num"
    r"|data\w{0,40}|files|tokens|updates|frames)|train(?:ing)?_?(?:steps|size|iters?|frac\w{0,40}|iters"
    r"|samples)|debug\w{0,40}|dry_?run|fast_?dev_?run"
    r"|overfit\w{0,40}|smoke\w{0,40}|quick\w{0,40}|tiny|toy|mini\w{0,40}|small|nrows|frac(?:tion)?"
    r"|\w{0,40}_frac(?:tion)?|steps(?:_per_epoch)?"
    r"|total_?timesteps|percent\w{0,40}|ratio|test_?run|sanity\w{0,40}|preview"
)
_SOURCE = (
    r"data|data_?(?:dir|path|file|root|folder|csv|url|source|config|name|set)\w{0,40}|dataset\w{0,40}"
    r"|datasets|train_?(?:file|path"
    r"|data\w{0,40}|csv|dir|set|json|url)\w{0,40}|training_?\w{0,40}(?:file|path|data|dir|set)s?|in"
    r"|(?!input_(?:size|dim|channels?|shape|length|nc))input(?:_\w{1,40})?|csv\w{0,40}|\w{0,40}_?csv"
    r"|corpus\w{0,40}|images?(?:_dir|_path|_folder)?|img_?(?:dir|path|root)|\w{0,40}_data"
    r"|\w{0,40}data_?(?:path|dir|file)"
    r"|splits?|train|task\w{0,40}|benchmark|env|env_?(?:id|name)|game|problem|query|table"
)
LESS = regex(rf"^-{{0,4}}(?:{_LESS}|{_SOURCE})$", re.IGNORECASE)
_LEADS_OUT = (
    r"out|log|sav|ckpt|checkpoint|model|conf|cfg|result|weight|pretrain|cache|resume|tmp|export"
    r"|tensorboard|exp|work"
    r"|run|store|param|token|vocab"
)
LEADS_IN = regex(
    rf"^-*(?!\w*(?:{_LEADS_OUT}))\w+_(?:dir|path|file|files|root|folder|list|csv)$", re.IGNORECASE
)
"""Options for a place that data comes from, as far as the name tells."""

KEY = regex(
    rf"""^[ \t-]*["']?(?:{_LESS}|{_SOURCE})["']?[ \t]*[:=][ \t]*[^\s#{{[]""".encode(),
    re.IGNORECASE | re.MULTILINE,
)
FIELD = regex(rf"^[ \t]+(?:{_LESS}|{_SOURCE})[ \t]*[:=][^=]".encode(), re.IGNORECASE | re.MULTILINE)
ARGV = regex(rb"\bsys\.argv\b")
SMALL = regex(
    rb"\bload_(?:iris|wine|digits|breast_cancer|diabetes|boston|linnerud)\b|\bmake_(?:classification"
    rb"|regression"
    rb"|blobs|moons|circles)\b|\bsklearn:\w+"
)
TABLE = regex(r"(?<!requirements)\.(?:csv|tsv|parquet|xlsx?|jsonl|arff|data|feather)$", re.IGNORECASE)
KEPT_APART = regex(rb"filter=(?:lfs|annex)\b")
MOST = 200_000
SMALL_ENOUGH = 5_000_000
NO_DATA = regex(
    r"(?:^|/)(?:dvclive|plots?|metrics|results?|outputs?|submissions?|logs?|reports?|tests?)/|sample|example",
    re.IGNORECASE,
)
NOT_TRAINING = regex(
    r"(?:^|/)[^/]*(?:predict|infer|serv|deploy|eval|test|app|demo|visuali|plot|convert)[^/]*\.py$",
    re.IGNORECASE,
)


class Less(NamedTuple):
    """Where less can be asked for, and by what name."""

    spot: Spot
    by: str


@fact
def smaller(repo: Repo) -> Less | None:
    """The clearest way to train on part of the data, or on other and smaller data, without an edit."""
    for find in (_by_options, _by_settings, _by_fields):
        if found := next(find(repo), None):
            return found
    return None


def _by_options(repo: Repo) -> Iterator[Less]:
    asking = names_found(repo, OPTIONS) | names_found(repo, ENVIRONMENT)
    for source in _of_training(repo):
        for call in source.calls:
            if call.name in asking:
                for arg in call.args:
                    if isinstance(arg, str) and _asks_for_less(arg):
                        yield Less(source.spot(call.line), arg)
    for spot, _ in written(repo, ARGV):
        yield Less(spot, "sys.argv")


def _of_training(repo: Repo) -> list[Source]:
    having = {run.source.path for run in training(repo)}
    return [s for s in training_first(repo) if s.path in having or not NOT_TRAINING.search(s.path)]


def _asks_for_less(name: str) -> bool:
    bare = regex(r"(?<=[a-z])(?=[A-Z])").sub("_", name.lstrip("-")).replace("-", "_")
    return LESS.match(bare) is not None or LEADS_IN.match(bare) is not None


def _by_settings(repo: Repo) -> Iterator[Less]:
    named = (path for path in sorted(repo.files) if CONFIG_FILE.search(path) and not NO_CONFIG.search(path))
    asked = (path for path in named if is_own(path) and repo.files[path].size < MOST)
    for path, (line, word) in hits(repo, "less", asked, lambda _path, raw: _key(raw)):
        yield Less(Spot(path, line), word)


def _key(raw: bytes) -> tuple[int, str] | None:
    """The first line that sets how much data there is, and by what name."""
    if not (hit := KEY.search(raw)):
        return None
    said = hit.group().decode("utf-8", "replace").strip(" \t-\"':=\n")
    return raw.count(b"\n", 0, hit.start()) + 1, said.split(":")[0].split("=")[0].strip("\"' ")


def _by_fields(repo: Repo) -> Iterator[Less]:
    """Fields and arguments from which a library makes options."""
    if any_setting(repo) or any(run.framework == "transformers" for run in training(repo)):
        for spot, hit in written(repo, FIELD):
            yield Less(spot, hit.said.strip(" \t:=\n"))


@fact
def any_setting(repo: Repo) -> str:
    """The library that makes options of all that a configuration or a class holds; empty where none does."""
    return next((name for name in call_names(repo) if WHOLE.search(name)), "")


@fact
def small_data(repo: Repo) -> str:
    """What says that all of the data is small; empty where nothing does."""
    having = {run.source.path for run in training(repo)}
    for spot, hit in written(repo, SMALL):
        if spot.path in having:
            return hit.said
    elsewhere = any(KEPT_APART.search(repo.raw(path) or b"") for path in repo.named(".gitattributes"))
    if elsewhere or next(repo.named("*.dvc", "dvc.lock"), ""):
        return ""  # the tables in git may be a small part of the data
    tables = [e for e in repo.files.values() if TABLE.search(e.path) and is_own(e.path)]
    tables = [e for e in tables if not NO_DATA.search(e.path)]
    if tables and sum(e.size for e in tables) < SMALL_ENOUGH:
        return tables[0].path
    return ""
