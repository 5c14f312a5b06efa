"""Imports that no manifest declares: which are surely missing, and of which nobody can tell."""

from __future__ import annotations

import re

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import base_images, service_images
from mlscaffold.repo.environments.declared_names import declared_names, installed_names
from mlscaffold.repo.environments.distributions import distributions_of, known
from mlscaffold.repo.environments.manifests import python_manifests
from mlscaffold.repo.environments.requirements import normalised
from mlscaffold.repo.kind import kind
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.python.import_places import needed_at
from mlscaffold.repo.python.third_party import Imported, imports
from mlscaffold.repo.repo import Repo, fact

BY_A_TOOL = regex(
    r"(?:^|/)(?:docs?|\.[^/]+)/|(?:^|/)(?:noxfile|tasks|fabfile|dodo|conf|setup|locustfile|gunicorn[\w.]*|wscript)\.py$",
    re.I,
)
"""What another tool loads, which has itself at hand: its imports are no needs of the project."""

ASIDE = regex(r"(?:^|/)(?:examples?|benchmarks?|demos?|tutorials?|notebooks?|scripts?|contrib)/", re.I)
TESTS = regex(r"(?:^|/)(?:tests?|testing|fixtures?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$", re.I)
VARIANT = regex(
    r"-(?:gpu|cpu|nightly|headless|binary|base|core|skinny|stubs|cu\d+|cuda\d*\w*|intel|macos|rocm)$"
)
EXTRAS = regex(
    r"(?<=\w)\[(?P<of>[\w.,\s-]{1,200})\]|\bextras\s{0,9}=\s{0,9}\[(?P<table>[\w.,\s\"'-]{1,200})\]"
)
FORGE = regex(rb"git\+\S{1,200}/([\w.-]+?)(?:\.git)?(?=[@#\s\"']|$)", re.M)


class Missing(NamedTuple):
    """One import that nothing declares, the package that brings it, and where it is imported."""

    name: str
    package: str
    spot: Spot


class Undeclared(NamedTuple):
    """`surely`: well-known packages. `unsure`: names of which we cannot say what brings them."""

    surely: tuple[Missing, ...] = ()
    unsure: tuple[Missing, ...] = ()


@fact
def undeclared(repo: Repo) -> Undeclared:
    """The modules that code imports whenever it runs, and that nothing declares, locks or installs."""
    surely: list[Missing] = []
    unsure: list[Missing] = []
    for name, places in imports(repo).needed.items():
        packages = _packages(repo, name)
        if name in imports(repo).guarded or _declared(repo, name, packages):
            continue
        if spots := _needed(repo, name, places):
            spot = spots[0]
            if known(name) or packages != distributions_of(name):
                surely.append(Missing(name, packages[0], spot))
            elif not TESTS.search(spot.path):
                unsure.append(Missing(name, packages[0], spot))
    return Undeclared(tuple(surely), tuple(unsure))


def _packages(repo: Repo, name: str) -> tuple[str, ...]:
    """What may bring the import: by our list, else by the catalogue, else its own name."""
    if known(name):
        return distributions_of(name)
    for tool in repo.standard.tools.values():
        if name in tool.imports and tool.packages:
            return tuple(dict.fromkeys(normalised(p) for p in (*tool.packages, name)))
    return distributions_of(name)


@fact
def _by_way(repo: Repo) -> set[str]:
    from mlscaffold.repo.environments.brought_along import brought

    return brought(set(declared_names(repo)))


@fact
def _plain(repo: Repo) -> frozenset[str]:
    """The declared names without what tells builds of one package apart."""
    return frozenset(VARIANT.sub("", name) for name in declared_names(repo))


def _declared(repo: Repo, name: str, packages: tuple[str, ...]) -> bool:
    stated = declared_names(repo)
    if any(p in stated or p in _plain(repo) for p in packages) or name in _by_way(repo):
        return True
    if any(p in installed_names(repo) for p in packages) or normalised(name) in installed_names(repo):
        return True
    bare = normalised(name).replace("-", "")
    if name in _from_forges(repo) or name in _of_images(repo):
        return True
    if any(f"{extra}-".startswith(f"{p}-") for extra in _extras(repo) for p in (*packages, normalised(name))):
        return True
    if known(name) or len(bare) < 3:
        return False
    everything = stated | installed_names(repo)
    return any(_alike(bare, other.replace("-", "")) for other in everything)


@fact
def _from_forges(repo: Repo) -> frozenset[str]:
    """The names of the repositories that manifests install from, where no name of a package is given."""
    found = (FORGE.findall(repo.raw(m.path) or b"") for m in python_manifests(repo))
    return frozenset(name.decode("utf-8", "replace").replace("-", "_") for names in found for name in names)


@fact
def _extras(repo: Repo) -> frozenset[str]:
    """The extras that manifests ask for: `kedro-datasets[plotly-jsondataset]` brings plotly."""
    found = (f for m in python_manifests(repo) for f in EXTRAS.finditer(repo.text(m.path) or ""))
    words = (word for f in found for word in regex(r"[\w.-]+").findall(f["of"] or f["table"]))
    return frozenset(normalised(word) for word in words)


@fact
def _of_images(repo: Repo) -> frozenset[str]:
    """What images are made for: `apache/airflow` brings `airflow`."""
    names = (base.image.rpartition("/")[2] for base in (*base_images(repo), *service_images(repo)))
    return frozenset(regex(r"[:@]").split(name)[0] for name in names)


def _alike(bare: str, other: str) -> bool:
    """Whether one name holds the other: `python-telegram-bot` brings `telegram`."""
    return len(other) >= 3 and (bare in other or other in bare)


def _needed(repo: Repo, name: str, places: tuple[Imported, ...]) -> tuple[Spot, ...]:
    """Where the import runs whenever its file does, in code that is the project's own business."""
    aside = kind(repo).name == "library"
    paths = [p.path for p in places if not BY_A_TOOL.search(p.path)]
    return needed_at(repo, name, [p for p in paths if not (aside and ASIDE.search(p))])
