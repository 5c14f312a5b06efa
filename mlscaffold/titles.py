"""The titles of the rules' pages, for which a report reads no page."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from mlscaffold.rule import Rule


@cache
def title_of(rule: Rule) -> str:
    """What is wrong, in words: the page's first heading, without the rest being read."""
    with page_path(rule).open(encoding="utf-8") as page:
        return page.readline().removeprefix("# ").strip()


def page_path(rule: Rule) -> Path:
    """The page beside the rule's code, which need not be loaded."""
    loaded = getattr(sys.modules.get(rule.module), "__file__", None)
    code = Path(loaded) if loaded else Path(__file__).parent.joinpath(*rule.module.split(".")[1:])
    return code.with_suffix(".md")
