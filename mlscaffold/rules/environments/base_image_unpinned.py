"""ENV108: a base image must be held at a version."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Command
from mlscaffold.repo.environments.containers import base_images
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_container
from mlscaffold.standard import Standard

WHY = "shows the tags' digests, which never move: write image:tag@sha256:…"


@rule("ENV108", level=2, since="1.0", when=has_container)
def base_image_unpinned(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """No tag, or the tag `latest`, is whatever was pushed last; a tag or digest satisfies."""
    moving: dict[str, list[Place]] = {}
    shown: set[tuple[str, str]] = set()
    for base in base_images(repo):
        if base.pin == "unknown":
            yield Unknown(f"{base.image} at line {base.line} is decided when the image is built", base.path)
        elif base.pin == "latest/untagged":
            moving.setdefault(base.image, []).append(Place(base.path, base.line))
        elif (base.path, base.image) not in shown:
            shown.add((base.path, base.image))
            yield Satisfied(base.path, by=f"{base.pin} of {base.image.partition('@')[0]}")
    for image, (first, *others) in moving.items():
        yield Finding(
            first.path,
            f"{image} is whatever was pushed last: name a version, better a digest",
            first.line,
            fix=Command(("docker", "buildx", "imagetools", "inspect", image), WHY),
            also=tuple(others),
            key=image,
        )
