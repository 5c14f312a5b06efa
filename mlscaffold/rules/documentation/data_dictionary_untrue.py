"""DOC121: data dictionary that disagrees with the data, or with passages left to write."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.data.dictionary import dictionaries
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Open, Satisfied, rule
from mlscaffold.standard import Standard


def has_a_dictionary(repo: Repo) -> str | None:
    """Without a dictionary nothing can be untrue."""
    return None if dictionaries(repo) else "there is no data dictionary"


def data_is_at_hand(repo: Repo) -> str | None:
    """Something is left to write, or a table lies here that the dictionary describes."""
    from mlscaffold.repo.data.described import tables_of

    entries = dictionaries(repo)
    if any(entry.unwritten or (entry.columns and tables_of(repo, entry)) for entry in entries):
        return None
    if not any(entry.columns for entry in entries):
        return "the data dictionary holds no table of columns that could be compared"
    return "the data is not at hand; run the pipeline first"


@rule("DOC121", level=1, since="1.0", when=(has_a_dictionary, data_is_at_hand))
def data_dictionary_untrue(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Columns, types and ranges as described are those of the data."""
    from mlscaffold.repo.data.described import disagreements, tables_of

    for entry in dictionaries(repo):
        tables = tables_of(repo, entry) if entry.columns else []
        found = list(disagreements(entry, tables)) if tables else []
        for difference in found:
            yield Finding(entry.path, difference.message, difference.line)
        if tables and not found:
            yield Satisfied(entry.path, by=f"columns as in {', '.join(table.path for table in tables)}")
        if entry.unwritten:
            yield Open(entry.path, entry.unwritten.message, entry.unwritten.line)
