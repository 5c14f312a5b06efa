"""ENV104: the Python version must be stated, and every place must state the same."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.environments.manifests import declaring
from mlscaffold.repo.environments.python_version import Stated, contradictions, declared, python_versions
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_python
from mlscaffold.standard import Standard


@rule("ENV104", level=1, since="1.0", when=has_python, after=("ENV101",))
def python_version_unstated(repo: Repo, standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """A manifest, a version file or an image states it; where CI alone does, it can be read there."""
    found = contradictions(repo)
    for one, other in found:
        yield Finding(
            one.path,
            f"asks for Python {one.said}, but {other.path} asks for {other.said}: make them agree",
            one.line,
            also=(Place(other.path, other.line),),
            key=f"{one.said} {other.path}",
        )
    stated = declared(repo) or python_versions(repo)
    if stated and not found:
        yield Satisfied(stated[0].path, by=_words(stated[0]))
    elif not stated and "pyproject.toml" in repo.unreadable:
        yield Unknown("pyproject.toml cannot be read", "pyproject.toml")
    elif not stated:
        floor = str(standard.python_floor)
        manifest = next(iter(declaring(repo)), None)
        yield Finding(
            manifest.path if manifest else ".python-version",
            "no file says which Python this needs: state it where the environment is set up",
            fix=Edit(".python-version", f"{floor}\n", safe=False),
            key="unstated",
        )


def _words(stated: Stated) -> str:
    return f"Python {stated.said}" + (", in CI alone" if stated.source == "ci" else "")
