"""TEAM107: hooks, lock and CI must run the same version of a tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlscaffold.edits import Edit
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.hooks import hook_configs
from mlscaffold.repo.teamwork.quality import quality_tools
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

if TYPE_CHECKING:
    from mlscaffold.repo.teamwork.tool_versions import Pin


def has_quality_tools(repo: Repo) -> str | None:
    """Some formatter, linter or hook that could have a version."""
    return None if quality_tools(repo) or hook_configs(repo) else "no formatter, linter or hook is set up"


@rule("TEAM107", level="collaboration", since="1.0", when=has_quality_tools)
def tool_versions_differ(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Compares the versions that are written down; a tool that is named without a version cannot differ."""
    from mlscaffold.repo.teamwork.tool_versions import disagreements

    found = disagreements(repo)
    for first, *others in found:
        said = ", ".join(dict.fromkeys(f"{pin.version} in {pin.path}" for pin in others))
        yield Finding(
            first.path,
            f"{first.tool} is {first.version} here, but {said}: use one version",
            first.line,
            fix=_fix(repo, first, others),
            also=tuple(Place(pin.path, pin.line) for pin in others),
            key=first.tool,
        )
    if not found and (configs := hook_configs(repo)):
        yield Satisfied(configs[0].path, by="no version that differs")


def _fix(repo: Repo, first: Pin, others: list[Pin]) -> Edit | None:
    """The hook's revision as the others have it, where they all have the same."""
    versions = {pin.version for pin in others}
    text = repo.text(first.path)
    if not first.hook_rev or first.line is None or len(versions) != 1 or text is None:
        return None
    lines = text.split("\n")
    wanted = first.hook_rev.replace(first.version, versions.pop())
    lines[first.line - 1] = lines[first.line - 1].replace(first.hook_rev, wanted)
    # another version of a formatter lays out files that nobody touched
    return Edit(first.path, "\n".join(lines), safe=False)
