"""ENV101: code that imports packages comes with a manifest; ENV105 asks whether that names each import."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.edits import Edit
from mlscaffold.repo.environments.manifests import declaring, python_manifests
from mlscaffold.repo.python.third_party import Imported, package_of, third_party
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import imports_packages
from mlscaffold.standard import Standard

SHOWN = 8
NOT_ASKED = "ENV105 asks whether it names every import"


@rule("ENV101", level=1, since="1.0", when=imports_packages)
def no_dependency_manifest(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Any file of any tool that declares dependencies is a manifest."""
    if found := declaring(repo):
        yield Satisfied(found[0].path, by=f"{found[0].tool} ({NOT_ASKED})")
        return
    dynamic = [m for m in python_manifests(repo) if m.tool in ("nix", "setuptools", "pyproject")]
    if dynamic:
        yield Satisfied(dynamic[0].path, by=f"{dynamic[0].tool} ({NOT_ASKED})")
        return
    imports = third_party(repo)
    names = ", ".join(i.name for i in imports[:SHOWN]) + (" …" if len(imports) > SHOWN else "")
    empty = [m.path for m in python_manifests(repo) if m.tool == "pip"]
    path = empty[0] if empty else "requirements.txt"
    problem = f"{path} declares nothing" if empty else "no file declares dependencies"
    here = _only_here(repo, imports)
    yield Finding(
        path,
        (
            f"only {here}: list them in a file that it and everybody else install from"
            if here
            else f"{problem}, but the code imports {names}: list them"
        ),
        fix=Edit(path, _listing(repo, imports)),
        also=tuple(Place(i.path, i.line) for i in imports[:SHOWN]),
        key="manifest",
    )


def _only_here(repo: Repo, imports: tuple[Imported, ...]) -> str:
    """The first file that installs, by name, packages that the code imports, and what; else empty."""
    from mlscaffold.repo.environments.installed_by_hand import installed_by_hand

    wanted = {package_of(repo, i.name) for i in imports}
    found = [one for one in installed_by_hand(repo) if one.name in wanted]
    if not found:
        return ""
    names = list(dict.fromkeys(one.name for one in found if one.path == found[0].path))
    more = " …" if len(names) > SHOWN else ""
    return f"{found[0].path} installs {', '.join(names[:SHOWN])}{more} (line {found[0].line})"


def _listing(repo: Repo, imports: tuple[Imported, ...]) -> str:
    packages = {package_of(repo, i.name) for i in imports}
    return "".join(f"{name}\n" for name in sorted(packages) if name)
