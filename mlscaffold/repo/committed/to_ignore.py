"""What a repository like this one makes or holds that git must leave out, as lines of a `.gitignore`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.run_output import STORES, shape_of
from mlscaffold.repo.data.data_files import looks_like_data, looks_like_model
from mlscaffold.repo.hits import hits
from mlscaffold.repo.ignore import ignored
from mlscaffold.repo.kind import kind
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.trackers import trackers
from mlscaffold.repo.vendored import is_own, vendored

DOTENV = regex(
    rb"\b(?:load_dotenv|dotenv_values|find_dotenv)\b|^\s*(?:from|import)\s+(?:environs|decouple)\b"
    rb"|env_file\s*[=:]\s*[\"']?\.env\b",
    re.M,
)
DOTENV_WORDS = (b"dotenv", b"environs", b"decouple", b"env_file")
EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "example.env", "env.example")
MANAGED_ELSEWHERE = (
    "environment*.yml",
    "environment*.yaml",
    "conda*.yml",
    "shell.nix",
    "flake.nix",
    "default.nix",
)
"""Files of managers that keep environments outside the repository."""

ELSEWHERE = (
    b"MLFLOW_TRACKING_URI",
    b"set_tracking_uri",
    b"Databricks notebook source",
    b"dbutils.",
    b"WANDB_DIR",
)
"""What says that a tracker's store is not where the code runs."""

PLACED = regex(
    rb"^[ \t]*(?:save_dir|tracking_uri|default_root_dir|artifact_location)[ \t]*:[ \t]*[\"']?[^\s\"'#]"
    rb"|\bsave_dir[ \t]*=[ \t]*(?!None\b)\w",
    re.M,
)
"""A setting beside the tracker that says where its store goes."""

MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements*.txt", "pipfile")


IMPORTS = regex(rb"^[ \t]*(?:from|import)[ \t]+([\w., \t]+)", re.M)
WORD = regex(rb"\w+")
TELLING = (".md", ".rst", ".txt", ".sh", "makefile")
MADE_HERE = regex(
    rb"(?:python[\d.]*|py)(?:\s+-[\d.]+)?\s+-m\s+venv\s+(?:-\S+\s+)*(?:\./)?([A-Za-z.][\w.-]*)(?=[\s`/]|$)"
)
"""`python -m venv`, whose environments ignore themselves only since Python 3.13; those of other tools do."""


class ToIgnore(NamedTuple):
    """One line that `.gitignore` needs, and paths of which git must leave out at least one."""

    line: str
    probes: tuple[str, ...]


@fact
def to_ignore(repo: Repo) -> tuple[ToIgnore, ...]:
    """Everything that applies to this repository, whether it is ignored yet or not."""
    return tuple(dict.fromkeys((*_python(repo), *_private(repo), *_stores(repo), *_lying_about(repo))))


def not_ignored(repo: Repo) -> tuple[ToIgnore, ...]:
    """What applies and would be taken in by the next `git add`."""
    leaves_out = ignored(repo)
    return tuple(item for item in to_ignore(repo) if not any(leaves_out(probe) for probe in item.probes))


def _python(repo: Repo) -> Iterator[ToIgnore]:
    own = [path for path in repo.files if path.endswith(".py") and is_own(path)]
    if own and any(repo.named(*MANIFESTS)) and not any(repo.named(*MANAGED_ELSEWHERE)):
        yield from _environment(repo)
    if loaded := _loaded(repo, own):
        yield ToIgnore("__pycache__/", (_beside(loaded, "__pycache__/x.cpython-311.pyc"),))
    books = [path for path in repo.files if path.endswith(".ipynb") and is_own(path)]
    if books:
        yield ToIgnore(".ipynb_checkpoints/", (_beside(books[0], ".ipynb_checkpoints/x-checkpoint.ipynb"),))


def _environment(repo: Repo) -> Iterator[ToIgnore]:
    """The environment that somebody is told to make here, with a tool whose environments git would see."""
    for path in repo.files:
        if path.lower().endswith(TELLING) and not vendored(path):
            raw = repo.raw(path) or b""
            if b"venv" in raw and (made := MADE_HERE.search(raw)):
                name = made[1].decode()
                yield ToIgnore(f"{name}/", (f"{name}/x", _beside(path, f"{name}/x")))
                return


def _loaded(repo: Repo, own: list[str]) -> str:
    """A module that others import, of which Python keeps bytecode; a script that is only run leaves none."""
    inner = next((path for path in own if path.endswith(("/__init__.py", "conftest.py"))), "")
    if inner or len(own) < 2:
        return inner
    modules = {path.rpartition("/")[2].removesuffix(".py"): path for path in own}
    for path, names in hits(repo, "imported", own, lambda _path, raw: _imported(raw)):
        for name in names:
            if (found := modules.get(name, path)) != path:
                return found
    return ""


def _imported(raw: bytes) -> list[str]:
    """The words of the lines that import, each once."""
    words = (word for names in IMPORTS.findall(raw) for word in WORD.findall(names))
    return list(dict.fromkeys(word.decode("latin-1") for word in words))


def _private(repo: Repo) -> Iterator[ToIgnore]:
    for path in repo.named(*EXAMPLES):
        yield ToIgnore(".env", (_beside(path, ".env"),))
        return
    asked = (path for path in repo.files if path.endswith((".py", ".yml", ".yaml")) and not vendored(path))
    for path, _ in hits(repo, "dotenv", asked, lambda _path, raw: _reads_dotenv(raw)):
        yield ToIgnore(".env", (".env", _beside(path, ".env")))
        return


def _reads_dotenv(raw: bytes) -> bool:
    return any(word in raw for word in DOTENV_WORDS) and DOTENV.search(raw) is not None


def _stores(repo: Repo) -> Iterator[ToIgnore]:
    for tracker in () if _elsewhere(repo) else trackers(repo):
        told = PLACED.search(repo.raw(tracker.spot.path) or b"")
        if not told and (store := STORES.get(tracker.slug)):
            yield ToIgnore(store, (f"{store}x", _beside(tracker.spot.path, f"{store}x")))
    for path in repo.files:
        if path == ".dvc/config" or path.endswith("/.dvc/config"):
            for name in ("config.local", "tmp/x", "cache/x"):
                yield ToIgnore(f"/.dvc/{name.removesuffix('/x')}", (_beside(path, name),))


def _elsewhere(repo: Repo) -> bool:
    """Whether trackers keep what they record somewhere else than where the code runs."""
    if kind(repo).name == "library":
        return True
    paths = (source.path for source in code(repo))
    found = hits(repo, "store", paths, lambda _path, raw: any(word in raw for word in ELSEWHERE))
    return next(found, None) is not None


def _lying_about(repo: Repo) -> Iterator[ToIgnore]:
    """Untracked models, data and run output in the work tree."""
    standard = repo.standard
    for entry in repo.files.values():
        if entry.tracked or vendored(entry.path):
            continue
        if found := shape_of(entry.path):
            yield ToIgnore(f"/{_escaped(found[1])}", (entry.path,))
        elif (looks_like_model(entry.path) and entry.size > standard.model_bytes) or (
            looks_like_data(entry.path) and entry.size > standard.dataset_bytes
        ):
            yield ToIgnore(f"/{_escaped(entry.path)}", (entry.path,))


def _beside(path: str, name: str) -> str:
    folder = path.rpartition("/")[0]
    return f"{folder}/{name}" if folder else name


def _escaped(path: str) -> str:
    """A path as a pattern that means itself."""
    return regex(r"([\\*?\[]| $)").sub(r"\\\1", path)
