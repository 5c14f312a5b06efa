"""ENV102: every version, of transitive dependencies too, must be held by a lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mlscaffold.edits import Command
from mlscaffold.lazy import regex
from mlscaffold.repo.environments.locks import freezes, locks
from mlscaffold.repo.environments.manifests import Manifest, declaring
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import declares_dependencies
from mlscaffold.standard import Standard

COMMANDS = {
    "poetry": ("poetry", "lock"),
    "pipenv": ("pipenv", "lock"),
    "pixi": ("pixi", "lock"),
    "conda": ("conda-lock", "lock", "--file"),
}
COMPILE = ("uv", "pip", "compile", "--universal", "--generate-hashes")
STEMS = ("requirements", "requirements-lock", "requirements.lock")
"""What a compiled lock may be called, the first free name first: a resolver writes over what is there."""
ASIDE = regex(r"(?:^|[/_.-])(?:dev|develop|development|tests?|testing|docs?|lint|ci|optional|extra)[^/]*$")
WHY = "only a resolver knows which versions the declared ones need in turn"


@rule("ENV102", level=1, since="1.0", when=declares_dependencies, after=("ENV101",))
def dependencies_unlocked(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """A complete lock of any tool satisfies; exact versions of the direct dependencies alone do not."""
    found = (*locks(repo), *freezes(repo))
    for lock in found:
        yield Satisfied(lock.path, by=lock.tool if lock.hashed else f"{lock.tool}, without hashes")
    for main, *others in () if found else _environments(repo):
        yield Finding(
            main.path,
            _message(main),
            fix=Command(_command(repo, main), WHY),
            also=tuple(Place(m.path) for m in others),
            key="lock",
        )


def _environments(repo: Repo) -> Iterable[list[Manifest]]:
    """The manifests that one lock can serve: all below the root's, or those of each folder where it has none.

    A file that only includes others can be locked by nothing itself, and never stands first; nor does one
    for those who work on the code, where there is another.
    """
    every = sorted(declaring(repo), key=lambda m: (not m.requirements, bool(ASIDE.search(m.path))))
    if any(not m.folder for m in every):
        return [every]
    folders: dict[str, list[Manifest]] = {}
    for manifest in every:
        folders.setdefault(manifest.folder, []).append(manifest)
    return folders.values()


def _message(manifest: Manifest) -> str:
    wanted = manifest.requirements
    if wanted and all(r.exact for r in wanted):
        return "names exact versions, but nothing shows that they are all that is installed: lock all of them"
    return "nothing locks what it resolves to: lock it, with hashes"


def _command(repo: Repo, manifest: Manifest) -> tuple[str, ...]:
    match manifest.tool:
        case "conda":
            return (*COMMANDS["conda"], manifest.path)
        case "poetry" | "pipenv" | "pixi":
            return COMMANDS[manifest.tool]
        case _:
            here = f"{manifest.folder}/" if manifest.folder else ""
            names = [f"{here}{stem}.txt" for stem in STEMS[manifest.path.endswith(".txt") :]]
            free = (name for name in names if name not in repo.files)
            return (*COMPILE, manifest.path, "-o", next(free, names[-1]))
