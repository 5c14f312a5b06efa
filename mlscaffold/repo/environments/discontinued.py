"""Tools in use that nobody maintains any more, by the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.environments.manifests import python_manifests
from mlscaffold.repo.environments.python_version import declared
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.import_places import needed_at
from mlscaffold.repo.python.third_party import imports
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own, own
from mlscaffold.standard import Tool

KERNEL_2 = regex(rb'"kernelspec":\s*\{[^}]*"name":\s*"python2"')


class Discontinued(NamedTuple):
    """One tool, the first place that proves its use, and how."""

    tool: Tool
    spot: Spot
    by: str


@fact
def discontinued(repo: Repo) -> tuple[Discontinued, ...]:
    """The tools in use, by slug. An import that the code can do without, or a mention, is no use."""
    found: list[Discontinued] = []
    for _, tool in sorted(repo.standard.tools.items()):
        told_by_its_import = tool.maintained.startswith("no") and "uses" not in tool.facts
        if told_by_its_import and (hit := next(_uses(repo, tool), None)):
            found.append(Discontinued(tool, *hit))
    return tuple(found)


def _uses(repo: Repo, tool: Tool) -> Iterator[tuple[Spot, str]]:
    for name in tool.imports:
        root = name.partition(".")[0]
        places = imports(repo).needed.get(root, ()) if root not in imports(repo).guarded else ()
        holding = [p.path for p in places if name == root or name.encode() in (repo.raw(p.path) or b"")]
        yield from ((spot, f"imports {name}") for spot in needed_at(repo, name, holding))
    if tool.kind == "discontinued":
        for pattern in tool.files:
            yield from ((Spot(path), "its own file") for path in own(repo, pattern))
    yield from _settings(repo, tool)
    if tool.facts.get("proofs"):
        found = definitions(repo, tool.kind)
        yield from ((Spot(d.path, d.line), "defined") for d in found if d.tool == tool.name)
    if tool.facts.get("declared"):
        for manifest in python_manifests(repo):
            for wanted in manifest.requirements:
                if wanted.name in tool.packages:
                    yield Spot(manifest.path, wanted.line), "declared"


def _settings(repo: Repo, tool: Tool) -> Iterator[tuple[Spot, str]]:
    """Where an environment or a service is asked for by name."""
    if version := tool.facts.get("python"):
        yield from ((spot, "declared") for spot in _declaring_python(repo, version))
    if (path := tool.facts.get("configured", "")) in repo.files and not _elsewhere(repo, path, tool):
        yield Spot(path), "configured"


def _declaring_python(repo: Repo, version: str) -> Iterator[Spot]:
    """Where an environment is set up with this Python; of notebooks, kernels of Python 2 alone say so."""
    for stated in declared(repo):
        if stated.source != "lock" and (stated.exact == version or stated.exact.startswith(f"{version}.")):
            yield Spot(stated.path, stated.line)
    if version == "2":
        yield from (Spot(b.path) for b in notebooks(repo) if is_own(b.path) and KERNEL_2.search(b.raw))


def _elsewhere(repo: Repo, path: str, tool: Tool) -> bool:
    """Whether the settings or the README name the service that goes on."""
    page = front_page(repo)
    said = (repo.text(path) or "") + (page.text if page else "")
    return str(tool.facts.get("unless", "\0")) in said
