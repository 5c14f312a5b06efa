"""Published facts: what is written for people."""

from __future__ import annotations

from mlscaffold.inventory import Evidence, Known, inventoried, paths
from mlscaffold.repo import readme as readers
from mlscaffold.repo.cards import model_cards
from mlscaffold.repo.dictionary import dictionaries
from mlscaffold.repo.repo import Repo


@inventoried("model_card", "paths")
def model_card(repo: Repo) -> Known:
    """Documents that describe a model of this repository."""
    return paths(Evidence(card.path, card.line) for card in model_cards(repo))


@inventoried("data_dictionary", "paths")
def data_dictionary(repo: Repo) -> Known:
    """Documents that say what the fields of the data mean."""
    return paths(Evidence(found.path) for found in dictionaries(repo))


@inventoried("readme", "object", words=("install", "usage", "reproduce_results"))
def readme(repo: Repo) -> Known:
    """Whether the README, with what it links to, says how to install, use and reproduce."""
    told = readers.readme(repo)
    rows = {"install": told and told.install, "usage": told and told.usage}
    rows["reproduce_results"] = told and told.reproduce
    proof = tuple(Evidence(spot.path, spot.line, key) for key, spot in rows.items() if spot)
    return Known({key: bool(spot) for key, spot in rows.items()}, proof)
