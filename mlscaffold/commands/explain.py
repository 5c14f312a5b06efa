"""`mlscaffold explain`: the page of a rule, as it is published and tested."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mlscaffold import rules, standard
from mlscaffold.errors import OK, Stop
from mlscaffold.nearest import nearest
from mlscaffold.page import page_of
from mlscaffold.rule import Rule


def explain(codes: Sequence[str]) -> int:
    """Print the page of each rule, named by code, name or family; raises Stop for what names no rule."""
    every = rules.load()
    chosen = [rule for word in codes for rule in _found(word, every)]
    sys.stdout.write("\n".join(_head(rule) + page_of(rule).text for rule in chosen))
    return OK


def _found(word: str, every: dict[str, Rule]) -> list[Rule]:
    if word.upper() in rules.PILLARS:
        return [rule for code, rule in every.items() if code[:-3] == word.upper()]
    names = {rule.name: rule for rule in every.values()} | every
    rule = names.get(word.upper()) or names.get(word.lower())
    if rule is None:
        close = nearest(word.upper(), every, 0.5) or nearest(word.lower(), names, 0.5)
        hint = f" Did you mean {close}?" if close else " `mlscaffold rules` lists them."
        raise Stop(f"no rule is called {word!r}.{hint}")
    return [rule]


def _head(rule: Rule) -> str:
    profiles = standard.load().profiles
    asked = ", ".join(f"{name} {rows[rule.code]}" for name, rows in profiles.items())
    level = f"level {rule.level}" if isinstance(rule.level, int) else rule.level
    return f"{rule.code} {rule.name} · {level} · {asked} · since {rule.since}\n\n"
