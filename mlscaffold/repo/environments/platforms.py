"""Platforms: those on which a repository is run, as far as its files show, and those that a lock serves."""

from __future__ import annotations

import re
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document, yaml_document
from mlscaffold.repo.environments.containers import containers
from mlscaffold.repo.environments.job_scripts import job_scripts
from mlscaffold.repo.environments.locks import Lock
from mlscaffold.repo.environments.manifests import table
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import pipelines

NAMES = {"linux": "Linux", "osx": "macOS", "macos": "macOS", "darwin": "macOS", "win": "Windows"}
RUNNER = regex(r"(?<![\w-])(?P<name>ubuntu|macos|windows)-(?:latest|\d[\w.-]*)")
REMARK = regex(r"(?:^|\s)#[^\n]*", re.M)
RUNNERS = {"ubuntu": "Linux", "macos": "macOS", "windows": "Windows"}
ONE_PLATFORM = {
    "Linux": r"triton|nvidia-nccl-cu\d+|nvidia-dali-cuda\d+|faiss-gpu|vllm",
    "macOS": r"pyobjc-[\w-]+|tensorflow-macos|tensorflow-metal|mlx-metal",
    "Windows": r"pywin32|pypiwin32|pywinpty|windows-curses|tensorflow-intel|tensorflow-directml(?:-plugin)?",
}
"""Packages that can be installed on one platform alone."""

WANTED = regex(
    r"^(?:" + "|".join(f"(?P<{name}>{names})" for name, names in ONE_PLATFORM.items()) + r")==[^;\n]*$",
    re.M | re.I,
)
EXPLICIT = regex(r"^# platform:\s*(\w+)-", re.M)
IN_NAME = regex(r"(?:^|[-_.])(linux|osx|win)-(?:64|32|aarch64|arm64)(?:[-_.]|$)")


class Served(NamedTuple):
    """The platforms of a lock, and how that is known; none where it serves all."""

    names: frozenset[str]
    by: str
    line: int | None = None


@fact
def used(repo: Repo) -> dict[str, str]:
    """Each platform on which the repository is run, with a file that shows it."""
    found: dict[str, str] = {}
    for pipeline in pipelines(repo):
        for runner in RUNNER.finditer(REMARK.sub("", repo.text(pipeline.path) or "")):
            found.setdefault(RUNNERS[runner["name"]], pipeline.path)
    for path in [c.path for c in containers(repo)] + [s.path for s in job_scripts(repo)]:
        found.setdefault("Linux", path)
    return found


def served(repo: Repo, lock: Lock) -> Served:
    """Which platforms the lock serves."""
    match lock.tool:
        case "conda-lock" | "pixi":
            return _of_conda(repo, lock)
        case "uv" if lock.path.endswith("uv.lock"):
            return _of_uv(repo, lock)
        case "poetry" | "pdm" | "pipenv" | "pylock":
            return Served(frozenset(), f"{lock.tool}'s lock of every platform")
    text = (repo.text(lock.path) or "").replace("\r\n", "\n")
    for found in WANTED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        return Served(frozenset({str(found.lastgroup)}), found[0].split("=")[0], line)
    return Served(frozenset(), "no package of one platform alone")


def _of_conda(repo: Repo, lock: Lock) -> Served:
    text = repo.text(lock.path) or ""
    if explicit := EXPLICIT.search(text) if "@EXPLICIT" in text else None:
        return _named([explicit[1]])
    if not lock.path.endswith((".yml", ".yaml", "pixi.lock")):
        in_name = IN_NAME.search(lock.path.rpartition("/")[2])
        return _named([in_name[1]] if in_name else [])
    document = yaml_document(repo, lock.path)
    platforms: list[Any] = list(_list(table(document, "metadata").get("platforms")))
    for environment in table(document, "environments").values():
        packages = environment.get("packages") if isinstance(environment, dict) else None
        platforms += list(packages) if isinstance(packages, dict) else []
    return _named([str(name).partition("-")[0] for name in platforms])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(platforms: list[str]) -> Served:
    names = frozenset(NAMES[name] for name in platforms if name in NAMES)
    return Served(names, "its list of platforms" if names else "no list of platforms")


def _of_uv(repo: Repo, lock: Lock) -> Served:
    """A lock of uv serves every platform, unless it says for which it was made."""
    document = toml_document(repo, lock.path) if "-markers = [" in (repo.text(lock.path) or "") else None
    markers = [str(m) for m in _list((document or {}).get("supported-markers"))]
    names = [regex(r".*?sys_platform == '(linux|darwin|win)(?:32)?'.*").fullmatch(m) for m in markers]
    if markers and all(names):
        return _named([name[1] for name in names if name])
    return Served(frozenset(), "uv's lock of every platform")
