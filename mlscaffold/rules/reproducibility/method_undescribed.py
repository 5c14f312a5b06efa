"""REP109: code is one implementation of a method; who checks it needs the method in words."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.experiment_pages import METHOD, declared, spoken_of, written_up
from mlscaffold.repo.pages.readme import readme, readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.rules.applies import trains_a_model
from mlscaffold.rules.own_experiments import for_results, no_demonstration, own_experiments
from mlscaffold.standard import Standard

MESSAGE = (
    "no section describes the method: say what is learned from what, the model, its loss, "
    "how it is trained and with which settings, so that it can be implemented again"
)


@rule(
    "REP109",
    level=4,
    since="1.0",
    when=(trains_a_model, own_experiments, for_results, no_demonstration),
    after=("DOC101",),
)
def method_undescribed(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """A section or a publication declares it; sentences that only speak of a model leave it open."""
    if found := declared(repo, METHOD) or written_up(repo):
        yield Satisfied(found.path, by=found.by)
    elif spoken := spoken_of(repo, METHOD):
        where = f"line {spoken.line} speaks" if spoken.line else "it speaks"
        yield Unknown(
            f"{where} of “{spoken.by}”; whether that describes the method cannot be told", spoken.path
        )
    elif (page := readme(repo)) and page.elsewhere:
        yield Unknown(f"line {page.elsewhere.line} leads out of the repository, which may hold it", page.path)
    else:
        yield Finding(readme_path(repo), MESSAGE, fix=FromTemplate("docs/model-card.md"), key="method")
