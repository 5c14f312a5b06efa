"""DOC101: README missing, empty, or an untouched generator's text."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.pages.readme import readme, readme_path
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, Unknown, rule
from mlscaffold.standard import Standard


@rule("DOC101", level="collaboration", since="1.0")
def no_readme(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A README that a person wrote, with a command or at least a few sentences."""
    path, said = readme_path(repo), readme(repo)
    if not path:
        message = "there is no README: say what this is, how to install it and how to run it"
        yield Finding("README.md", message, fix=FromTemplate("README.md"), key="missing")
    elif said is None:
        yield Unknown("is a link out of the repository or too large to read", path)
    elif said.generator:
        message = f"still holds the text of {said.generator}: say what this project is, and how to run it"
        yield Finding(path, message, key="untouched")
    elif said.words < standard.readme_min_words and not said.commands and not said.install and not said.usage:
        amount = f"has {said.words} words" if said.words else "says nothing"
        yield Finding(path, f"{amount}: say what this is, how to install it and how to run it", key="empty")
    else:
        yield Satisfied(path, by="a README")
