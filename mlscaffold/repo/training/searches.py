"""Searches for hyper-parameters: which run, and whether what they try can be told and repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.patterns import Patterns
from mlscaffold.repo.python.facts import Call, Spot
from mlscaffold.repo.python.source import code
from mlscaffold.repo.python.text import written
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import EXAMPLE
from mlscaffold.repo.vendored import is_own
from mlscaffold.standard import Tool

GLOBAL_SEEDS = {
    "numpy": regex(rb"random\.seed\(|\bseed_everything\(|\bset_(?:random_)?seeds?\(|\bset_determin\w*\("),
    "random": regex(rb"\brandom\.seed\(|\bseed_everything\(|\bset_(?:random_)?seeds?\("),
}
SWEEPER = regex(rb"^[ \t-]*(?:override )?/?(?:hydra/)?sweeper[ \t]*:[ \t]*(optuna|ax|nevergrad)\b", re.M)
SWEEPER_CLASS = regex(rb"_target_[ \t]*:[ \t]*hydra_plugins\.hydra_(optuna|ax|nevergrad)_sweeper\.")
DETERMINED = regex(rb"seed[ \t]*:[ \t]*(?!null\b|~)\S|(?:Grid|BruteForce)Sampler|sampler[ \t]*:[ \t]*grid\b")


class Search(NamedTuple):
    """One place where a search is set up: by what, and what it lacks to be repeatable."""

    spot: Spot
    name: str
    by: str
    seeded: bool
    ends: bool
    say: str


@fact
def searches(repo: Repo) -> tuple[Search, ...]:
    """Every place that sets up a search, by place; documentation and examples are left out."""
    found = (s for s in (*_called(repo), *_swept(repo)) if not EXAMPLE.search(s.spot.path))
    return tuple(sorted(found, key=lambda s: (s.spot.path, s.spot.line or 0)))


def _patterns(tools: tuple[Tool, ...], names: str) -> Patterns:
    def listed(tool: Tool) -> tuple[str, ...]:
        return tool.calls if names == "calls" else tuple(tool.facts[names])

    return Patterns((pattern, f"{tool.slug} {pattern}") for tool in tools for pattern in listed(tool))


def _called(repo: Repo) -> Iterator[Search]:
    tools = repo.standard.of_kind("search")
    by_kind = {names: _patterns(tools, names) for names in ("calls", "seeds", "budgets")}
    for source in code(repo):
        for call in source.calls:
            labels = {names: patterns.label(call.name) for names, patterns in by_kind.items()}
            if label := next(filter(None, labels.values()), None):
                tool = repo.standard.tools[label.partition(" ")[0]]
                seeded = _given(call, tool.facts["seeds"], labels["seeds"], 2) or _seeded_globally(repo, tool)
                ends = _given(call, tool.facts["budgets"], labels["budgets"], 2)
                yield Search(source.spot(call.line), tool.name, call.name, seeded, ends, tool.facts["say"])


def _given(call: Call, wanted: Mapping[str, list[str]], label: str | None, enough: int) -> bool:
    """Whether the call has one of the keywords that it needs, or so many arguments that it may have."""
    if label is None:
        return True
    keywords = wanted[label.partition(" ")[2]]
    return any(call.given(keyword) for keyword in keywords) or len(call.args) >= enough


def _seeded_globally(repo: Repo, tool: Tool) -> bool:
    pattern = GLOBAL_SEEDS.get(tool.facts["library"])
    return pattern is not None and next(written(repo, pattern), None) is not None


def _swept(repo: Repo) -> Iterator[Search]:
    """Hydra's sweepers, which a configuration chooses and seeds."""
    for path in repo.named("*.yaml", "*.yml"):
        raw = repo.raw(path) or b"" if is_own(path) else b""
        hit = (SWEEPER.search(raw) or SWEEPER_CLASS.search(raw)) if b"sweeper" in raw else None
        if hit:
            spot, name = Spot(path, raw.count(b"\n", 0, hit.start(1)) + 1), hit[1].decode()
            seeded = name == "nevergrad" or DETERMINED.search(raw) is not None
            yield Search(spot, f"Hydra's {name} sweeper", name, seeded, True, "sampler.seed")
