"""ENV104: the Python version must be stated, and every place must state the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.lazy import regex
from mlscaffold.repo.environments.manifests import Manifest, declaring
from mlscaffold.repo.environments.python_version import Stated, contradictions, declared, python_versions
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import has_python
from mlscaffold.standard import Standard

BARE = regex(r"^(?P<item>[ \t]*-[ \t]+)python(?=[ \t]*(?:#.*)?$)", re.M)
LIST = regex(r"^dependencies:[ \t]*(?:#.*)?\n(?=(?P<item>[ \t]*-[ \t]+))", re.M)
"""The line above a list of conda's dependencies, and how its items begin."""


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
        manifest = next(iter(declaring(repo)), None)
        yield Finding(
            manifest.path if manifest else ".python-version",
            "no file says which Python this needs: state it where the environment is set up",
            fix=_fix(repo, manifest, str(standard.python_floor)),
            key="unstated",
        )


def _fix(repo: Repo, manifest: Manifest | None, floor: str) -> Edit | None:
    """A version file, which conda does not read: there the version goes into its own list."""
    if manifest is None or manifest.tool != "conda":
        return Edit(".python-version", f"{floor}\n", safe=False)
    text = repo.text(manifest.path) or ""
    stated, found = BARE.subn(rf"\g<item>python={floor}", text, 1)
    if not found:
        stated, found = LIST.subn(rf"\g<0>\g<item>python={floor}\n", text, 1)
    return Edit(manifest.path, stated, safe=False) if found else None


def _words(stated: Stated) -> str:
    return f"Python {stated.said}" + (", in CI alone" if stated.source == "ci" else "")
