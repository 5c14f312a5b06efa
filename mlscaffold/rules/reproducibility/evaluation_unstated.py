"""REP112: who wants to compare must know how the model was evaluated, and get the same data."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.pages.experiment_pages import DATA, EVALUATION, Stated, declared, spoken_of, written_up
from mlscaffold.repo.pages.readme import readme, readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.training import simulated
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import for_results, no_demonstration, own_experiments
from mlscaffold.standard import Standard

PARTS = {
    EVALUATION: "how the model is evaluated: on which data, by which split, and what each metric means",
    DATA: "where others get the data",
}
CARD = FromTemplate("docs/model-card.md")


@rule(
    "REP112",
    level=4,
    since="1.0",
    when=(trains_a_model, own_experiments, for_results, no_demonstration),
    after=("DOC101",),
)
def evaluation_unstated(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """Sections declare it; a page that only speaks of it, or a publication, leaves it open."""
    parts = [EVALUATION] if _data_at_hand(repo) else [EVALUATION, DATA]
    told = {topic: declared(repo, topic) for topic in parts}
    missing = [topic for topic in parts if told[topic] is None]
    silent = [topic for topic in missing if spoken_of(repo, topic) is None]
    if not missing:
        yield _satisfied([stated for stated in told.values() if stated])
    elif silent and not _elsewhere(repo):
        said = ", and ".join(PARTS[topic] for topic in silent)
        yield Finding(readme_path(repo), f"say {said}", fix=CARD, key="evaluation")
    else:
        yield _unknown(repo, [PARTS[topic].partition(":")[0] for topic in missing])


def _satisfied(told: list[Stated]) -> Satisfied:
    return Satisfied(told[0].path, by=told[0].by)


def _unknown(repo: Repo, missing: list[str]) -> Unknown:
    if other := _elsewhere(repo):
        return Unknown(f"no section says {' or '.join(missing)}; {other.by} may", other.path)
    return Unknown(f"no section says {' or '.join(missing)}; its sentences may", readme_path(repo))


def _elsewhere(repo: Repo) -> Stated | None:
    """A publication, or documentation out of the repository."""
    page = readme(repo)
    away = page.elsewhere if page else None
    led = Stated(away.path, away.line, f"what line {away.line} leads to") if away else None
    return written_up(repo) or led


def _data_at_hand(repo: Repo) -> bool:
    """Whether the data lies in the repository, or is made by a simulation."""
    return bool(data_sets(repo)) or simulated(repo) is not None
