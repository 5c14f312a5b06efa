"""Which tools a project is kept and trained with: answers from its manifests, locks and code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.cuda import cuda_units
from mlscaffold.repo.environments.gpu_access import gpu_access
from mlscaffold.repo.environments.gpu_code import gpu_code
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import Manifest, declaring, manifests, python_manifests
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.training.elsewhere import runs
from mlscaffold.repo.training.trackers import dvc_metrics, trackers
from mlscaffold.repo.training.training import frameworks, training
from mlscaffold.repo.vendored import folder
from mlscaffold.upkeep.answering.languages import other_language
from mlscaffold.upkeep.answering.proven import Answer, Place, at, not_expressible, proposed

FAMILY = {
    "lightning": "pytorch",
    "transformers": "pytorch",
    "fastai": "pytorch",
    "stable-baselines3": "pytorch",
}
"""Frameworks that train PyTorch models."""

WHOLE = ("uv", "poetry", "pipenv", "pdm", "pixi", "rye", "conda-lock", "pylock")
"""Managers whose lock is the whole environment."""

BY_MANIFEST = {"poetry": "poetry", "pipenv": "pipenv", "pixi": "pixi", "conda": "conda", "nix": "nix"}


LANGUAGES = {"r": "R", "julia": "Julia"}


class Kept(NamedTuple):
    """What keeps the environment, and the file that shows it."""

    tool: str
    path: str
    line: int | None = None
    locked: bool = True


def choice_of(repo: Repo, slug: str, question: str) -> str | None:
    """The template's answer that stands for a tool of the catalogue."""
    tool = repo.standard.tools.get(slug)
    name, _, value = (tool.template if tool else "").partition("=")
    return value if name == question and value else None


def environment(repo: Repo) -> Answer:
    """By the locks of the root, else its manifests, else those of the folders nearest to it."""
    question = "environment"
    found = list(_locked(repo)) or list(_declared(repo))
    nearest = min((_deep(kept) for kept in found), default=0)
    near = [kept for kept in found if _deep(kept) == nearest]
    whole = [kept for kept in near if kept.tool in WHOLE] or near
    tools = list(dict.fromkeys(kept.tool for kept in whole))
    if not tools:
        return _without_python(repo)
    places = tuple(at(kept, kept.tool) for kept in whole[:3])
    folders = sorted({folder(kept.path) for kept in whole})
    if len(folders) > 1:
        return not_expressible(question, f"each part keeps its own: {', '.join(folders[:5])}", places)
    conda = [m for m in python_manifests(repo) if m.tool == "conda" and folder(m.path) in folders]
    if tools == ["pip-tools"] and whole[0].locked and conda:
        places = (Place(conda[0].path, None, "conda"), *places)
        return Answer(
            question, "conda-lock", places, "likely", "conda brings Python, requirements the packages"
        )
    if len(tools) > 1:
        return _several(repo, tools, whole, places)
    value = choice_of(repo, "conda-lock" if tools[0] == "conda" else tools[0], question)
    if value is None:
        return not_expressible(question, f"{tools[0]} keeps it", places)
    locked = whole[0].locked and not nearest
    said = "" if whole[0].locked else "nothing locks it yet"
    return Answer(question, value, places, "certain" if locked else "likely", said)


def _deep(kept: Kept) -> int:
    return kept.path.count("/")


def _locked(repo: Repo) -> Iterator[Kept]:
    for lock in locks(repo):
        yield Kept("pip-tools" if lock.path.endswith(".txt") else lock.tool, lock.path)


def _declared(repo: Repo) -> Iterator[Kept]:
    for manifest in python_manifests(repo):
        yield Kept(_manager(repo, manifest), manifest.path, locked=False)


def _manager(repo: Repo, manifest: Manifest) -> str:
    raw = repo.raw(manifest.path) or b"" if manifest.path.endswith("pyproject.toml") else b""
    for tool in ("uv", "pdm", "hatch.envs", "rye", "pixi"):
        if b"[tool." + tool.encode() in raw:
            return tool.partition(".")[0]
    return BY_MANIFEST.get(manifest.tool, "pip-tools")


def _several(repo: Repo, tools: list[str], whole: list[Kept], places: tuple[Place, ...]) -> Answer:
    """Of conda and pip without locks the one that declares more; otherwise nobody can tell."""
    if set(tools) <= {"conda", "pip-tools"} and not whole[0].locked:
        counted = {m.path: len(m.requirements) for m in declaring(repo)}
        most = max(whole, key=lambda kept: (counted.get(kept.path, 0), kept.tool == "conda"))
        value = "conda-lock" if most.tool == "conda" else "pip-tools"
        return Answer(
            "environment", value, places, "likely", f"{most.path} declares most; nothing locks it yet"
        )
    return not_expressible("environment", f"{' and '.join(tools)} keep it side by side", places)


def _without_python(repo: Repo) -> Answer:
    others = [m for m in manifests(repo) if m.language in ("r", "julia")]
    if others:
        places = tuple(Place(m.path, None, m.tool) for m in others[:3])
        return not_expressible("environment", f"its packages are those of {_called(others[0])}", places)
    return proposed("environment", "nothing declares a dependency")


def _called(manifest: Manifest) -> str:
    return LANGUAGES[manifest.language]


def tracker(repo: Repo) -> Answer:
    """The tracker that the code calls or a configuration switches on; none where nothing does."""
    question, found = "tracker", trackers(repo)
    places = tuple(Place(t.spot.path, t.spot.line, t.by) for t in found[:3])
    chosen = [t for t in found if choice_of(repo, t.slug, question)]
    if chosen:
        others = [t.name for t in found if t not in chosen]
        said = f"used as well: {', '.join(others)}" if others else ""
        value = choice_of(repo, chosen[0].slug, question)
        return Answer(question, value, places, "likely" if others else "certain", said)
    if found and not all(t.slug == "dvclive" for t in found):
        return not_expressible(
            question, f"runs are tracked with {' and '.join(t.name for t in found)}", places
        )
    if found:
        return Answer(question, "none", places, "likely", "DVCLive keeps parameters and metrics for DVC")
    if spot := dvc_metrics(repo):
        return Answer(question, "none", (Place(spot.path, spot.line, "parameters and metrics of DVC"),))
    return Answer(question, "none", (), "likely", "nothing calls a tracker")


def framework(repo: Repo) -> Answer:
    """What most sources train with; where nothing trains, what is declared."""
    question, names = "framework", {tool.slug: tool.name for tool in frameworks(repo)}
    counted = Counter(run.framework for run in training(repo) if run.framework in names)
    if not counted:
        return _framework_elsewhere(repo)
    values = Counter[str]()
    for slug, count in counted.items():
        values[_family(repo, slug)] += count
    main = values.most_common(1)[0][0]
    mine = [r for r in training(repo) if _family(repo, r.framework) == main]
    places = tuple(Place(r.spot.path, r.spot.line, names[r.framework]) for r in mine[:3])
    value = choice_of(repo, main, question)
    if value is None:
        return not_expressible(question, f"it trains with {names.get(main, main)}", places)
    others = [names.get(slug, slug) for slug in values if slug != main]
    said = f"trains as well: {', '.join(others)}" if others else ""
    return Answer(question, value, places, "likely" if others else "certain", said)


def _family(repo: Repo, slug: str) -> str:
    """The framework that a training is of: a library on PyTorch draws PyTorch's random numbers."""
    tool = repo.standard.tools.get(slug)
    on_torch = tool is not None and tool.kind == "training-library" and tool.facts["draws"] == "torch"
    return "pytorch" if on_torch else FAMILY.get(slug, slug)


def _framework_elsewhere(repo: Repo) -> Answer:
    question = "framework"
    if elsewhere := runs(repo):
        place = Place(elsewhere[0].spot.path, elsewhere[0].spot.line, "trains")
        return not_expressible(question, "it trains in R or Julia", (place,))
    if language := other_language(repo):
        return not_expressible(question, f"the code is in {language}")
    for tool in (t for t in frameworks(repo) if t.kind != "training-library"):
        for place in _requiring(repo, tool.packages):
            value = choice_of(repo, FAMILY.get(tool.slug, tool.slug), question)
            if value is None:
                return not_expressible(question, f"it declares {tool.name}", (place,))
            return Answer(question, value, (place,), "likely", "declared; nothing here trains")
    return proposed(question, "nothing here trains")


def _requiring(repo: Repo, packages: Iterable[str]) -> Iterator[Place]:
    wanted = set(packages)
    for manifest in declaring(repo):
        yield from (Place(manifest.path, r.line, r.name) for r in manifest.requirements if r.name in wanted)


def accelerator(repo: Repo) -> Answer:
    """`gpu` where code, an image, a launch or a lock asks for CUDA."""
    question = "accelerator"
    places = [Place(a.path, a.line, a.by) for a in (*gpu_access(repo), *gpu_code(repo))]
    places += [Place(s.path, s.line, f"CUDA {s.version}") for unit in cuda_units(repo) for s in unit.stated]
    if places:
        return Answer(question, "gpu", tuple(places[:3]), "certain" if gpu_access(repo) else "likely")
    return Answer(question, "cpu", (), "likely", "nothing asks for a GPU")
