"""A report kept with everything that it was made from: given again while all of that is the same."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any, cast

from mlscaffold import audit, config, edits, rule, rules
from mlscaffold.audit import Report, Result
from mlscaffold.config import Config
from mlscaffold.records import pack, unpack
from mlscaffold.repo.cache import Cache
from mlscaffold.repo.trees.recorded import RecordedTree
from mlscaffold.repo.trees.tree import Tree

WORTH = 50
"""Files from which asking whether all is the same is sooner done than the audit."""

KEPT = ("tool", "standard", "files", "results", "off", "stale", "expired", "packages", "collected", "created")
"""The parts of a report that follow from the tree's content; the others are known without an audit."""


def report(
    tree: Tree, cache: Cache | None, config: Config, today: datetime.date, make: Callable[[Tree], Report]
) -> Report:
    """What `make` gives for the tree, or what it gave for the very same files and configuration."""
    if cache is None or len(tree.entries()) < WORTH:
        return make(tree)
    recorded = RecordedTree(tree)
    rule_files = "\n".join(rules.version()).encode("utf-8", "surrogateescape")
    key = cache.key("report", rule_files, f"{recorded.listing()} {tree.in_git} {today} {config!r}")
    known = _again(cache.get(key), recorded)
    if known is not None:
        return Report(label=tree.label, commit=tree.commit, in_git=tree.in_git, config=config, **known)
    made = make(recorded)
    if not made.crashed:
        parts = {name: pack(_bare(getattr(made, name))) for name in KEPT}
        cache.put(key, json.dumps([recorded.answers(), parts], separators=(",", ":")))
    return made


def _again(known: Any, tree: RecordedTree) -> dict[str, Any] | None:
    """The kept parts of a report if the tree still answers as it did; `None` where it does not."""
    try:
        answers, parts = known
        if not tree.same(answers):
            return None
        report: dict[str, Any] = {name: unpack(value, RECORDS) for name, value in parts.items()}
        return {**report, "results": tuple(map(_with_rule, report["results"]))}
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


def _bare(value: Any) -> Any:
    """Results with the codes of their rules alone, which say the rest."""
    if not isinstance(value, tuple):
        return value
    return tuple(
        item._replace(rule=item.rule.code) if isinstance(item, Result) else item  # type: ignore[arg-type]
        for item in value
    )


def _with_rule(result: Result) -> Result:
    return result._replace(rule=rules.load()[cast("str", result.rule)])


RECORDS: dict[str, Callable[..., Any]] = {
    name: value
    for module in (audit, config, edits, rule)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, tuple)
}
