"""What rules about one kind of page share: some page is of the kind, or the template's own is offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlscaffold.repo.kind import Name, kind
from mlscaffold.repo.pages.community import Kept
from mlscaffold.repo.pages.readme import readme
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Unknown, When
from mlscaffold.rules.applies import has_code
from mlscaffold.rules.expected import expected

DOCUMENTED = ("docs/", "doc/", "documentation/", "website/")


def built(*others: Name) -> When:
    """Applies to repositories with code that are of none of the kinds `others`."""

    def applies(repo: Repo) -> str | None:
        found = kind(repo).name
        article = "an" if found[0] in "ai" else "a"
        named = {"notebooks": "a collection of notebooks", "paper": "the code of a paper", "data": "data"}
        if found in others:
            return f"it is {named.get(found, f'{article} {found}')}"
        return has_code(repo)

    return applies


def guide(repo: Repo, found: Sequence[Kept], path: str, message: str) -> Iterator[Answer]:
    """As `expected`, except that nobody can tell where the README leads to documentation elsewhere."""
    said = readme(repo)
    away = said.elsewhere if said and not any(p.startswith(DOCUMENTED) for p in repo.files) else None
    if away and not found:
        reason = "leads to documentation out of the repository, which may hold it"
        yield Unknown(f"line {away.line} {reason}", away.path)
    else:
        yield from expected(found, path, message)
