"""ENV103: a lock says what its manifest says; one that is older locks another environment."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Command
from mlscaffold.repo.environments.lock_agreement import Compared, compared
from mlscaffold.repo.environments.locks import freezes, locks, other_locks
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import folder
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

SHOWN = 6
COMMANDS: dict[str, tuple[tuple[str, ...], str]] = {
    "uv": (("uv", "lock"), "--directory"),
    "poetry": (("poetry", "lock"), "--directory"),
    "pdm": (("pdm", "lock"), "--project"),
    "package-lock.json": (("npm", "install", "--package-lock-only"), "--prefix"),
}
"""What locks again, and the option that names another folder."""

WHY = "only a resolver knows which versions the declared ones need in turn"


def has_lock_and_manifest(repo: Repo) -> str | None:
    """A lock whose format we read, and the manifest that it was made from."""
    if not locks(repo) and not other_locks(repo):
        return "a complete freeze has no manifest beside it" if freezes(repo) else "there is no lock"
    return None if compared(repo) else "no lock has a manifest beside it that can be compared"


@rule("ENV103", level=1, since="1.0", when=has_lock_and_manifest, after=("ENV102",))
def lock_disagrees(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Compared are names, versions and the hash of the manifest that some tools keep."""
    for row in compared(repo):
        if not row.disagreements:
            yield Satisfied(row.lock.path, by=f"{row.lock.tool}, in agreement with {row.manifest}")
            continue
        said = [d.said for d in row.disagreements[:SHOWN]]
        more = " …" if len(row.disagreements) > SHOWN else ""
        yield Finding(
            row.lock.path,
            f"disagrees with {row.manifest}: {'; '.join(said)}{more}: lock again",
            fix=_fix(row),
            also=tuple(Place(d.manifest, d.line) for d in row.disagreements[:SHOWN] if d.line),
            key=f"disagrees {row.manifest}",
        )


def _fix(row: Compared) -> Command:
    here = folder(row.lock.path)
    argv, option = COMMANDS.get(row.lock.tool, ((row.lock.tool, "lock"), ""))
    if row.lock.path.endswith(".txt"):
        argv, option = ("uv", "pip", "compile", row.manifest, "-o", row.lock.path), ""
    elif row.lock.tool == "conda-lock":
        argv = ("conda-lock", "lock", "--file", row.manifest)
    return Command((*argv, option, here) if here and option else argv, WHY)
