"""TEAM114: whoever takes a model over needs its interface, somebody to ask, and a list of what to check."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.handover import CHECKLIST, INTERFACE, OWNER, declared, shown
from mlscaffold.repo.pages.readme import readme
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.serving import serving_code
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.rules.own_experiments import for_results, no_demonstration, own_experiments
from mlscaffold.standard import Standard


def hands_on(repo: Repo) -> str | None:
    """A page about the hand-over, or code that serves a model to others."""
    told = declared(repo) or serving_code(repo)
    return None if told else "no page speaks of a hand-over and no code serves a model"


@rule(
    "TEAM114",
    level="collaboration",
    since="1.0",
    when=(hands_on, own_experiments, for_results, no_demonstration),
)
def model_not_handed_on(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """Each of the three counts wherever it stands."""
    found = {part: shown(repo, part) for part in (INTERFACE, OWNER, CHECKLIST)}
    missing = [part.said for part, spot in found.items() if spot is None]
    page = readme(repo)
    if not missing:
        yield Satisfied(next(s.path for s in found.values() if s), by="interface, owner and checklist")
    elif page and page.elsewhere:
        yield Unknown(f"line {page.elsewhere.line} leads out of the repository, which may hold it", page.path)
    else:
        spot = (declared(repo) or serving_code(repo)[0]).spot
        said = ", and ".join(missing)
        fix = FromTemplate("docs/operations/deployment.md")
        yield Finding(
            spot.path,
            f"before the model is handed on, write down {said}",
            spot.line,
            fix=fix,
            key="hand-over",
        )
