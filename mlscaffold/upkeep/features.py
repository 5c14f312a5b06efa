"""Paths of the template by the name of the feature that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlscaffold.errors import Stop
from mlscaffold.upkeep.template import Template


def paths_of(template: Template, names: Sequence[str]) -> tuple[str, ...]:
    """The path patterns of the named features; a part of a name will do, such as `ci`.

    Raises Stop, with what there is, where no feature has such a name.
    """
    return tuple(path for name in names for path in _paths(template, name))


def _paths(template: Template, name: str) -> Iterator[str]:
    features = template.settings.get("features", {}).get("default", {})
    meant = [name] if name in features else [one for one in features if name in one.split("_")]
    if not meant:
        raise Stop(f"the template has no feature {name!r}; there are: {', '.join(features)}")
    for feature in meant:
        yield from (f"/{path}" for path in features[feature]["files"])
