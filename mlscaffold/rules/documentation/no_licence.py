"""DOC103: no licence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.repo.community import licences
from mlscaffold.repo.readme import front_page
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, rule
from mlscaffold.rules.expected import expected
from mlscaffold.standard import Standard


@rule("DOC103", level="collaboration", since="1.0")
def no_licence(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A licence text at the root, by any usual name."""
    message = "there is no licence, so nobody else may use this: choose one and add its text"
    if line := _named_in_readme(repo):
        message = f"README names a licence (line {line}), but its text is missing: add it"
    yield from expected(licences(repo), "LICENSE", message)


def _named_in_readme(repo: Repo) -> int | None:
    page = front_page(repo)
    titles = (h.line for h in page.headings if re.search(r"\blicen[cs]e", h.text, re.I)) if page else ()
    return next(iter(titles), None)
