"""Calls that run code from the file that they load, and loads of code that others can change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.python.facts import Call, Ref, Spot
from mlscaffold.repo.python.source import sources
from mlscaffold.repo.repo import Repo, fact

PICKLES = regex(
    r"^(?:_?pickle|cPickle|six\.moves\.cPickle|dill|cloudpickle|pickle5)\.(?:load|loads|Unpickler)$"
    r"|^(?:joblib|sklearn\.externals\.joblib)\.load$"
    r"|^pandas\.(?:\w+\.)*read_pickle$|^\.[\w.]+\.read_pickle$"
    r"|^fastai\.[\w.]*load_learner$|^\.load_learner$"
    r"|^yaml\.(?:unsafe_load|unsafe_load_all)$"
)


SAVES = regex(r"^numpy\.save\w*$")
"""What only writes: `allow_pickle` lets it store objects, which runs nothing."""


class UnsafeLoad(NamedTuple):
    """One place, the call, and what would make it safe."""

    spot: Spot
    call: str
    remote: bool
    """Whether the code comes with a model from a hub (`trust_remote_code`) and not with a file."""


@fact
def unsafe_loads(repo: Repo) -> tuple[UnsafeLoad, ...]:
    """Every place, in the order of paths and lines; tests, notebooks and copies of others' code included."""
    return tuple(sorted(_all(repo), key=lambda u: (u.spot.path, u.spot.line or 0)))


def _all(repo: Repo) -> Iterator[UnsafeLoad]:
    for source in sources(repo):
        seen: set[tuple[int, bool]] = set()
        for call in source.calls:
            remote = call.keywords.get("trust_remote_code") is True
            unsafe = runs_code(call) and not _told_elsewhere(repo, source.path, call)
            if (remote or unsafe) and (call.line, remote) not in seen:
                seen.add((call.line, remote))
                yield UnsafeLoad(source.spot(call.line), call.name.lstrip("."), remote)


def _told_elsewhere(repo: Repo, path: str, call: Call) -> bool:
    """Whether `**options` may hold the safe setting that the call does not show."""
    return "**" in call.keywords and b"weights_only" in (repo.raw(path) or b"")


def runs_code(call: Call) -> bool:
    """Whether loading by this call can run code that the file brings."""
    if _pickles(call.name) or (call.keywords.get("allow_pickle") is True and not SAVES.match(call.name)):
        return True
    if call.name == "torch.load":
        return call.keywords.get("weights_only") is not True
    if call.name in ("yaml.load", "yaml.load_all"):
        return not _safe_loader(call)
    return False


@lru_cache(maxsize=10_000)
def _pickles(name: str) -> bool:
    """Calls share few names."""
    return PICKLES.match(name) is not None


def _safe_loader(call: Call) -> bool:
    loader = call.keywords.get("Loader", call.args[1] if len(call.args) > 1 else None)
    if not isinstance(loader, Ref):
        return "**" in call.keywords
    return loader.name not in ("yaml.Loader", "yaml.UnsafeLoader", "yaml.CLoader")
