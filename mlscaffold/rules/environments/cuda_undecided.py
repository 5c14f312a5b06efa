"""ENV111: the CUDA of the image, of the framework's build and of what needs one are the same, and said."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.environments.cuda import Stated, Unit, cuda_units, loose_toolkit
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import Manifest, python_manifests
from mlscaffold.repo.pages.readme import front_page
from mlscaffold.repo.repo import Repo
from mlscaffold.rule import Answer, Finding, Place, Satisfied, rule
from mlscaffold.standard import Standard

GPU_ONLY = "tensorflow-gpu"
IN_WORDS = regex(r"(?i)\bcuda\b[^\n.]{0,20}?\d+(?:\.\d+)?")


def _names_cuda(repo: Repo) -> str | None:
    """A CUDA by its number, one without, or a build that cannot run without one."""
    named = any(s.part != "need" or s.what.startswith(GPU_ONLY) for u in cuda_units(repo) for s in u.stated)
    loose = any(_loose(repo, manifest) for manifest in python_manifests(repo))
    return None if named or loose else "no image and no manifest names a CUDA"


@rule("ENV111", level=2, since="1.0", when=_names_cuda)
def cuda_undecided(repo: Repo, standard: Standard) -> Iterator[Answer]:
    """Compares what lies in one environment; from CUDA 11 on only the first number counts."""
    wrong = list(_disagreements(repo))
    wrong += (f for m in python_manifests(repo) if (f := _loose(repo, m)))
    yield from wrong
    if not wrong and (lonely := _needing(repo)):
        yield lonely
    elif not wrong:
        for unit in cuda_units(repo):
            own = [s for s in unit.stated if s.part != "need" or s.what.startswith(GPU_ONLY)]
            yield from (Satisfied(unit.path, by=f"CUDA {stated.version}") for stated in own[:1])


def _disagreements(repo: Repo) -> Iterator[Finding]:
    """One finding for each pair of places, whichever environment has them both."""
    seen: set[tuple[Place, Place]] = set()
    for unit in cuda_units(repo):
        for one, other in _pairs(unit):
            places = (Place(one.path, one.line), Place(other.path, other.line))
            if places not in seen:
                seen.add(places)
                yield _disagree(one, other)


def _pairs(unit: Unit) -> Iterator[tuple[Stated, Stated]]:
    """The first of each kind that cannot be used together."""
    builds = [s for s in unit.stated if s.part == "build"]
    system = [s for s in unit.stated if s.part == "system"]
    yield from ((builds[0], other) for other in builds[1:2] if other.version != builds[0].version)
    for other in (s for s in unit.stated if s.part != "system"):
        if system and all(not _fits(one, other) for one in system):
            yield system[0], other
            return


def _fits(one: Stated, other: Stated) -> bool:
    """Before CUDA 11 a program needed the very release that it was built for."""
    if other.part == "need" and other.major == "10":
        return one.version == other.version
    return one.major == other.major


def _disagree(one: Stated, other: Stated) -> Finding:
    verb = "needs" if other.part == "need" else "is built for"
    first = f"{one.what} has" if one.part == "system" else f"{one.what} is built for"
    message = (
        f"{other.what} {verb} CUDA {other.version}, but {first} CUDA {one.version}: take both for one CUDA"
    )
    also = (Place(one.path, one.line),) if (one.path, one.line) != (other.path, other.line) else ()
    return Finding(other.path, message, other.line, also=also, key=f"{other.what} {one.what}")


def _loose(repo: Repo, manifest: Manifest) -> Finding | None:
    wanted = loose_toolkit(manifest)
    served = {path for lock in locks(repo) for path in (lock.path, *lock.serves)}
    if wanted is None or manifest.path in served:
        return None
    message = f"{wanted.name} has no version: name the one that the framework's build is made for"
    return Finding(manifest.path, message, wanted.line, key=f"loose {wanted.name}")


def _needing(repo: Repo) -> Finding | None:
    """A TensorFlow that takes CUDA from the system, where nothing says which: then it runs on the CPU."""
    from mlscaffold.repo.environments.gpu_access import gpu_access

    every = [s for unit in cuda_units(repo) for s in unit.stated]
    need = next((s for s in every if s.part == "need" and s.what.startswith(GPU_ONLY)), None)
    page = front_page(repo)
    told = any(s.part == "system" for s in every) or gpu_access(repo)
    if need is None or told or (page and IN_WORDS.search(page.text)):
        return None
    message = (
        f"{need.what} takes CUDA {need.version} from the system, and nothing says so: name it in an image"
    )
    return Finding(need.path, message, need.line, key="unsaid")
