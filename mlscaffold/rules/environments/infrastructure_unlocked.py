"""ENV114: what infrastructure is built with must be held at a version."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Command
from mlscaffold.repo.environments.infrastructure_parts import taken
from mlscaffold.repo.environments.terraform import Root, moving, roots
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

SHOWN = 3
WHY = "writes .terraform.lock.hcl, to be committed, for the machines of the team and of CI"
PLATFORMS = ("-platform=linux_amd64", "-platform=darwin_arm64")


def takes_of_others(repo: Repo) -> str | None:
    """Terraform that is run here, or modules, collections and charts of others."""
    if roots(repo) or moving(repo) or taken(repo):
        return None
    return "no infrastructure code takes providers, modules, collections or charts of others"


@rule("ENV114", level=2, since="1.0", when=takes_of_others)
def infrastructure_unlocked(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """A lock or exact versions of providers; a version of each module, collection, role and chart."""
    unlocked = [root for root in roots(repo) if not root.lock and not root.exact]
    if unlocked:
        yield _providers(unlocked)
    rows: list[tuple[str, int | None, str]] = [(row.path, row.line, row.what) for row in moving(repo)]
    rows += [(row.path, row.line, row.what) for row in taken(repo) if not row.held]
    if rows:
        yield _versions(rows)
    for root in roots(repo):
        if root.lock or root.exact:
            yield Satisfied(root.lock or root.path, by=_by(root))
    held = [row for row in taken(repo) if row.held]
    if held and len(held) == len(taken(repo)):
        yield Satisfied(held[0].path, by=f"versions of {_listed([row.what for row in held])}")


def _by(root: Root) -> str:
    return "Terraform's lock of providers" if root.lock else f"exact versions of {_listed(root.providers)}"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    unlike = list(dict.fromkeys(names))
    more = len(unlike) - SHOWN
    return ", ".join(unlike[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _providers(unlocked: list[Root]) -> Finding:
    first, *others = unlocked
    named = _listed([name for root in unlocked for name in root.providers])
    message = f"nothing locks the providers{f' ({named})' if named else ''}: commit .terraform.lock.hcl"
    here = (f"-chdir={first.folder}",) if first.folder else ()
    return Finding(
        first.path,
        message,
        first.line,
        fix=Command(("terraform", *here, "providers", "lock", *PLATFORMS), WHY),
        also=tuple(Place(root.path, root.line) for root in others),
        key="providers",
    )


def _versions(rows: list[tuple[str, int | None, str]]) -> Finding:
    (path, line, _), *others = rows
    several = len({what for _, _, what in rows}) > 1
    verb = "are taken at their newest: name versions" if several else "is taken at its newest: name a version"
    also = tuple(Place(at, number) for at, number, _ in others)
    return Finding(path, f"{_listed([what for _, _, what in rows])} {verb}", line, also=also, key="versions")
