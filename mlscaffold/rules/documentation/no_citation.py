"""DOC104: no citation file."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.kind import kind
from mlscaffold.repo.pages.community import citations
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard

BIBTEX = ("@article{", "@inproceedings{", "@misc{", "@software{", "@phdthesis{", "@techreport{", "@online{")


NOT_CITED = {
    "course": "a course is not cited as software",
    "infrastructure": "infrastructure is not cited as software",
}


def is_cited(repo: Repo) -> str | None:
    """The kind of the repository decides."""
    return NOT_CITED.get(kind(repo).name)


@rule("DOC104", level="collaboration", since="1.0", when=is_cited)
def no_citation(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A file that tools can read; BibTeX in the README is for people only."""
    message = "there is no citation file: say how to cite this work"
    if line := _bibtex(repo):
        message = (
            f"README holds BibTeX (line {line}) that no tool reads: add CITATION.cff with the same entry"
        )
    yield from expected(citations(repo), "CITATION.cff", message)


def _bibtex(repo: Repo) -> int | None:
    page = front_page(repo)
    for code in page.code if page else ():
        if code.text.replace(" ", "").lower().startswith(BIBTEX):
            return code.line
    return None
