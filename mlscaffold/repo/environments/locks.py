"""Locks: which file fixes every version of an environment, and which manifests it serves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.manifests import Manifest, declaring, manifests, python_manifests
from mlscaffold.repo.environments.requirements import Requirement
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, folder, vendored

BY_NAME = {
    "uv.lock": "uv",
    "poetry.lock": "poetry",
    "pipfile.lock": "pipenv",
    "pdm.lock": "pdm",
    "pixi.lock": "pixi",
}
PATTERNS = {
    "*conda-lock*.yml": "conda-lock",
    "*conda-lock*.yaml": "conda-lock",
    "conda-*.lock": "conda-lock",
    "requirements*.lock": "rye",
    "pylock.toml": "pylock",
    "pylock.*.toml": "pylock",
}
OTHERS = {
    "renv.lock": "r",
    "packrat.lock": "r",
    "manifest.toml": "julia",
    "manifest-v*.toml": "julia",
    "package-lock.json": "javascript",
    "npm-shrinkwrap.json": "javascript",
    "yarn.lock": "javascript",
    "pnpm-lock.yaml": "javascript",
    "bun.lock": "javascript",
    "bun.lockb": "javascript",
    "deno.lock": "javascript",
    ".terraform.lock.hcl": "terraform",
    "gradle.lockfile": "jvm",
    "build.sbt.lock": "jvm",
    "composer.lock": "php",
    "package.resolved": "swift",
    "cargo.lock": "rust",
    "go.sum": "go",
    "gemfile.lock": "ruby",
    "flake.lock": "nix",
    "chart.lock": "helm",
}
READS = {
    "uv": ("pyproject",),
    "poetry": ("poetry", "pyproject"),
    "pipenv": ("pipenv",),
    "pdm": ("pyproject",),
}
READS |= {
    "rye": ("pyproject",),
    "pixi": ("pixi", "pyproject"),
    "conda-lock": ("conda",),
    "pylock": ("pyproject", "pip"),
}
PYTHON = regex(
    r"""^(?:requires-python|python-versions|requires_python)\s*=\s*["'](?P<toml>[^"'\n]+)["']"""
    r"""|"python_version":\s*"(?P<json>[\d.]+)\"""",
    re.M,
)
BESIDE = regex(r"(?:^|/)(?:docs?|tests?|examples?)/")
"""Folders whose manifests are not those of the project, where it has others."""

PACKAGES = ("pyproject", "poetry", "setuptools")
"""What declares the needs of something that can be installed by itself."""

NAMED_FREEZE = regex(r"(?:^|[-_./])(?:freeze|frozen|locked?|lockfile|pip[-_]?freeze)(?:[-_.]|$)[^/]*$", re.I)
JULIA = regex(r"^\[\[(?:deps\.)?\w+\]\]\s*\n(?:[^\[\n]\S* = .*\n)*?(?:git-tree-sha1|uuid) = ", re.M)
NEEDS = {
    "pandas": ("numpy", "python-dateutil"),
    "scikit-learn": ("numpy", "scipy", "joblib"),
    "matplotlib": ("numpy", "pyparsing", "python-dateutil"),
    "requests": ("urllib3", "idna", "certifi"),
    "jinja2": ("markupsafe",),
    "flask": ("werkzeug", "jinja2", "click", "itsdangerous"),
    "fastapi": ("starlette", "pydantic"),
    "torchvision": ("torch", "numpy", "pillow"),
    "transformers": ("tokenizers", "huggingface-hub", "tqdm", "requests"),
    "tensorflow": ("protobuf", "numpy", "h5py", "grpcio"),
    "notebook": ("jupyter-core", "tornado", "nbformat"),
    "seaborn": ("matplotlib", "numpy", "pandas"),
    "nltk": ("joblib", "click"),
    "spacy": ("thinc", "murmurhash", "cymem"),
    "mlflow": ("sqlalchemy", "alembic", "flask"),
    "wandb": ("gitpython", "sentry-sdk", "protobuf"),
    "xgboost": ("numpy", "scipy"),
    "python-dateutil": ("six",),
    "scikit-image": ("networkx", "imageio"),
    "streamlit": ("altair", "pyarrow", "tornado"),
    "boto3": ("botocore", "s3transfer"),
    "tensorboard": ("werkzeug", "protobuf", "markdown"),
    "gym": ("cloudpickle", "numpy"),
    "sacred": ("jsonpickle", "wrapt"),
}
"""What well-known packages have always needed: a freeze that lacks these is a list of direct dependencies."""


class Lock(NamedTuple):
    """A complete lock; `serves` are the manifests that it fixes, `python` is what it was made for."""

    path: str
    tool: str
    serves: tuple[str, ...] = ()
    hashed: bool = True
    python: str = ""
    python_line: int | None = None
    language: str = "python"


@fact
def locks(repo: Repo) -> tuple[Lock, ...]:
    """The complete locks of Python environments, the shallowest first."""
    found = [*_locks_by_name(repo), *_locked_requirements(repo)]
    return tuple(sorted(found, key=lambda lock: (depth(lock.path), lock.path)))


@fact
def freezes(repo: Repo) -> tuple[Lock, ...]:
    """Complete lists of exact versions that no locking tool wrote (`pip freeze`): locks without hashes."""
    taken = {lock.path for lock in locks(repo)}
    return tuple(
        Lock(m.path, "pip freeze", (m.path,), m.hashed, m.python)
        for m in python_manifests(repo)
        if m.tool == "pip" and m.path not in taken and is_freeze(m)
    )


@fact
def other_locks(repo: Repo) -> tuple[Lock, ...]:
    """Locks of other languages and of infrastructure tools."""
    rows = [
        Lock(path, name, language=language)
        for name, language in OTHERS.items()
        for path in repo.named(name)
        if not vendored(path) and (not name.startswith("manifest") or JULIA.search(repo.text(path) or ""))
    ]
    return tuple(sorted(rows, key=lambda lock: lock.path))


def _locks_by_name(repo: Repo) -> Iterator[Lock]:
    for pattern, tool in {**BY_NAME, **PATTERNS}.items():
        for path in repo.named(pattern):
            if vendored(path) or not repo.files[path].size:
                continue
            text = repo.text(path) or ""
            found = PYTHON.search(text)
            line = text.count("\n", 0, found.start()) + 1 if found else None
            version = (found["toml"] or found["json"]) if found else ""
            yield Lock(path, tool, _served(repo, path, tool), True, version, line)


def _served(repo: Repo, path: str, tool: str) -> tuple[str, ...]:
    """The manifests that such a lock is made from: its tool's, in its folder (of a workspace: below it)."""
    here = folder(path)
    near = [m for m in declaring(repo) if m.tool in READS[tool]]
    beside = [m.path for m in near if m.folder == here]
    below = [m.path for m in near if not here or m.folder.startswith(here + "/")]
    return tuple(beside or below)


def _locked_requirements(repo: Repo) -> Iterator[Lock]:
    for manifest in python_manifests(repo):
        if manifest.tool != "pip" or not manifest.requirements or not manifest.path.endswith(".txt"):
            continue
        if not all(r.exact or r.spec.startswith("@") for r in manifest.requirements):
            continue
        generated = manifest.generator not in ("", "pip freeze")
        if generated or manifest.hashed:
            tool = manifest.generator or "hashes"
            yield Lock(manifest.path, tool, _sources(repo, manifest), manifest.hashed, manifest.python)


def _sources(repo: Repo, manifest: Manifest) -> tuple[str, ...]:
    """What a compiled requirements file was made from, by its header, else what lies beside it."""
    head = (repo.text(manifest.path) or "")[:1500]
    named = regex(r"[\w./-]+\.(?:in|toml|cfg|py)\b").findall(head)
    paths = {m.path for m in python_manifests(repo)}
    beside = manifest.folder + "/" if manifest.folder else ""
    found = [p for name in named for p in (name, beside + name) if p in paths]
    stem = manifest.path.removesuffix(".txt") + ".in"
    found += [stem] if stem in paths else []
    return tuple(dict.fromkeys([*found, manifest.path]))


def is_freeze(manifest: Manifest) -> bool:
    """Whether a requirements file lists every version of an environment, as far as its names show it."""
    wanted = manifest.requirements
    if wanted and all(r.exact for r in wanted) and NAMED_FREEZE.search(manifest.path):
        return True
    if len(wanted) < 5 or not all(r.exact for r in wanted):
        return False
    if manifest.generator == "pip freeze":
        return True
    names = {r.name for r in wanted}
    known = [name for name in names if name in NEEDS]
    return len(known) >= 2 and all(need in names for name in known for need in NEEDS[name])


DEVELOPS = regex(r"(?:^|[/_.-])(?:dev|develop\w*|tests?|testing|docs?|lint|ci|tools?)(?:[_.-]|$)", re.I)


def pinning(requirements: tuple[Requirement, ...]) -> str:
    """`exact`, `partial` or `none`: how much of what is declared is held at one version."""
    if requirements and all(r.exact for r in requirements):
        return "exact"
    return "partial" if any(r.exact or r.series for r in requirements) else "none"


@fact
def deps_pinned(repo: Repo) -> str:
    """How much of what the repository declares one version fits, its packages beside the root's left out."""
    every = list(declaring(repo))
    own_parts = [m for m in every if not BESIDE.search(m.path)] or every
    at_root = [m for m in every if not m.folder]
    declared = at_root and [*at_root, *(m for m in own_parts if m.folder and not _packaged(repo, m))]
    declared = declared or own_parts
    if not declared:
        return "exact" if locks(repo) else "none" if python_manifests(repo) else _in_other_languages(repo)
    python = _of_python(repo, declared)
    others = any(not m.folder and m.language in ("r", "julia") for m in manifests(repo))
    return _both(python, _in_other_languages(repo)) if others else python


def _packaged(repo: Repo, manifest: Manifest) -> bool:
    """Whether the manifest lies in a package of its own below the root."""
    packages = {m.folder for m in declaring(repo) if m.folder and m.tool in PACKAGES}
    return any(f"{manifest.folder}/".startswith(f"{package}/") for package in packages)


def _both(one: str, other: str) -> str:
    return one if one == other else "partial"


def _of_python(repo: Repo, declared: list[Manifest]) -> str:
    kept = [m for m in declared if _is_covered(repo, m)]
    if len(kept) == len(declared):
        return "exact"
    found = pinning(tuple(r for m in declared if m not in kept for r in m.requirements))
    return "partial" if kept and found == "none" else found


def _is_covered(repo: Repo, manifest: Manifest) -> bool:
    """Whether a lock serves the manifest; that of a whole environment serves what lies beside it."""
    whole = [lock for lock in (*locks(repo), *freezes(repo)) if lock.tool in (*READS, "pip freeze")]
    served = {path for lock in locks(repo) for path in (lock.path, *lock.serves)}
    beside = [lock for lock in whole if folder(lock.path) == manifest.folder]
    return manifest.path in served or any(_holds(repo, lock, manifest) for lock in beside)


def _holds(repo: Repo, lock: Lock, manifest: Manifest) -> bool:
    """Whether the lock has what a manifest of pip asks for; conda may call the same by other names.

    Tools for development may come to an environment later.
    """
    if manifest.tool != "pip" or DEVELOPS.search(manifest.path):
        return True
    from mlscaffold.repo.environments.lock_contents import packages

    held = packages(repo, lock)
    return not held or all(wanted.exact or wanted.name in held for wanted in manifest.requirements)


def _in_other_languages(repo: Repo) -> str:
    """The same for R and Julia, where a lock beside a manifest fixes all of it, and for builds of the JVM."""
    declared = {m.folder for m in manifests(repo) if m.language in ("r", "julia")}
    if not declared and any(m.language == "jvm" for m in manifests(repo)):
        from mlscaffold.repo.environments.jvm_versions import pinning

        return pinning(repo)
    own_parts = {at for at in declared if not BESIDE.search(f"{at}/")} or declared
    locked = {folder(lock.path) for lock in other_locks(repo) if lock.language in ("r", "julia")}
    covered = own_parts & locked
    if "" in own_parts or (not own_parts and "" in locked):
        return "exact" if "" in locked else "none"
    return "none" if not covered else "exact" if covered == own_parts else "partial"
