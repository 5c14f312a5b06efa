"""`mlscaffold explain`: the page of a rule, as it is published and tested."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mlscaffold import rules, standard
from mlscaffold.errors import OK, Stop
from mlscaffold.nearest import nearest
from mlscaffold.page import page_of
from mlscaffold.report.explained import in_short, laid_out
from mlscaffold.report.terminal import terminal_of
from mlscaffold.rule import Rule


def explain(codes: Sequence[str], *, everything: bool = False) -> int:
    """Print the page of each rule, named by code, name or family; raises Stop for what names no rule."""
    every, terminal = rules.load(), terminal_of(sys.stdout)
    chosen = [rule for word in codes for rule in _found(word, every)]
    pages = (_head(rule) + _page(rule, everything=everything) for rule in chosen)
    sys.stdout.write("\n".join(laid_out(page, terminal) for page in pages))
    return OK


def _page(rule: Rule, *, everything: bool) -> str:
    text = page_of(rule).text
    return text if everything else in_short(text, rule.code)


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
