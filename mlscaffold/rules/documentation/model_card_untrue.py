"""DOC111: model card whose numbers differ from the metrics, or with passages left to write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.edits import Edit
from mlscaffold.repo.pages.cards import Card, model_cards
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Place, Satisfied, rule
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.pages.card_numbers import Compared


def has_a_card(repo: Repo) -> str | None:
    """Without a card nothing can be untrue."""
    return None if model_cards(repo) else "there is no model card"


def can_be_compared(repo: Repo) -> str | None:
    """Something in a card is left to write, or goes by the name of a metric."""
    from mlscaffold.repo.pages.card_numbers import compared

    if any(card.unwritten or compared(repo, card) for card in model_cards(repo)):
        return None
    return "no metrics file holds the numbers of the model card; run the pipeline first"


@rule("DOC111", level="collaboration", since="1.0", when=(has_a_card, can_be_compared))
def model_card_untrue(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Each number that the card and a metrics file both name is the same in both."""
    from mlscaffold.repo.pages.card_numbers import compared

    for card in model_cards(repo):
        pairs = compared(repo, card)
        wrong = [pair for pair in pairs if not pair.agrees]
        if wrong:
            yield _finding(repo, card, wrong)
        elif pairs:
            files = " and ".join(sorted({pair.metric.path for pair in pairs}))
            yield Satisfied(card.path, by=f"numbers as in {files}")
        if card.unwritten:
            yield Open(card.path, card.unwritten.message, card.unwritten.line)


def _finding(repo: Repo, card: Card, wrong: list[Compared]) -> Finding:
    first, *others = wrong
    number, metric = first.number, first.metric
    return Finding(
        card.path,
        f"write {first.right} for {number.label}, as {metric.path} has it, not {number.literal}",
        number.line,
        fix=_edit(repo, card, wrong),
        also=tuple(Place(card.path, pair.number.line) for pair in others),
        key="numbers",
    )


def _edit(repo: Repo, card: Card, wrong: list[Compared]) -> Edit | None:
    """The card with the metrics' numbers; `None` where a number cannot be told from another in its line."""
    lines = (repo.text(card.path) or "").split("\n")
    for pair in wrong:
        here = re.compile(rf"(?<![\d.,]){re.escape(pair.number.literal)}(?![\d.]*\d)")
        line = lines[pair.number.line - 1] if pair.number.line <= len(lines) else ""
        if len(here.findall(line)) != 1:
            return None
        lines[pair.number.line - 1] = here.sub(pair.right, line)
    return Edit(card.path, "\n".join(lines))
