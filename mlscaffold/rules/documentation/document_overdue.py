"""DOC136: a document that should have been reviewed, or that nobody owns."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.reviews import Reviewed, reviewed
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.standard import Standard


def states_a_review(repo: Repo) -> str | None:
    """Whether a document sets itself a date at all is its authors' choice."""
    return None if reviewed(repo) else "no document says when it is reviewed next"


@rule("DOC136", level="collaboration", since="1.0", when=states_a_review)
def document_overdue(repo: Repo, _standard: Standard) -> Iterator[Answer]:
    """Each document that states a date is judged by the day of the audit."""
    today = repo.asked.today
    if today is None:
        yield Unknown("the day of this audit is not known")
        return
    for document in reviewed(repo):
        wrong = _wrong(document, overdue=document.due < today)
        if wrong:
            yield Finding(document.path, wrong, document.line, key="review")
        else:
            yield Satisfied(document.path, by=f"an owner, and a review due on {document.due}")


def _wrong(document: Reviewed, *, overdue: bool) -> str:
    if overdue:
        return f"was to be reviewed by {document.due}: read it again, correct it, and set the next date"
    return "" if document.owned else "is reviewed by nobody in particular: name its owner beside the date"
