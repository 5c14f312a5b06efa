"""Published facts: what is written for people."""

from __future__ import annotations

import re

from mlscaffold.inventory import Evidence, Known, flag, inventoried, paths, places
from mlscaffold.lazy import regex
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.pages import readme as readers
from mlscaffold.repo.pages.cards import model_cards
from mlscaffold.repo.pages.community import contributing_guides
from mlscaffold.repo.pages.decisions import decision_logs
from mlscaffold.repo.pages.guides import onboarding_guides, operating_guides
from mlscaffold.repo.repo import Repo

FOR_USERS = regex(r"(?:getting|quick)[-_ ]?start(?:ed)?", re.I)
PROCEDURE = regex(
    r"(?:^|[/_ -])(?:sops?|standard[-_ ]operating|run-?books?|on-?call|procedures?)(?![a-z])",
    re.I,
)


@inventoried("model_card", "paths")
def model_card(repo: Repo) -> Known:
    """Documents that describe a model of this repository."""
    return paths(Evidence(card.path, card.line) for card in model_cards(repo))


@inventoried("data_dictionary", "paths")
def data_dictionary(repo: Repo) -> Known:
    """Documents that say what the fields of the data mean."""
    return paths(Evidence(found.path) for found in dictionaries(repo))


@inventoried("decision_log", "flag")
def decision_log(repo: Repo) -> Known:
    """Whether decisions are recorded as such, dated or one by one; minutes and changelogs are none."""
    return flag(Evidence(kept.path, kept.line, kept.by) for kept in decision_logs(repo))


@inventoried("onboarding_or_sop", "places")
def onboarding_or_sop(repo: Repo) -> Known:
    """Guides by which somebody new sets up and changes the project, and procedures by which it is operated.

    What shows users how to start, a contributing guide and a section on troubleshooting are none.
    """
    others = {kept.path for kept in contributing_guides(repo) if kept.line is None}
    found = [k for k in onboarding_guides(repo) if k.path not in others and not FOR_USERS.search(k.path)]
    found += [
        k
        for k in operating_guides(repo)
        if k.line is None and PROCEDURE.search(k.path) and not k.path.endswith(".txt")
    ]
    return places(Evidence(kept.path, kept.line, kept.by) for kept in found)


@inventoried("readme", "object", words=("install", "usage", "reproduce_results"))
def readme(repo: Repo) -> Known:
    """Whether the README, with what it links to, says how to install, use and reproduce."""
    told = readers.readme(repo)
    rows = {"install": told and told.install, "usage": told and told.usage}
    rows["reproduce_results"] = told and told.reproduce
    proof = tuple(Evidence(spot.path, spot.line, key) for key, spot in rows.items() if spot)
    return Known({key: bool(spot) for key, spot in rows.items()}, proof)
