"""ENV113: what an orchestrator runs must be held at a version and within limits."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.chart_values import ChartImage, chart_images
from mlscaffold.repo.environments.containers import Base, built_here, pin, service_images
from mlscaffold.repo.environments.workloads import Worker, plain_name, renamed_images, undecided, workers
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import is_used
from mlscaffold.standard import Standard

Named = Worker | ChartImage | Base
SHOWN = 3
"""Images that a message names; all of their places are listed."""


def has_manifest(repo: Repo) -> str | None:
    """Manifests of Kubernetes, a chart, or services of a compose file."""
    if workers(repo) or chart_images(repo) or service_images(repo):
        return None
    return "no manifest names containers for an orchestrator to run"


@rule("ENV113", level=2, since="1.0", when=(is_used, has_manifest))
def manifest_unpinned(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """A tag or digest for each image, and a limit of memory for each container that states its needs."""
    named: list[Named] = [*workers(repo), *chart_images(repo), *service_images(repo)]
    decided = [row for row in named if row.image and not undecided(row.image)]
    moving = [row for row in decided if pin(row.image) == "latest/untagged" and not _held(repo, row)]
    endless = [row for row in workers(repo) if row.states and not row.memory_limit and not row.init]
    if moving:
        yield _images(moving)
    if endless:
        yield _limits(endless)
    if not moving and decided:
        yield Satisfied(decided[0].path, by=f"a tag or digest of {_listed(decided)}")
    if not decided:
        yield Unknown("all of its images are filled in later", named[0].path)


def _held(repo: Repo, row: Named) -> bool:
    """Whether the tag is decided elsewhere, or the image never leaves the machine that builds it."""
    name = plain_name(row.image)
    local = isinstance(row, Base) or "/" not in name
    return name in renamed_images(repo) or (local and name in built_here(repo))


def _listed(rows: list[Named]) -> str:
    images = list(dict.fromkeys(row.image for row in rows))
    more = len(images) - SHOWN
    return ", ".join(images[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _images(rows: list[Named]) -> Finding:
    first, *others = rows
    several = len({row.image for row in rows}) > 1
    said = "are whatever was pushed last: name versions, better digests"
    message = said if several else "is whatever was pushed last: name a version, better a digest"
    also = tuple(Place(row.path, row.line) for row in others)
    return Finding(first.path, f"{_listed(rows)} {message}", first.line, also=also, key="images")


def _limits(rows: list[Worker]) -> Finding:
    first, *others = rows
    also = tuple(Place(row.path, row.line) for row in others)
    message = f"{first.shown} may take all memory of its node: add resources.limits.memory"
    return Finding(first.path, message, first.line, also=also, key="limits")
