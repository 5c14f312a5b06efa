"""Training in other languages than Python: their readers are asked only where such sources lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.named import NamedTuple
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import training

if TYPE_CHECKING:
    from mlscaffold.repo.training.determinism import Deterministic
    from mlscaffold.repo.training.hyper_names import External
    from mlscaffold.repo.training.hyperparameters import Fixed
    from mlscaffold.repo.training.r_and_julia import Script
    from mlscaffold.repo.training.r_and_julia_runs import Run
    from mlscaffold.repo.training.randomness import Random
    from mlscaffold.repo.training.saved_models import Found
    from mlscaffold.repo.training.splits import HeldOut

R_AND_JULIA = (".r", ".jl", ".rmd", ".qmd", ".rnw")
JVM = (".scala", ".sc", ".java")


class Written(NamedTuple):
    """Whether there are sources of these languages."""

    r_or_julia: bool
    jvm: bool


@fact
def written(repo: Repo) -> Written:
    """What sources and notebooks are written in."""
    ends = {path[path.rfind(".") :].lower() for path in repo.files}
    books = {book.language for book in notebooks(repo)}
    return Written(
        not ends.isdisjoint(R_AND_JULIA) or not books.isdisjoint(("r", "julia")),
        not ends.isdisjoint(JVM) or "scala" in books,
    )


class Trained(NamedTuple):
    """A place that trains, in whatever language, and by what call."""

    spot: Spot
    call: str


@fact
def trained(repo: Repo) -> tuple[Trained, ...]:
    """Every place that trains a model: in Python, or in other languages where no Python does.

    Regressions in R that may as well describe the data at hand are none.
    """
    python = tuple(Trained(run.spot, run.calls[0].last) for run in training(repo))
    return python or tuple(Trained(run.spot, run.call) for run in _models(repo))


def _models(repo: Repo) -> Iterator[Run]:
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        yield from r_and_julia_data.predicting(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_runs

        yield from jvm_runs.runs(repo)


@fact
def runs(repo: Repo) -> tuple[Run, ...]:
    """The scripts and sources that train, by language and path."""
    return tuple(_runs(repo))


def _runs(repo: Repo) -> Iterator[Run]:
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_runs

        yield from r_and_julia_runs.runs(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_runs

        yield from jvm_runs.runs(repo)


@fact
def scripts(repo: Repo) -> tuple[Script, ...]:
    """The repository's own scripts and sources that may train or record runs."""
    return tuple(_scripts(repo))


def _scripts(repo: Repo) -> Iterator[Script]:
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia

        yield from r_and_julia.scripts(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm

        yield from (module.script for module in jvm.modules(repo))


@fact
def draws(repo: Repo) -> tuple[Random, ...]:
    """The random numbers that are drawn for training, by language or library."""
    return tuple(_draws(repo))


def _draws(repo: Repo) -> Iterator[Random]:
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_runs

        yield from r_and_julia_runs.draws_elsewhere(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_seeds

        yield from jvm_seeds.draws(repo)


@fact
def certain_draws(repo: Repo) -> tuple[Random, ...]:
    """Those among them that training draws for certain."""
    return tuple(_certain(repo))


def _certain(repo: Repo) -> Iterator[Random]:
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import seeds_elsewhere

        yield from seeds_elsewhere.certain_draws(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_seeds

        yield from jvm_seeds.draws(repo)


@fact
def unread_seeds(repo: Repo) -> Run | None:
    """The first run by a library whose own seeds are not read, or `None`."""
    if not written(repo).jvm:
        return None
    from mlscaffold.repo.training import jvm_seeds

    return jvm_seeds.unread(repo)


def seeded_in_scripts(repo: Repo) -> bool:
    """Whether a script or source seeds what training draws."""
    if not any(written(repo)):
        return False
    from mlscaffold.repo.training import seed_settings_elsewhere

    return any(seed_settings_elsewhere.seeding(repo))


def configured_seed(repo: Repo) -> Spot | None:
    """The first place in a script or source where a seed is given from outside, or `None`."""
    if not any(written(repo)):
        return None
    from mlscaffold.repo.training import seed_settings_elsewhere

    return seed_settings_elsewhere.configured_seed(repo)


def fixed_seeds(repo: Repo) -> tuple[Spot, ...]:
    """The lines of scripts and sources that seed with a number in the code."""
    if not any(written(repo)):
        return ()
    from mlscaffold.repo.training import seed_settings_elsewhere

    return seed_settings_elsewhere.fixed_seeds(repo)


@fact
def held_out(repo: Repo) -> HeldOut | None:
    """The clearest sign that data is held back for evaluation, or `None`."""
    found = None
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        found = r_and_julia_data.held_out_elsewhere(repo)
    if found is None and written(repo).jvm:
        from mlscaffold.repo.training import jvm_data

        found = jvm_data.held_out(repo)
    return found


@fact
def judged_out_of_bag(repo: Repo) -> HeldOut | None:
    """Where a forest is judged on the rows that its trees did not see, or `None`."""
    if not written(repo).r_or_julia:
        return None
    from mlscaffold.repo.training import r_and_julia_data

    return r_and_julia_data.judged_out_of_bag(repo)


def scaled_early(repo: Repo) -> Iterator[tuple[Spot, str, Spot]]:
    """Each step that saw rows before they were told apart: its place, its name, and where the split is."""
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_leakage

        yield from r_leakage.scaled_early(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_leakage

        yield from jvm_leakage.scaled_early(repo)


@fact
def predicting(repo: Repo) -> tuple[Run, ...]:
    """The runs whose models are there to predict."""
    found: list[Run] = []
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        found += r_and_julia_data.predicting(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_runs

        found += jvm_runs.predicting(repo)
    return tuple(found)


@fact
def learning_from_data(repo: Repo) -> tuple[Run, ...]:
    """The runs among them that read data, rather than making it up or leaving it to others."""
    found: list[Run] = []
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        found += r_and_julia_data.learning_from_data(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_data

        found += jvm_data.learning_from_data(repo)
    return tuple(found)


@fact
def externalised(repo: Repo) -> External | None:
    """What lets hyper-parameters be changed without editing code, or `None`."""
    found = None
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        found = r_and_julia_data.given_elsewhere(repo)
    if found is None and written(repo).jvm:
        from mlscaffold.repo.training import jvm_data

        found = jvm_data.settable(repo)
    return found


@fact
def fixed(repo: Repo) -> tuple[Fixed, ...]:
    """Numbers given to hyper-parameters in what trains, by place."""
    found: list[Fixed] = []
    if written(repo).r_or_julia:
        from mlscaffold.repo.training import r_and_julia_data

        found += r_and_julia_data.fixed(repo)
    if written(repo).jvm:
        from mlscaffold.repo.training import jvm_data

        found += jvm_data.fixed(repo)
    return tuple(dict.fromkeys(sorted(found, key=lambda f: (f.spot.path, f.spot.line or 0))))


class Models(NamedTuple):
    """What scripts do with their models: the first place of each, or `None`."""

    loaded: Found | None = None
    saved: Found | None = None
    registered: Found | None = None
    measured: Found | None = None


@fact
def models(repo: Repo) -> Models:
    """Whether models are kept, loaded and measured in R or Julia; the JVM's are not asked."""
    if not runs(repo) or not written(repo).r_or_julia:
        return Models()
    from mlscaffold.repo.training import models_elsewhere as asked

    return Models(asked.loaded(repo), asked.saved(repo), asked.registered(repo), asked.measured(repo))


@fact
def deep(repo: Repo) -> tuple[Run, ...]:
    """The runs of deep learning in R."""
    if not written(repo).r_or_julia:
        return ()
    from mlscaffold.repo.training import models_elsewhere

    return models_elsewhere.deep(repo)


@fact
def deterministic(repo: Repo) -> tuple[Deterministic, ...]:
    """The settings by which they repeat themselves."""
    if not deep(repo):
        return ()
    from mlscaffold.repo.training import models_elsewhere

    return models_elsewhere.deterministic(repo)
