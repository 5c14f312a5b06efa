"""Dependency manifests: the files that declare what this repository needs, and for which Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from mlscaffold.globs import like
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document, yaml_document
from mlscaffold.repo.environments.requirements import Requirement, normalised, read_requirements, requirement
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, folder, own

REQUIREMENTS_NAMES = (
    "requirements",
    "*requirement*.pip",
    "*requirement*.txt",
    "*requirement*.in",
    "*reqs*.txt",
    "reqs*.in",
)
CONDA_NAMES = ("*environment*.yml", "*environment*.yaml", "conda*.yml", "conda*.yaml", "env.yml", "env.yaml")
OTHER_NAMES = {"description": "renv", "project.toml": "julia", "pixi.toml": "pixi", "package.json": "npm"}
OTHER_NAMES |= {
    "pom.xml": "maven",
    "build.gradle": "gradle",
    "build.gradle.kts": "gradle",
    "build.sbt": "sbt",
}
DECLARES = {
    "renv": r"^(Imports|Depends|Package):",
    "julia": r"^\[deps\]",
    "npm": r'"(dev)?[dD]ependencies"',
    "maven": r"<dependenc(?:y|ies)>",
    "gradle": r"^\s*dependencies\s*\{",
    "sbt": r"\blibraryDependencies\b",
}
LANGUAGES = {
    "renv": "r",
    "julia": "julia",
    "npm": "javascript",
    "maven": "jvm",
    "gradle": "jvm",
    "sbt": "jvm",
}
CONDA_TEXT = regex(
    rb"^dependencies:[ \t]*(?:#.*)?$[\s\S]*?^[ \t]*- [\"']?(?:[\w-]+::)?(?:pip|python|r-base)\b", re.M
)
CONDA_CHANNELS = regex(rb"^channels:", re.M)
OF_A_RUN = regex(r"(?:^|/)(?:wandb|mlruns|mlartifacts|lightning_logs|\.guild|\.aim)/")
"""Where trackers keep what an environment held when something ran: a record, not a wish."""

NIX_NAMES = ("default.nix", "shell.nix", "flake.nix")


class Manifest(NamedTuple):
    """One file that declares dependencies. `python` is the version that it asks for, as it is written."""

    path: str
    tool: str
    requirements: tuple[Requirement, ...] = ()
    python: str = ""
    python_line: int | None = None
    includes: tuple[str, ...] = ()
    generator: str = ""
    hashed: bool = False
    language: str = "python"

    @property
    def folder(self) -> str:
        """Where it lies."""
        return folder(self.path)


def of_a_run(repo: Repo, path: str) -> bool:
    """Whether a tracker wrote the file: it lies in its store, or beside the description of a logged model."""
    return OF_A_RUN.search(path) is not None or f"{folder(path)}/MLmodel" in repo.files


def line_of(repo: Repo, path: str, pattern: str) -> int | None:
    """The first line of the file that matches: documents of TOML and YAML carry no lines."""
    text = repo.text(path) or ""
    found = re.search(pattern, text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else None


@fact
def manifests(repo: Repo) -> tuple[Manifest, ...]:
    """Every manifest that is not of vendored code, the shallowest first."""
    found = {m.path: m for m in _all(repo) if m is not None and not of_a_run(repo, m.path)}
    return tuple(sorted(found.values(), key=lambda m: (depth(m.path), m.path)))


@fact
def python_manifests(repo: Repo) -> tuple[Manifest, ...]:
    """The manifests of Python environments; empty ones too."""
    return tuple(m for m in manifests(repo) if m.language == "python")


@fact
def declaring(repo: Repo) -> tuple[Manifest, ...]:
    """The Python manifests that declare a dependency, themselves or by a file that they include."""
    return tuple(m for m in python_manifests(repo) if m.requirements or m.includes)


def _all(repo: Repo) -> Iterator[Manifest | None]:
    for path in _requirements_paths(repo):
        yield _requirements(repo, path)
    readers: dict[str, Callable[[Repo, str], Manifest | None]] = {
        "pyproject.toml": _pyproject,
        "setup.cfg": _setup_cfg,
        "setup.py": _setup_py,
        "pipfile": _pipfile,
    }
    for name, read in readers.items():
        for path in own(repo, name):
            yield read(repo, path)
    for path in _conda_paths(repo):
        yield _conda(repo, path)
    for path in own(repo, "cog.yaml", "cog.yml"):
        yield _cog(repo, path)
    for path in own(repo, "python_env.yaml"):
        yield _of_mlflow(repo, path)
    for path in own(repo, *NIX_NAMES):
        yield _nix(repo, path)
    for path in own(repo, *OTHER_NAMES):
        yield _other(repo, path)


def _requirements_paths(repo: Repo) -> Iterator[str]:
    yield from own(repo, *REQUIREMENTS_NAMES)
    for path in own(repo, "*.txt", "*.in"):
        if regex(r"(^|/)requirements/[^/]+$").search(path):
            yield path


def _requirements(repo: Repo, path: str) -> Manifest | None:
    text = repo.text(path)
    if text is None:
        return None
    read = read_requirements(text)
    return Manifest(
        path,
        "pip",
        read.requirements,
        read.python,
        read.python_line,
        read.includes,
        read.generator,
        read.hashed,
    )


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _listed(repo: Repo, path: str, items: list[str]) -> tuple[Requirement, ...]:
    return tuple(
        read._replace(line=line_of(repo, path, rf"""["'\s]{re.escape(item)}["'\s]"""))
        for item in items
        if (read := requirement(item))
    )


def table(value: Any, *keys: str) -> dict[str, Any]:
    """The table under `keys`, or an empty one where something else stands there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _pyproject(repo: Repo, path: str) -> Manifest | None:
    document = toml_document(repo, path)
    if document is None:
        return None
    project, poetry = table(document, "project"), table(document, "tool", "poetry")
    items = _strings(project.get("dependencies"))
    groups = [*table(project, "optional-dependencies").values()]
    groups += [*table(document, "dependency-groups").values()]
    groups += [*table(document, "tool", "pdm", "dev-dependencies").values()]
    groups += [table(document, "tool", "uv").get("dev-dependencies")]
    items += [item for group in groups for item in _strings(group)]
    requirements = _listed(repo, path, items) + _poetry_requirements(repo, path, poetry)
    pixi = table(document, "tool", "pixi", "dependencies")
    requirements += tuple(_named(repo, path, name, value) for name, value in pixi.items() if name != "python")
    python = (
        project.get("requires-python") or table(poetry, "dependencies").get("python") or pixi.get("python")
    )
    dynamic = "dependencies" in _strings(project.get("dynamic"))
    if not requirements and not python and not dynamic and not items:
        return None
    tool = "poetry" if poetry.get("dependencies") else "pixi" if pixi else "pyproject"
    line = line_of(repo, path, r"^\s*(requires-python|python)\s*=") if python else None
    return Manifest(path, tool, requirements, str(python or ""), line)


def _named(repo: Repo, path: str, name: str, value: Any) -> Requirement:
    version = value.get("version", "") if isinstance(value, dict) else value
    if isinstance(value, dict) and (rev := value.get("rev") or value.get("tag")):
        version = f"@ git@{rev}"
    spec = version if isinstance(version, str) and version != "*" else ""
    if regex(r"^v?\d[\w.]*$").match(spec):
        spec = f"=={spec}"
    line = line_of(repo, path, rf"""^\s*["']?{re.escape(name)}["']?\s*=""")
    return Requirement(normalised(name), spec, line)


def _poetry_requirements(repo: Repo, path: str, poetry: dict[str, Any]) -> tuple[Requirement, ...]:
    tables = [table(poetry, "dependencies"), table(poetry, "dev-dependencies")]
    tables += [table(group, "dependencies") for group in table(poetry, "group").values()]
    return tuple(
        _named(repo, path, name, value) for rows in tables for name, value in rows.items() if name != "python"
    )


def _pipfile(repo: Repo, path: str) -> Manifest | None:
    document = toml_document(repo, path)
    if document is None:
        return None
    rows = [*table(document, "packages").items(), *table(document, "dev-packages").items()]
    requires = table(document, "requires")
    python = requires.get("python_version") or requires.get("python_full_version") or ""
    line = line_of(repo, path, r"^\s*python_(full_)?version\s*=") if python else None
    return Manifest(path, "pipenv", tuple(_named(repo, path, k, v) for k, v in rows), str(python), line)


def _setup_cfg(repo: Repo, path: str) -> Manifest | None:
    from mlscaffold.repo.environments.setup_files import read_setup_cfg

    text = repo.text(path)
    read = read_setup_cfg(text) if text and "options" in text else None
    return read and Manifest(path, "setuptools", read.requirements, read.python, read.python_line)


def _setup_py(repo: Repo, path: str) -> Manifest | None:
    from mlscaffold.repo.environments.setup_files import read_setup_py

    text = repo.text(path)
    read = read_setup_py(text) if text and "setup" in text else None
    if read is None:
        return None
    here = folder(path)
    beside = tuple(name for name in read.reads if f"{here}/{name}".lstrip("/") in repo.files)
    return Manifest(path, "setuptools", read.requirements, read.python, read.python_line, beside)


def _conda_paths(repo: Repo) -> Iterator[str]:
    """Files with the usual names, and others that are written as conda environments are."""
    for path in own(repo, "*.yml", "*.yaml"):
        name = path.rpartition("/")[2].lower()
        raw = repo.raw(path) or b"" if "conda-lock" not in name else b""
        usual = any(like(name, pattern) for pattern in CONDA_NAMES)
        if b"dependencies:" in raw and (usual or CONDA_TEXT.search(raw) or CONDA_CHANNELS.search(raw)):
            yield path


def _cog(repo: Repo, path: str) -> Manifest | None:
    """What Cog builds a container for a model from."""
    build = table(yaml_document(repo, path), "build")
    python = str(build.get("python_version") or "")
    wanted = _listed(repo, path, _strings(build.get("python_packages")))
    line = line_of(repo, path, r"^\s*python_version\s*:") if python else None
    return Manifest(path, "cog", wanted, python, line) if build else None


def _of_mlflow(repo: Repo, path: str) -> Manifest | None:
    """The virtual environment of an MLflow project; its Python is read elsewhere."""
    document = yaml_document(repo, path)
    items = _strings(document.get("dependencies")) if isinstance(document, dict) else []
    includes = tuple(item.split()[1] for item in items if regex(r"-r\s+\S").match(item))
    return Manifest(path, "mlflow", _listed(repo, path, items), includes=includes) if items else None


def _conda(repo: Repo, path: str) -> Manifest | None:
    text = repo.text(path)
    if text is None or "dependencies" not in text:
        return None
    document = yaml_document(repo, path)
    items = document.get("dependencies") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    wanted: list[Requirement] = []
    for item in items:
        if isinstance(item, str):
            wanted.append(_conda_requirement(repo, path, item))
        elif isinstance(item, dict):
            wanted += _listed(repo, path, _strings(item.get("pip")))
    python = next((r for r in wanted if r.name == "python"), None)
    return Manifest(
        path,
        "conda",
        tuple(r for r in wanted if r.name not in ("python", "pip")),
        python.spec if python else "",
        python.line if python and python.spec else None,
    )


def _conda_requirement(repo: Repo, path: str, item: str) -> Requirement:
    """`numpy=1.2=build` names one version, `numpy=1.2.*` a series: written as pip writes it."""
    found = regex(r"\s*(?:[\w./-]+::)?([\w.-]+)\s*(.*)").match(item)
    name, spec = (found[1], found[2].strip()) if found else (item, "")
    if single := regex(r"^=?=?((?:\d+!)?[\w.]+\*?)(=[\w.*]+)?$").match(spec.removeprefix("=")):
        spec = f"=={single[1]}" if not single[1].endswith("*") else f"=={single[1].rstrip('.*')}.*"
    return Requirement(normalised(name), spec, line_of(repo, path, rf"^\s*-\s*['\"]?{re.escape(item)}"))


def _nix(repo: Repo, path: str) -> Manifest | None:
    text = repo.text(path) or ""
    if not regex(r"mkShell|buildInputs|python3").search(text):
        return None
    python = regex(r"\bpython3(\d+)(?:Packages|Full)?\b").search(text)
    line = text.count("\n", 0, python.start()) + 1 if python else None
    return Manifest(path, "nix", (), f"3.{python[1]}" if python else "", line)


def _other(repo: Repo, path: str) -> Manifest | None:
    tool = OTHER_NAMES[path.rpartition("/")[2].lower()]
    text = repo.text(path) or ""
    if tool == "pixi":
        document = toml_document(repo, path) or {}
        rows = table(document, "dependencies") | table(document, "pypi-dependencies")
        wanted = tuple(_named(repo, path, k, v) for k, v in rows.items() if k != "python")
        return Manifest(
            path, "pixi", wanted, str(rows.get("python", "")), line_of(repo, path, r"^\s*python\s*=")
        )
    if not re.search(DECLARES[tool], text, re.M):
        return None
    return Manifest(path, tool, language=LANGUAGES[tool])
