"""When rules apply: the reasons, shared between rules, why a practice does not concern a repository."""

from __future__ import annotations

from mlscaffold.repo.environments.containers import containers, dockerfiles
from mlscaffold.repo.environments.manifests import declaring, python_manifests
from mlscaffold.repo.kind import kind
from mlscaffold.repo.notebooks.as_python import in_python
from mlscaffold.repo.python.third_party import third_party
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.tests import OTHERS
from mlscaffold.repo.training.elsewhere import runs, trained
from mlscaffold.repo.training.training import training
from mlscaffold.repo.vendored import folder, is_own

SOURCES = (".py", ".r", ".jl", ".scala", ".java", ".cpp", ".cu", ".go", ".rs", ".ts", ".js")

LANGUAGES = {".r": "R", ".rmd": "R", ".qmd": "R", ".jl": "Julia", ".scala": "Scala", ".java": "Java"}
BESIDE = (".github/", "ci/", "inst/", "tools/")
"""Folders of a package of R or Julia in which scripts of other languages lie."""

NOTHING = "no code trains a model"

ENTRY_POINTS = ("train.py", "main.py", "run.py", "train.sh", "finetune.py")


def has_code(repo: Repo) -> str | None:
    """Source files of its own, or notebooks."""
    own = (path for path in repo.files if path.lower().endswith((*SOURCES, ".ipynb", ".rmd", ".qmd")))
    return None if any(is_own(path) for path in own) else "there is no code"


def has_python(repo: Repo) -> str | None:
    """Python files or notebooks of its own, or a manifest of a Python environment."""
    files = (path for path in repo.files if path.endswith((".py", ".ipynb")) and is_own(path))
    own = any(path.endswith(".py") or in_python(repo, path) for path in files)
    return None if own or python_manifests(repo) else "there is no Python code"


def has_python_files(repo: Repo) -> str | None:
    """Python files other than packaging; notebooks alone have nothing that a test imports."""
    own = (p for p in repo.files if p.endswith(".py") and is_own(p) and not p.endswith("setup.py"))
    return None if any(own) else "there are no Python files"


def has_sources(repo: Repo) -> str | None:
    """Sources that tests could call, in a language whose tests are read."""
    if has_python_files(repo) is None:
        return None
    others = any(path.lower().endswith(OTHERS) and is_own(path) for path in repo.files)
    return None if others else "there are no sources in a language whose tests are read"


def imports_packages(repo: Repo) -> str | None:
    """Python that imports packages that others publish."""
    if reason := has_python(repo):
        return reason
    imported = third_party(repo)
    if not declaring(repo) and not imported:
        return "nothing that others publish is imported"
    inside = ("DESCRIPTION" in repo.files or "Project.toml" in repo.files) and not declaring(repo)
    if inside and all(one.path.startswith(BESIDE) for one in imported):
        return "its Python is called by a package of another language, which says what it needs"
    return None


def declares_dependencies(repo: Repo) -> str | None:
    """A manifest of a Python environment that names dependencies."""
    return has_python(repo) or (None if declaring(repo) else "no manifest declares dependencies")


def has_container(repo: Repo) -> str | None:
    """Some container definition."""
    return None if containers(repo) else "there is no container definition"


def has_dockerfile(repo: Repo) -> str | None:
    """A Dockerfile or Containerfile."""
    return None if dockerfiles(repo) else "there is no Dockerfile"


def is_used(repo: Repo) -> str | None:
    """A repository whose code is run here: of a library, those who import it choose the system."""
    scripts = (path for name in ENTRY_POINTS for path in repo.by_name.get(name, ()))
    if kind(repo).name != "library" or any(not _in_package(repo, path) for path in scripts):
        return None
    return "the repository is a library"


def _in_package(repo: Repo, path: str) -> bool:
    """Whether a file is a module that others import, whatever its name."""
    return f"{folder(path)}/__init__.py" in repo.files


def trains(repo: Repo) -> str | None:
    """Python code that trains a model; other languages are not read for that."""
    if training(repo):
        return None
    others = _other_languages(repo)
    return f"no Python code trains a model ({', '.join(sorted(others))} is not read)" if others else NOTHING


def trains_anywhere(repo: Repo) -> str | None:
    """Code that trains a model, in Python, R, Julia, Scala or Java."""
    return None if training(repo) or runs(repo) else NOTHING


def trains_a_model(repo: Repo) -> str | None:
    """Code in any of these languages that trains a model; regressions that describe data are none."""
    if trained(repo):
        return None
    return "its models describe the data at hand" if runs(repo) else NOTHING


def _other_languages(repo: Repo) -> set[str]:
    return {LANGUAGES[end] for path in repo.files if is_own(path) and (end := _end(path)) in LANGUAGES}


def _end(path: str) -> str:
    return path[path.rfind(".") :].lower()
