"""REP106: one command must make the result again, and the README must name it."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.pages.readme import front_page, readme, readme_path
from mlscaffold.repo.pages.reproduce_commands import single_commands
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import is_used, trains_a_model
from mlscaffold.standard import Standard


@rule("REP106", level=1, since="1.0", when=(trains_a_model, is_used), after=("DOC101", "DOC102"))
def no_single_command(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """A pipeline's command that the README names satisfies; so do its steps from data to model."""
    path, page, told = readme_path(repo), front_page(repo), readme(repo)
    if path and page is None:
        yield Unknown("the README cannot be read", path)
        return
    commands = single_commands(repo)
    named = next((c for c in commands if page and c.written.search(page.text)), None)
    if named:
        yield Satisfied(path, by=named.command)
    elif told and told.reproduce:
        yield Satisfied(told.reproduce.path, by=f"the steps at line {told.reproduce.line}")
    elif told and told.elsewhere:
        yield Unknown("the README sends the reader to documentation outside the repository", path)
    elif commands:
        first = commands[0]
        message = f"does not say how the result is made again: name `{first.command}`"
        yield Finding(path or "README.md", message, also=(Place(first.path),), key="unnamed")
    else:
        message = "names no command that makes the result again, from data to metrics: add one, and name it"
        yield Finding(path or "README.md", message, key="none")
