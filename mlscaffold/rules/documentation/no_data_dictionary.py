"""DOC120: dataset without data dictionary or datasheet."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.data.data_sets import data_sets
from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, rule
from mlscaffold.standard import Standard

PATH = "docs/data-dictionary.md"


def has_data(repo: Repo) -> str | None:
    """A data set that lies in the repository or is versioned with it, or a document about one."""
    if dictionaries(repo):
        return None
    if kind(repo).name == "library":
        return "it is a library: whoever imports it brings the data"
    return None if data_sets(repo) else "no data set belongs to the repository"


@rule("DOC120", level="collaboration", since="1.0", when=has_data)
def no_data_dictionary(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A document that says what the fields mean: table, list, datasheet, or a schema with descriptions."""
    found = dictionaries(repo)
    if found:
        yield Satisfied(found[0].path, by="a data dictionary")
    else:
        about = data_sets(repo)[0]
        message = f"nothing says what the fields of the data mean ({about}): describe them"
        yield Finding(PATH, message, fix=FromTemplate(PATH), key="missing")
