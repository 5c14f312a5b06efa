"""VCS120: a data set broke its schema under the same major version."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.repo.committed.in_git import not_in_git
from mlscaffold.repo.data.contracts import Broken, broken, contracts
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.trees.earlier import Cut
from mlscaffold.rule import Finding, Satisfied, Unknown, rule
from mlscaffold.standard import Standard

SHOWN = 4


def no_declared_version(repo: Repo) -> str | None:
    """A data dictionary or package metadata that declares a version and names columns."""
    return None if contracts(repo) else "no description of data declares a version and its columns"


@rule("VCS120", level=1, since="1.0", when=(not_in_git, no_declared_version))
def breaking_data_change(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """Each description against the commits before that declare the same major version."""
    for contract in contracts(repo):
        try:
            found = broken(repo, contract)
        except Cut as reason:
            yield Unknown(str(reason), contract.path)
            continue
        if found:
            said = _said(found)
            yield Finding(
                contract.path,
                f"{said} since version {found.before.version}, and this is {contract.version}: "
                "raise the major version, or bring them back",
                contract.line,
                key="breaking",
            )
        else:
            yield Satisfied(contract.path, by=f"version {contract.version}, whose columns are kept")


def _said(found: Broken) -> str:
    parts = [f"lost {_named(found.gone)}"] if found.gone else []
    parts += [f"changed the type of {_named(found.changed)}"] if found.changed else []
    return " and ".join(parts)


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    return shown if len(names) <= SHOWN else f"{shown} and {len(names) - SHOWN} more"
