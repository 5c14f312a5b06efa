"""Published facts: what is used although nobody maintains it any more."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, names
from mlscaffold.repo.discontinued import discontinued
from mlscaffold.repo.repo import Repo


@inventoried("discontinued_tools", "names")
def discontinued_tools(repo: Repo) -> Known:
    """Tools in use that are no longer maintained or were shut down, by the catalogue."""
    return names((d.tool.slug, Evidence(d.spot.path, d.spot.line, d.by)) for d in discontinued(repo))
