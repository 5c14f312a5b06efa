"""DOC112: a model that concerns people, and nothing that says how it treats groups of them."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.fairness import compared_groups, declared
from mlscaffold.rule import Answer, Finding, Open, Satisfied, rule
from mlscaffold.standard import Standard


def concerns_people(repo: Repo) -> str | None:
    """Whether people are concerned is declared by a person, never guessed from the data."""
    said = declared(repo)
    if said is None:
        return "no model card declares whether people are concerned"
    return "the model card says that no people are concerned" if said.concerned is False else None


@rule("DOC112", level="validity", since="1.0", when=concerns_people)
def groups_not_compared(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """A section that compares groups, or a library made for that, answers."""
    said = declared(repo)
    assert said is not None  # noqa: S101 (`when` asked)
    if said.concerned is None:
        yield Open(said.spot.path, "say whether people are concerned", said.spot.line)
    elif found := compared_groups(repo):
        yield Satisfied(found.path, by=f"what line {found.line} compares")
    else:
        yield Finding(
            said.spot.path,
            "people are concerned, and nothing compares groups of them: "
            "evaluate each group apart, and say in the card what differs",
            said.spot.line,
            key="groups",
        )
