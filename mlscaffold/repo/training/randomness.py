"""Random sources in use, library by library, and whether each is seeded by a call that really runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import MAIN, Call, Ref, Source, Spot
from mlscaffold.repo.python.interest import DATA
from mlscaffold.repo.python.source import call_names, called_names, code, source_at, sources
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.applied_seeds import applied
from mlscaffold.repo.training.aside import PREPARES, SERVES, SHOWS, looks_on, seeds_alone, tries_out
from mlscaffold.repo.training.configured_training import configured
from mlscaffold.repo.training.feeds import SPLIT_OF_SPARK, fed, is_feed, of_datasets
from mlscaffold.repo.training.seed_arguments import left_open, never_given
from mlscaffold.repo.training.seed_reach import reaches
from mlscaffold.repo.training.separate_projects import project_of
from mlscaffold.repo.training.training import Training, frameworks, training

SEEDED_BY_DEFAULT = regex(
    r"^transformers\.(?:\w+\.)*\w*(?:Trainer|TrainingArguments)$|^trl\.\w+Trainer$|^ultralytics\.(?:\w+\.)*\w+\(\)\.train$"
)
"""Trainers that seed Python, NumPy and PyTorch by `seed`, which is a number unless told otherwise."""
MAKERS = regex(r"^(?:random\.Random|numpy\.random\.(?:default_rng|RandomState))$")
"""What makes a generator of its own, seeded by its first argument."""

SEEDS_ONLY = regex(r"seed|determinis|reproducib", re.I)
"""Names of functions that only seed: what calls them is seeded, and nothing else."""

FRAMEWORK_RUN = "while it trains"


ASKED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "SVC": ("probability", (True,)),
    "NuSVC": ("probability", (True,)),
    "LogisticRegression": ("solver", ("sag", "saga")),
    "Ridge": ("solver", ("sag", "saga")),
    "PCA": ("svd_solver", ("randomized", "arpack")),
}
"""Estimators of scikit-learn that draw only where a keyword has one of these values."""


class At(NamedTuple):
    """A call that draws or seeds. In a notebook finding the place takes time, so it waits until asked for."""

    source: Source
    line: int
    call: str

    @property
    def spot(self) -> Spot:
        """Where the call stands."""
        return self.source.spot(self.line)


class Random(NamedTuple):
    """One library's random numbers: where they are drawn, and where they are seeded."""

    library: str
    say: str
    draws: list[At]
    seeds: list[At]
    open: list[At]
    """The draws that no seed reaches."""


@fact
def randomness(repo: Repo) -> tuple[Random, ...]:
    """The libraries that code for training, splitting, augmenting and tuning draws from or seeds, by name."""
    if not training(repo) and not configured(repo):
        return ()
    tools = {t.facts["library"]: t.facts for t in repo.standard.of_kind("rng") if t.facts["library"]}
    found = {name: Random(name, facts["say"], [], [], []) for name, facts in tools.items()}
    seeded = _seeds(repo)
    for source in code(repo):
        draws = list(_draws(repo, source))
        near = _near(repo, seeded, source.path) if draws else {}
        for library, call in draws:
            own = None if left_open(repo, source, call) else _own_seed(call, tools[library])
            at = At(source, call.line, FRAMEWORK_RUN if call.keywords is _RUN else call.name.lstrip(".?"))
            found[library].draws.append(at)
            places = (source.path, project_of(repo, source.path))
            reach = [near.get((library, place)) for place in places]
            from_global = [] if own is not None else _fallback(near, tools[library], places)
            if own:
                found[library].seeds.append(at)
            elif from_global:
                found[library].seeds.append(from_global[0])
            elif not any(reach):
                found[library].open.append(at)
    for (library, _), calls in seeded.items():
        if library in found:
            found[library].seeds.extend(calls)
    _configured(repo, found)
    return tuple(r for _, r in sorted(found.items()) if r.draws or r.seeds)


def _near(repo: Repo, seeded: dict[tuple[str, str], list[At]], path: str) -> dict[tuple[str, str], list[At]]:
    return {key: [at for at in calls if reaches(repo, at.source.path, path)] for key, calls in seeded.items()}


def _configured(repo: Repo, found: dict[str, Random]) -> None:
    """Add what the trainings draw that configurations describe."""
    for run in configured(repo):
        source = Source(run.spot.path)
        at = At(source, run.spot.line or 1, FRAMEWORK_RUN)
        found[run.library].draws.append(at)
        if run.seed:
            found[run.library].seeds.append(At(source, run.seed.line or 1, "its configuration"))
        else:
            found[run.library].open.append(at)


@fact
def drawn(repo: Repo) -> tuple[Random, ...]:
    """The libraries that numbers are seen to be drawn from, by name."""
    return tuple(r for r in randomness(repo) if r.draws)


def falls_back(repo: Repo, library: str) -> str:
    """The library whose global generator another one uses where it is given no seed; empty for none."""
    rng = repo.standard.of_kind("rng")
    return next((str(t.facts.get("global", "")) for t in rng if t.facts["library"] == library), "")


_RUN: dict[str, Any] = {}


def _fallback(seeded: dict[tuple[str, str], list[At]], facts: Any, places: tuple[str, str]) -> list[At]:
    other = facts.get("global")
    return [at for place in places for at in seeded.get((other, place), ())] if other else []


def _own_seed(call: Call, facts: Any) -> bool | None:
    """True where the draw brings its own seed or generator; None where it falls back on the library's."""
    if MAKERS.search(call.name):
        return any(given is not None for given in (*call.args[:1], *call.keywords.values())) or None
    if "**" in call.keywords or (call.last == SPLIT_OF_SPARK and len(call.args) > 1):
        return True
    for keyword in [*facts.get("given", ()), "generator", "seed"]:
        if keyword in call.keywords:
            return call.keywords[keyword] is not None
    return None


# -- draws ---------------------------------------------------------------------------------------------


@fact
def _draw_patterns(repo: Repo) -> Patterns:
    rng = repo.standard.of_kind("rng")
    return Patterns((p, t.facts["library"]) for t in rng for p in t.facts.get("draws", ()))


@fact
def _shuffled(repo: Repo) -> Patterns:
    rng = repo.standard.of_kind("rng")
    return Patterns((p, t.facts["library"]) for t in rng for p in t.facts.get("shuffled", ()))


@fact
def _makers(repo: Repo) -> Patterns:
    rng = repo.standard.of_kind("rng")
    return Patterns((p, t.facts["library"]) for t in rng for p in t.facts.get("makers", ()))


def _draws(repo: Repo, source: Source) -> Iterator[tuple[str, Call]]:
    trains = source.path in _runs_of(repo)
    if SHOWS.search(source.path) or (SERVES.search(source.path) and not trains):
        return
    if not trains and looks_on(repo, source):
        return
    rows = source.imports_any({"datasets"})
    known = trains or source.imports_any(DATA) or PREPARES.search(source.path)
    for call in source.calls if known else ():
        if call.inside.rpartition(".")[2] in ("seed_worker", "worker_init_fn") or (
            not trains and tries_out(repo, source, call)
        ):
            continue
        library = _drawn(repo, call) or ("numpy" if rows and of_datasets(call) else None)
        if library is not None:
            yield library, call
    run = _runs_of(repo).get(source.path)
    if run is not None and (library := _framework_draws(repo).get(run.framework)):
        yield library, run.calls[0]._replace(keywords=_RUN)


@fact
def _runs_of(repo: Repo) -> dict[str, Training]:
    """The training of each source, by its path."""
    return {run.source.path: run for run in training(repo)}


def _drawn(repo: Repo, call: Call) -> str | None:
    """The library that the call draws from, unless its arguments say that it does not."""
    name, shuffled = call.name, call.keywords.get("shuffle")
    if is_feed(call):
        return fed(call)
    if name.startswith("sklearn.") and (call.last in ASKED or isinstance(shuffled, Ref)):
        return _sometimes(call)
    if (library := _shuffled(repo).label(name)) is not None:
        return library if shuffled not in (None, False) else None
    if (library := _makers(repo).label(name)) is not None:
        return library
    if name.startswith((".", "pandas.")) and call.last == "sample":
        return "pandas" if {"frac", "random_state"} & set(call.keywords) else None
    return _draw_patterns(repo).label(name) if "()" not in name and shuffled is not False else None


def _sometimes(call: Call) -> str | None:
    """scikit-learn, where a keyword asks for it; a setting that we cannot see may well say no."""
    keyword, values = ASKED.get(call.last, ("", ()))
    return "sklearn" if call.keywords.get(keyword) in values else None


@fact
def _framework_draws(repo: Repo) -> dict[str, str]:
    return {tool.slug: str(tool.facts["draws"]) for tool in reversed(frameworks(repo))}


# -- seeds ---------------------------------------------------------------------------------------------


@fact
def _seed_patterns(repo: Repo) -> Patterns:
    rng = repo.standard.of_kind("rng")
    single = [(p, t.facts["library"]) for t in rng for p in t.facts.get("seeds", ())]
    together = [(p, ",".join(libs)) for t in rng for p, libs in t.facts.get("together", {}).items()]
    return Patterns(single + together)


def _seeds(repo: Repo) -> dict[tuple[str, str], list[At]]:
    """Seeding calls that run, by library and reach: scripts (empty), a separate project, or a notebook."""
    found: dict[tuple[str, str], list[At]] = {}
    patterns = _seed_patterns(repo)
    seeding = {name for name in call_names(repo) if _seeds_by_default(name) or patterns.label(name)}
    written = ((source, call) for source in code(repo) for call in source.calls if call.name in seeding)
    for source, call in chain(written, applied(repo)):
        if never_given(repo, source, call) or (
            source.path not in _runs_of(repo) and seeds_alone(repo, source, call)
        ):
            continue
        for library in _seeded(repo, call):
            at = At(source, call.line, call.name.lstrip("."))
            for reach in _reach(repo, source, call):
                found.setdefault((library, reach), []).append(at)
    return found


def _reach(repo: Repo, source: Source, call: Call) -> list[str]:
    """Where a seeding call counts: in the scripts of projects, in the paths of notebooks, or nowhere."""
    name = call.inside.rpartition(".")[2]
    if _runs(repo, source, call):
        if source.notebook:
            return [source.path]
        helper = SEEDS_ONLY.search(name)
        callers = [s.path for s in code(repo) if helper and name in s.called and not s.notebook]
        return sorted({project_of(repo, path) for path in (source.path, *callers)})
    books = [] if source.notebook else [s.path for s in code(repo) if s.notebook and name in s.called]
    scripts = any(s.main for s in code(repo) if not s.notebook)
    return books if scripts and SEEDS_ONLY.search(name) else [""] * bool(books)


def _seeded(repo: Repo, call: Call) -> list[str]:
    if _seeds_by_default(call.name):
        return ["random", "numpy", "torch"]
    label = _seed_patterns(repo).label(call.name)
    if label is None:
        return []
    clock = any(isinstance(a, Ref) and a.name.startswith(("time.", "os.urandom")) for a in call.args)
    given = (*call.args, *call.keywords.values())
    nothing = all(value is None for value in given) and label in ("random", "numpy", "torch")
    if clock or nothing:
        return []
    return [library for library in label.split(",") if library != "tensorflow" or _has_tensorflow(repo)]


@fact
def _has_tensorflow(repo: Repo) -> bool:
    """Whether anything uses TensorFlow, which functions for several libraries seed where it is there."""
    return any(source.imports_any({"tensorflow", "keras", "tf_keras"}) for source in code(repo))


@lru_cache(maxsize=10_000)
def _seeds_by_default(name: str) -> bool:
    """Calls share few names."""
    return SEEDED_BY_DEFAULT.match(name) is not None


def _runs(repo: Repo, source: Source, call: Call) -> bool:
    """Whether the function around a call is itself called from somewhere, as far as names can tell."""
    if not call.inside or call.name == "sacred.Experiment":
        return True
    parts = call.inside.split(".")
    for depth, name in enumerate(parts):
        qualified = ".".join(parts[: depth + 1])
        if name in source.bases:
            if not _used(repo, name, source) and not any(not b.startswith(".") for b in source.bases[name]):
                return False
        elif name in ("main", MAIN, "__init__", "__call__", "setUp") or qualified in source.decorated:
            continue  # called by its class, its decorator or an entry point
        elif depth and source.bases.get(parts[depth - 1]):
            continue  # a method that a base class may call
        elif not _used(repo, name, source):
            return False
    return True


def _used(repo: Repo, name: str, source: Source) -> bool:
    """Whether any source of the repository calls or passes on something of this name."""
    if name in source.called or name in _base_names(repo):
        return True
    return not source.notebook and (name in called_names(repo) or _called_elsewhere(repo, name))


@fact
def _base_names(repo: Repo) -> frozenset[str]:
    every = (base for source in code(repo) for bases in source.bases.values() for base in bases)
    return frozenset(base.rpartition(".")[2] for base in every)


@fact
def _unread(repo: Repo) -> tuple[str, ...]:
    """The scripts that did not seem to matter."""
    known = {source.path for source in sources(repo)}
    return tuple(path for path in repo.files if path.endswith(".py") and path not in known)


@fact
def _answers(_repo: Repo) -> dict[str, bool]:
    return {}


def _called_elsewhere(repo: Repo, name: str) -> bool:
    """Look into the scripts that did not seem to matter, where their bytes hold the name."""
    known = _answers(repo)
    if name not in known:
        needle = name.encode()
        others = (source_at(repo, p) for p in _unread(repo) if needle in (repo.raw(p) or b""))
        known[name] = any(other and other.role == "code" and name in other.called for other in others)
    return known[name]
