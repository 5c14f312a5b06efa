"""By which names the code is imported and installed, and how much is asked of the repository."""

from __future__ import annotations

from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.manifests import line_of, table
from mlscaffold.repo.environments.requirements import normalised
from mlscaffold.repo.kind import kind
from mlscaffold.repo.pages.metadata import stated
from mlscaffold.repo.python.importable import Package, importable
from mlscaffold.repo.repo import Repo
from mlscaffold.upkeep.answering.identity import GENERIC, same_words
from mlscaffold.upkeep.answering.languages import other_language
from mlscaffold.upkeep.answering.proven import Answer, Place, at, not_expressible, proposed

RESEARCH = ("paper", "notebooks", "course")


def package_name(repo: Repo) -> Answer:
    """The package that the code is imported by: the one of the project's name, else the only one."""
    question, found = "package_name", importable(repo)
    if not found and (language := other_language(repo)):
        return not_expressible(question, f"the code is in {language}")
    if not found:
        return not_expressible(
            question, "the code is no package that could be imported: there is no __init__.py"
        )
    names = [said.value for said in stated(repo, "name")]
    if found[0].name == "src":
        return not_expressible(question, "the code is imported as `src`", (_place(found[0]),))
    named = [package for package in found if any(same_words(package.name, name) for name in names)]
    if named or len(found) == 1:
        return Answer(
            question,
            (named or found)[0].name,
            (_place((named or found)[0]),),
            "certain" if named else "likely",
        )
    places = tuple(_place(package) for package in found[:3])
    return not_expressible(
        question, f"it has several packages: {', '.join(p.name for p in found[:5])}", places
    )


def _place(package: Package) -> Place:
    return Place(package.path, None, "is imported")


def distribution_name(repo: Repo) -> Answer:
    """The name in the packaging metadata, as an index compares it."""
    for said in stated(repo, "name"):
        if not GENERIC.fullmatch(said.value) and said.path not in ("DESCRIPTION", "Project.toml"):
            return Answer("distribution_name", normalised(said.value), (at(said, "name"),))
    return proposed("distribution_name", "no metadata names it")


def profile(repo: Repo) -> Answer:
    """What the configuration asks for; else by the kind of the repository."""
    for path, keys in (("mlscaffold.toml", ()), ("pyproject.toml", ("tool", "mlscaffold"))):
        asked = table(toml_document(repo, path), *keys).get("profile") if path in repo.files else None
        if isinstance(asked, str):
            return Answer(
                "profile", asked, (Place(path, line_of(repo, path, r"^\s*profile\s*="), "profile"),)
            )
    known = kind(repo)
    value = "research" if known.name in RESEARCH else "team"
    return Answer("profile", value, (), "default", f"it is {_article(known.name)}: {known.reason}")


def _article(name: str) -> str:
    return "a set of notebooks" if name == "notebooks" else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def example(repo: Repo) -> Answer:
    """No example: the repository has work of its own."""
    del repo
    return Answer("example", "none", (), "certain", "the repository has work of its own")
