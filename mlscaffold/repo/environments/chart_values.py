"""Images of Helm charts, as far as their values or their templates name them outright."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import NOT_USED, charts
from mlscaffold.repo.documents import Malformed, read_yaml
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

LITERAL = regex(r"^[ \t]*(?:-[ \t]+)?image:[ \t]*[\"']?(?P<image>[^\s\"'#{}]+)[\"']?[ \t]*(?:#.*)?$", re.M)
COPIED = regex(r"(?:^|/)charts/[^/]+/charts/")
"""Charts inside a chart: copies of others."""

DEEPEST = 20


class ChartImage(NamedTuple):
    """One image that a chart names with a tag, or without."""

    path: str
    line: int | None
    image: str


@fact
def chart_images(repo: Repo) -> tuple[ChartImage, ...]:
    """The images of the repository's own charts; an empty tag is the version of the chart."""
    return tuple(_images(repo))


def _images(repo: Repo) -> Iterator[ChartImage]:
    for templates in charts(repo):
        home = templates.removesuffix("templates/")
        if NOT_USED.search(home) or COPIED.search(home):
            continue
        for name in ("values.yaml", "values.yml"):
            if home + name in repo.files:
                yield from _of_values(repo, home + name)
    for path in own(repo, "*.yaml", "*.yml") if charts(repo) else ():
        if path.startswith(charts(repo)) and not NOT_USED.search(path) and not COPIED.search(path):
            text = (repo.raw(path) or b"").decode("utf-8", "replace")
            for found in LITERAL.finditer(text):
                yield ChartImage(path, text.count("\n", 0, found.start("image")) + 1, found["image"])


def _of_values(repo: Repo, path: str) -> Iterator[ChartImage]:
    text = repo.text(path) or ""
    try:
        documents = read_yaml(text)
    except Malformed:
        return
    for repository, tag in _pairs(documents[:1]):
        at = re.search(
            rf"\b(?:repository|name):[ \t]*[\"']?{re.escape(repository)}[\"']?[ \t]*(?:#|$)", text, re.M
        )
        yield ChartImage(path, text.count("\n", 0, at.start()) + 1 if at else None, f"{repository}:{tag}")


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    """Repository and tag of each image of the values that has both."""
    stack = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > DEEPEST:
            continue
        below = (
            list(item.values()) if isinstance(item, dict) else item if isinstance(item, list | tuple) else []
        )
        stack += [(child, depth + 1) for child in reversed(below)]
        if isinstance(item, dict) and isinstance(item.get("repository"), str) and item["repository"]:
            tag = item.get("tag")
            if isinstance(tag, str | int | float) and str(tag):
                yield item["repository"], str(tag)
