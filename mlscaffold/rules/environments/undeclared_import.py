"""ENV105: whatever the code imports from others, some manifest declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.lazy import regex
from mlscaffold.repo.environments.declared_names import unread_manifests
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import Manifest, declaring
from mlscaffold.repo.environments.undeclared import Missing, undeclared
from mlscaffold.repo.python.third_party import third_party
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, Unknown, rule
from mlscaffold.rules.applies import declares_dependencies
from mlscaffold.standard import Standard

SHOWN = 8
ARRAY = regex(r"^(?P<head>dependencies[ \t]*=[ \t]*\[)(?P<body>[^\[\]]*)(?P<end>\])", re.M)


def imports_of_others(repo: Repo) -> str | None:
    """Python that imports what others publish, and a manifest."""
    if reason := declares_dependencies(repo):
        return reason
    return None if third_party(repo) else "nothing that others publish is imported"


@rule("ENV105", level=1, since="1.0", when=imports_of_others, after=("ENV101",))
def undeclared_import(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied | Unknown]:
    """What a declared package has always brought along counts as declared, as does what scripts install."""
    if broken := unread_manifests(repo):
        yield Unknown("cannot be read, so nobody can tell what it declares", broken[0])
        return
    found = undeclared(repo)
    main = _main(repo)
    if found.surely:
        names = ", ".join(_said(m) for m in found.surely[:SHOWN]) + (
            " …" if len(found.surely) > SHOWN else ""
        )
        yield Finding(
            main.path,
            f"no manifest declares {names}, which the code imports: add what is missing",
            fix=_fix(repo, main, found.surely),
            also=tuple(Place(*m.spot) for m in found.surely[:SHOWN]),
            key="undeclared",
        )
    elif found.unsure:
        names = ", ".join(f"{m.name} ({m.spot.path})" for m in found.unsure[:SHOWN])
        yield Unknown(f"nothing tells which package brings {names}, so whether one is declared is open")
    else:
        yield Satisfied(main.path, by=f"{main.tool}, for {len(third_party(repo))} imported packages")


def _said(missing: Missing) -> str:
    same = missing.package == missing.name.lower().replace("_", "-")
    return missing.name if same else f"{missing.name} ({missing.package})"


def _main(repo: Repo) -> Manifest:
    """The shallowest manifest that people write, not a compiled one."""
    compiled = {lock.path for lock in locks(repo)}
    by_hand = [m for m in declaring(repo) if m.path not in compiled and not m.generator]
    return (by_hand or list(declaring(repo)))[0]


def _fix(repo: Repo, manifest: Manifest, missing: tuple[Missing, ...]) -> Edit | None:
    text = repo.text(manifest.path) or ""
    packages = [p for p in dict.fromkeys(m.package for m in missing) if p]
    if manifest.tool == "pip" and not manifest.generator:
        listed = text if not text or text.endswith("\n") else text + "\n"
        return Edit(manifest.path, listed + "".join(f"{p}\n" for p in packages), safe=False)
    if manifest.path.endswith("pyproject.toml") and (new := _in_array(text, packages)):
        return Edit(manifest.path, new, safe=False)
    return None


def _in_array(text: str, packages: list[str]) -> str:
    """The text with the packages at the end of `[project]`'s dependencies; empty where they are not found."""
    project = text.find("[project]")
    found = ARRAY.search(text, project) if project >= 0 else None
    if not found or "\n[" in text[project : found.start()] or "#" in found["body"]:
        return ""
    body = found["body"].rstrip()
    comma = "" if not body.strip() or body.endswith(",") else ","
    if "\n" in found["body"]:
        indent = regex(r"\n([ \t]*)\S").search(found["body"])
        lead = "\n" + (indent[1] if indent else "    ")
        added = comma + "".join(f'{lead}"{p}",' for p in packages) + "\n"
    else:
        added = comma + (" " if body.strip() else "") + ", ".join(f'"{p}"' for p in packages)
    return text[: found.start("body")] + body + added + text[found.end("body") :]
