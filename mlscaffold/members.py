"""Each package of a monorepo audited as a repository that the root's files serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlscaffold.audit import Member, Report, Result
from mlscaffold.named import NamedTuple
from mlscaffold.progress import step
from mlscaffold.repo.trees.governed import GovernedTree
from mlscaffold.repo.trees.part import PartTree
from mlscaffold.repo.trees.tree import Tree
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, Unknown

MOST = 100
"""Packages that one run audits; a repository with more is a registry of them."""


class _Said(NamedTuple):
    """What the root's report says: the places of each rule's findings, and the paths that there are."""

    places: dict[str, frozenset[str]]
    paths: frozenset[str]

    def holds(self, code: str, path: str) -> bool:
        """Whether the rule names the path already, or the absence of such a file from the whole."""
        places = self.places.get(code, frozenset())
        absent = {place.rpartition("/")[2] for place in places - self.paths}
        return path in places or bool(places and path not in self.paths) or path.rpartition("/")[2] in absent


def with_members(whole: Report, tree: Tree, make: Callable[[Tree], Report]) -> Report:
    """The report of the root together with those of its packages, which repeat nothing that it says."""
    places = {r.rule.code: frozenset(_places(r)) for r in whole.of("failed")}
    said = _Said(places, frozenset(entry.path for entry in tree.entries()))
    parts = whole.packages[:MOST]
    members: list[Member] = []
    for at in parts:
        step(len(members), len(parts), "projects" if whole.collected else "packages")
        members.append(_member(tree, at, make, said))
    return whole._replace(members=tuple(members))


def _places(result: Result) -> Iterator[str]:
    for finding in result.findings:
        yield finding.path
        yield from (place.path for place in finding.also)


def _member(tree: Tree, at: str, make: Callable[[Tree], Report], said: _Said) -> Member:
    part = PartTree(tree, at)
    own = {entry.path for entry in part.entries()}
    governed = GovernedTree(part, tree, at)
    served = {entry.path for entry in governed.entries()} - own
    report = make(governed)
    results = tuple(_own(_placed(result, at, served), said) for result in report.results)
    return Member(at, report._replace(results=results))


def _own(result: Result, said: _Said) -> Result:
    """The result without what the root's report says already, of the same place or of what is nowhere."""
    if result.outcome != "failed":
        return result
    new = tuple(f for f in result.findings if not said.holds(result.rule.code, f.path))
    if new:
        return result._replace(answers=(*new, *(a for a in result.answers if not isinstance(a, Finding))))
    return result._replace(outcome="blocked", answers=(), reason="by the same in the report of the whole")


def _placed(result: Result, at: str, served: set[str]) -> Result:
    """The result with paths as the root has them; what serves the package lies at the root already."""

    def placed(path: str) -> str:
        return path if not path or path in served else f"{at}/{path}"

    def moved(answer: Answer) -> Answer:
        match answer:
            case Finding(path=path, also=also):
                further = tuple(Place(placed(p.path), *p[1:]) for p in also)
                return answer._replace(path=placed(path), also=further, fix=None)
            case Satisfied(path=path) | Open(path=path) | Unknown(path=path):
                return answer._replace(path=placed(path))

    return result._replace(answers=tuple(moved(answer) for answer in result.answers))
