"""What the rules about experiments share: when they apply, and which tracker the training here uses."""

from __future__ import annotations

from mlscaffold.repo.kind import kind
from mlscaffold.repo.pages.demonstration import demonstration
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.reach import near_training
from mlscaffold.repo.training.trackers import Tracked, dvc_metrics, trackers
from mlscaffold.repo.training.training import simulated
from mlscaffold.rule import Unknown


def own_experiments(repo: Repo) -> str | None:
    """A library's training code runs in the experiments of those who import it."""
    return (
        "it is a library: whoever imports it runs the experiments" if kind(repo).name == "library" else None
    )


def for_results(repo: Repo) -> str | None:
    """The runs of a course show how something is done; nobody builds on what came out of them."""
    return (
        "it is a course: its runs teach, nobody builds on their results"
        if kind(repo).name == "course"
        else None
    )


def no_demonstration(repo: Repo) -> str | None:
    """Templates, samples and tutorials show a way; no result of theirs is to be reproduced or compared."""
    spot = demonstration(repo)
    return (
        f"it shows how something is done ({spot.path}:{spot.line}) and has no result of its own"
        if spot
        else None
    )


def from_data(repo: Repo) -> str | None:
    """What learns by acting in an environment is evaluated in new episodes, not on held-out data."""
    spot = simulated(repo)
    return f"its models learn in a simulated environment ({spot.path}), not from a data set" if spot else None


def tracks(repo: Repo) -> str | None:
    """Some tracker records runs, or DVC compares what they leave."""
    return None if trackers(repo) or dvc_metrics(repo) else "no experiment tracker records its runs"


def tracked_here(repo: Repo) -> Tracked | Unknown:
    """The first tracker that the training here uses; the caller knows that there are trackers."""
    found = trackers(repo)
    near = next((tracked for tracked in found if near_training(repo, tracked.spot.path)), None)
    return near or Unknown(
        f"{found[0].name} is called in {found[0].spot.path}, which the training here does not use"
    )
