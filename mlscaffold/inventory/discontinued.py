"""Published facts: what is used although nobody maintains it any more."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, names
from mlscaffold.repo.definitions import printed
from mlscaffold.repo.environments.discontinued import discontinued
from mlscaffold.repo.repo import Repo
from mlscaffold.standard import Tool


@inventoried("discontinued_tools", "names")
def discontinued_tools(repo: Repo) -> Known:
    """Tools in use that are no longer maintained or were shut down, by the catalogue."""
    return names((_name(d.tool), Evidence(d.spot.path, d.spot.line, d.by)) for d in discontinued(repo))


def _name(tool: Tool) -> str:
    """The name of the package, by which a person knows the tool; else its name in the inventory."""
    return tool.packages[0] if tool.packages else printed(tool)
