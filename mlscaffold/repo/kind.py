"""What kind of repository this is, as far as its files tell; part of many rules' `when`."""

from __future__ import annotations

import re
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.source import code
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.training.training import EXAMPLE, training
from mlscaffold.repo.vendored import is_own

Name = Literal["application", "library", "paper", "notebooks", "course", "infrastructure", "data"]

PAPER = regex(
    rb"arxiv\.org/|@(?:inproceedings|article|misc|conference)\s*\{"
    rb"|openreview\.net|official (?:code|implementation)",
    re.I,
)
COURSE = regex(
    r"(?:^|/)(?:labs?|lectures?|assignments?|exercises?|homeworks?|hw|weeks?|lessons?|tutorials?|chapters?)"
    r"[_ -]?\d+|(?:^|/)ch(?:ap)?[_ -]?\d+(?:[^/]*/|[^/]*\.(?:ipynb|r|rmd|qmd|jl|md)$)"
    r"|(?:^|/)\d{1,2}-\d{1,2}[. _][^/]*/",
    re.IGNORECASE,
)
CHAPTER = regex(r"(?P<number>\d{1,2})[_. -][^/]*\.ipynb")
FOLDER = regex(r"(?P<number>\d{1,2})[_. -][^/]*/")
FOLDERS = 6
"""As many numbered folders at the root are lessons; fewer may be the stages of one project."""

CHAPTERS = 10
"""As many numbered notebooks side by side are a book; fewer may be the steps of one analysis."""
INFRASTRUCTURE = (".tf", ".hcl", ".bicep")
DATA = (".csv", ".tsv", ".parquet", ".jsonl", ".arrow", ".npz", ".h5")
PACKAGES = {"DESCRIPTION": regex(rb"^Package:", re.M), "Project.toml": regex(rb"^uuid\s*=", re.M)}
"""What makes a package of R or of Julia."""

INSTALLED = regex(rb"pip3? install (?:-U |--upgrade )?[\"']?([A-Za-z][\w.-]+)")
PROJECT = regex(rb"^[ \t]*name[ ]*=[ ]*[\"']([A-Za-z][\w.-]*)[\"']", re.M)
EXPERIMENTS = regex(r"(?:^|/)(?:tools|scripts|recipes|projects|configs|test_utils|experiments)/")
"""Folders beside a package whose scripts run it."""

CODE_OF_PAPER = regex(
    rb"(?i)\b(?:code(?:base)?|implementation|repository|repo)\b[^.\n]{0,40}\b(?:for|of|accompan\w+|behind)\b"
    rb"[^\n]{0,200}(?:arxiv\.org|openreview\.net|doi\.org|\bpaper\b)"
)
FRONT = 3_000
"""Bytes of a README in which it says what the repository is."""

PIPELINE = ("dvc.yaml", "params.yaml", "snakefile", "mlproject", "kedro.yml")


class Kind(NamedTuple):
    """The kind, and what says so."""

    name: Name
    reason: str


@fact
def kind(repo: Repo) -> Kind:
    """The kind of the repository; *application* where nothing says more."""
    own = [p for p in repo.files if is_own(p)]
    scripts = [
        p for p in own if p.endswith(".py") and not p.endswith(("__init__.py", "setup.py", "conftest.py"))
    ]
    books = notebooks(repo)
    if _lessons(own) or ((scripts or books) and (_numbered(repo) or _book(own))):
        return Kind("course", "its files are numbered lessons or exercises")
    if not scripts and not books:
        return _without_python(repo, own)
    if books and len(books) >= 2 * len(scripts):
        return Kind("notebooks", f"{len(books)} notebooks beside {len(scripts)} scripts")
    alone = not any(name in repo.by_name for name in PIPELINE)
    imported = _packaged(repo) and _imported(repo) and not _experiments_of_a_paper(repo)
    if alone and (imported or _published(repo)):
        return Kind("library", "it is packaged for others to import, and runs no pipeline of its own")
    if training(repo) and (why := _paper(repo)):
        return Kind("paper", why)
    return Kind("application", "it has code and nothing says that it is a library, a paper or a course")


def _lessons(own: list[str]) -> bool:
    return len({m["number"] for path in own if (m := FOLDER.match(path))}) >= FOLDERS


def _numbered(repo: Repo) -> bool:
    return len([p for p in likely(repo, COURSE) if COURSE.search(p) and is_own(p)]) >= 3


def _book(own: list[str]) -> bool:
    numbers: dict[str, set[str]] = {}
    for path in own:
        folder, _, name = path.rpartition("/")
        if path.endswith(".ipynb") and (found := CHAPTER.fullmatch(name)):
            numbers.setdefault(folder, set()).add(found["number"])
    return any(len(seen) >= CHAPTERS for seen in numbers.values())


def _without_python(repo: Repo, own: list[str]) -> Kind:
    for path, mark in PACKAGES.items():
        if path in repo.files and mark.search(repo.raw(path) or b""):
            return Kind("library", f"{path} makes it a package for others to use")
    if any(p.endswith(INFRASTRUCTURE) for p in own):
        return Kind("infrastructure", "it has infrastructure code and no Python")
    if own and sum(p.endswith(DATA) for p in own) * 2 > len(own):
        return Kind("data", "most of its files are data")
    return Kind("application", "it has no Python that says more")


def _paper(repo: Repo) -> str:
    for path in repo.by_name.get("readme.md", [])[:1] + repo.by_name.get("citation.cff", [])[:1]:
        if hit := PAPER.search(repo.raw(path) or b""):
            return f"{path} points to a publication ({hit.group().decode('utf-8', 'replace')})"
    return ""


def _experiments_of_a_paper(repo: Repo) -> bool:
    """Whether scripts beside the package train, and the README calls it all the code of a publication."""
    page = next((repo.raw(p) or b"" for p in repo.by_name.get("readme.md", ())[:1]), b"")
    scripts = (path for path in repo.named("*train*.py") if EXPERIMENTS.search(path) and is_own(path))
    trains = any(b"__main__" in (repo.raw(path) or b"") for path in scripts)
    return trains and CODE_OF_PAPER.search(page, 0, FRONT) is not None


def _packaged(repo: Repo) -> bool:
    if "setup.py" in repo.files:
        return True
    raw = repo.raw("pyproject.toml") or b""
    return b"[build-system]" in raw and (b"[project]" in raw or b"[tool.poetry]" in raw)


def _published(repo: Repo) -> bool:
    """Whether a package is installed by others, or published, under the name of its folder."""
    page = next((repo.raw(p) or b"" for p in repo.named("readme.md", "readme.rst") if "/" not in p), b"")
    for path in repo.named("pyproject.toml", "setup.py"):
        raw = repo.raw(path) or b""
        if path.count("/") > 1 or not is_own(path):
            continue
        names = PROJECT.findall(raw) if b"Development Status ::" in raw else INSTALLED.findall(page)
        beside = path.rpartition("/")[0] + "/" if "/" in path else ""
        inside = [run.source.path.startswith(beside) for run in training(repo)]
        if sum(inside) * 5 < len(inside) * 4:
            continue  # a copy of somebody's package beside the code that trains
        folders = [asked.decode().replace("-", "_").lower() for asked in names]
        for at in (f"{beside}{source}{name}/" for name in folders for source in ("", "src/")):
            if f"{at}__init__.py" in repo.files:
                return not any(script.startswith(at) for script in repo.named("train.py"))
    return False


def _imported(repo: Repo) -> bool:
    """Whether most sources that train define things for others and run nothing themselves."""
    having = [s for run in training(repo) if not EXPERIMENTS.search((s := run.source).path)]
    scripts = (p for p in repo.named("train.py") if is_own(p) and not EXAMPLE.search(p))
    if any("/" not in source.path for source in having) or any(not EXPERIMENTS.search(p) for p in scripts):
        return False
    running = sum(source.main or source.notebook for source in having)
    return len(code(repo)) > 0 and running * 2 <= len(having)
