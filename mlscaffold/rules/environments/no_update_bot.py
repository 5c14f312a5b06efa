"""ENV118: something proposes newer versions of the dependencies, so that nobody has to remember it."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import FromTemplate
from mlscaffold.repo.definitions import definitions
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import declaring, manifests
from mlscaffold.repo.kind import kind
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Satisfied, rule
from mlscaffold.standard import Standard

CONFIGURATION = ".github/dependabot.yml"
PYTHON = {"pip", "pip-compile", "pipenv", "poetry", "uv", "conda"}
NOBODY = "no bot proposes newer versions of the dependencies: "


def _renews(repo: Repo) -> str | None:
    """Something is declared, and it is meant to move with the world outside."""
    if kind(repo).name in ("paper", "course"):
        return f"the environment of a {kind(repo).name} is kept as it was"
    others = any(manifest.language != "python" for manifest in manifests(repo))
    return None if declaring(repo) or others else "no manifest declares dependencies"


@rule("ENV118", level="collaboration", since="1.0", when=_renews)
def no_update_bot(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """A bot's configuration, or a scheduled job that renews the lock."""
    bots = definitions(repo, "update-bot")
    others = [bot for bot in bots if bot.slug != "dependabot"]
    watched = {name for bot in bots if bot not in others for name in _ecosystems(repo, bot.path)}
    if others:
        yield Satisfied(others[0].path, by=others[0].tool)
    elif bots and watched and _root_locks(repo) and not watched & PYTHON:
        yield Finding(
            bots[0].path,
            f"Dependabot watches {', '.join(sorted(watched))} alone: "
            f"add an entry for Python, which {_root_locks(repo)[0]} locks",
            line=bots[0].line,
            key="unwatched",
        )
    elif bots:
        yield Satisfied(bots[0].path, by=", ".join(["Dependabot", *sorted(watched)]))
    else:
        yield _missing(repo)


def _root_locks(repo: Repo) -> list[str]:
    """The Python locks of the whole project that Dependabot can renew."""
    known = ("uv", "poetry", "pipenv", "pip-compile")
    return [lock.path for lock in locks(repo) if "/" not in lock.path and lock.tool in known]


def _ecosystems(repo: Repo, path: str) -> Iterator[str]:
    document = yaml_document(repo, path)
    updates = document.get("updates") if isinstance(document, dict) else None
    for entry in updates if isinstance(updates, list) else ():
        if isinstance(entry, dict) and entry.get("package-ecosystem"):
            yield str(entry["package-ecosystem"])


def _missing(repo: Repo) -> Finding:
    """What to add, by the forge that keeps the repository: the template's own for GitHub."""
    forges = {forge.slug for forge in definitions(repo, "forge")}
    if forges and "github" not in forges:
        return Finding("renovate.json", NOBODY + "let Renovate read it", key="missing")
    return Finding(
        CONFIGURATION,
        NOBODY + "configure Dependabot or Renovate",
        fix=FromTemplate(CONFIGURATION),
        key="missing",
    )
