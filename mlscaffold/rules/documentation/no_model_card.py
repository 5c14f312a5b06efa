"""DOC110: trained model without a model card."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.data_files import looks_like_model
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.community import Kept
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.expected import expected
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard


def has_a_model(repo: Repo) -> str | None:
    """Code that trains a model, or a model file."""
    if model_cards(repo) or any(looks_like_model(path) for path in repo.files):
        return None
    untrained = trains_a_model(repo)
    return f"{untrained}, and none lies here" if untrained else own_experiments(repo)


@rule("DOC110", level="collaboration", since="1.0", when=has_a_model)
def no_model_card(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A document about the model by its name, its headings, or its front matter."""
    yield from expected(
        [Kept(card.path, "a model card") for card in model_cards(repo)],
        "docs/model-card.md",
        "no card describes the model: say what it is for, what it learned from and how good it is",
    )
