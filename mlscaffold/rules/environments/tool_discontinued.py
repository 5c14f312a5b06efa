"""ENV115: what the code relies on is still maintained, or there is a plan to move on."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.environments.discontinued import discontinued
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, rule
from mlscaffold.rules.applies import has_code
from mlscaffold.standard import Standard


@rule("ENV115", level="collaboration", since="1.0", when=has_code)
def tool_discontinued(repo: Repo, standard: Standard) -> Iterator[Finding]:
    """Only what the code imports whenever it runs, what a manifest names, or a script calls counts as use."""
    for tool, spot, _by in discontinued(repo):
        happened = tool.maintained.partition(":")[2].strip() or "it is no longer maintained"
        successor = standard.tools.get(tool.successor)
        to = successor.name if successor else tool.successor
        yield Finding(
            *spot[:1],
            f"{tool.name}: {happened}" + (f"; move to {to}" if to else "; look for a successor"),
            line=spot.line,
            cell=spot.cell,
            cell_line=spot.cell_line,
            key=tool.slug,
        )
