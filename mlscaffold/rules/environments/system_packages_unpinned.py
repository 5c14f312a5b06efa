"""ENV121: the system packages of an image are the same ones when it is built again."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.system_packages import CARRIERS, Image, Package, images_with_packages
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_container
from mlscaffold.standard import Standard

SHOWN = 4


def installs(repo: Repo) -> str | None:
    """Some final image takes packages from its system's package manager."""
    return None if images_with_packages(repo) else "no final image installs system packages"


@rule("ENV121", level=2, since="1.0", when=(has_container, installs))
def system_packages_unpinned(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """One answer for each container file whose final image installs something."""
    for image in images_with_packages(repo):
        loose = [p for p in image.packages if not p.pinned and p.name not in CARRIERS]
        if image.frozen:
            yield Satisfied(image.path, by=image.frozen)
        elif loose:
            yield _finding(image, loose)
        elif image.unclear:
            what, line = image.unclear[0]
            yield Unknown(
                f"what line {line} installs is decided when the image is built ({what})", image.path
            )
        else:
            yield Satisfied(image.path, by=_by(image))


def _finding(image: Image, loose: list[Package]) -> Finding:
    names = list(dict.fromkeys(package.name for package in loose))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    listed = next((f", which {p.listed} lists," for p in loose if p.listed), "")
    first, *others = dict.fromkeys(package.line for package in loose)
    return Finding(
        image.path,
        f"installs {', '.join(names[:SHOWN])}{more}{listed} at whatever version is newest that day: "
        "name the version of each, or install from a mirror of one day",
        first,
        also=tuple(Place(image.path, line) for line in others),
        key="system packages",
    )


def _by(image: Image) -> str:
    pinned = [package.name for package in image.packages if package.pinned]
    if pinned:
        more = f" and {len(pinned) - 1} more" if len(pinned) > 1 else ""
        return f"the version of {pinned[0]}{more}"
    return f"tools alone that compute nothing ({', '.join(sorted({p.name for p in image.packages})[:SHOWN])})"
