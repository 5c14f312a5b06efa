"""DOC102: a README that does not say how to install, how to use, or how to reproduce."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.open_items import unwritten
from mlscaffold.repo.pages.readme import Readme, Spot, readme
from mlscaffold.repo.pages.reproduce_commands import single_commands
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import own_experiments
from mlscaffold.standard import Standard

ELSEWHERE = ("model-card", "model_card", "data-dictionary", "data_dictionary", "CODEOWNERS", "CITATION")
"""Documents whose own rules list what they leave open."""


def no_readable_readme(repo: Repo) -> str | None:
    """Without a README there is nothing to complete."""
    return None if readme(repo) else "there is no README that can be read"


@rule("DOC102", level=1, since="1.0", when=no_readable_readme, after=("DOC101",))
def readme_incomplete(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Installation and use, and for what trains a model the way from the data to the result."""
    page = readme(repo)
    if page is not None:
        yield _answer(page, _parts(repo, page))
    for path, waiting in unwritten(repo).items():
        if not any(name in path for name in ELSEWHERE):
            yield Open(path, waiting.message, waiting.line)


def _parts(repo: Repo, page: Readme) -> dict[str, Spot | None]:
    parts = {"how to install it": page.install, "how to run it": page.usage}
    if trains_a_model(repo) is None and own_experiments(repo) is None:
        known = single_commands(repo)
        parts["how to reproduce its result" + (f" (`{known[0].command}`)" if known else "")] = page.reproduce
    return parts


def _answer(page: Readme, parts: dict[str, Spot | None]) -> Finding | Satisfied | Unknown:
    missing = [part for part, spot in parts.items() if spot is None]
    said = " and ".join(filter(None, [", ".join(missing[:-1]), *missing[-1:]]))
    if not missing:
        spots = dict.fromkeys(f"{spot.path}:{spot.line}" for spot in parts.values() if spot)
        return Satisfied(page.path, by=", ".join(spots))
    if page.elsewhere:
        reason = f"does not say {said}; line {page.elsewhere.line} leads out of the repository"
        return Unknown(reason, page.path)
    return Finding(page.path, f"say {said}", key="readme")
