"""Environments of other languages: what R, Julia, JavaScript, Rust, Go and the JVM build without a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import json_document, toml_document
from mlscaffold.repo.environments.containers import base_images
from mlscaffold.repo.environments.locks import other_locks
from mlscaffold.repo.environments.manifests import line_of, python_manifests, table
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder, is_own, own

ASIDE = regex(
    r"(?:^|/)(?:docs?|documentation|tests?|examples?|samples?|demos?|tutorials?|fixtures?|templates?"
    r"|benchmarks?|website|site|contrib|archive|\.[\w-]+)/"
)
"""Folders whose environments are not the one in which the results are made."""

R_CODE = (".r", ".rmd", ".qmd", ".rnw")
JS_CODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte", ".astro")
R_PACKAGE = regex(
    r"^[^#\n]*?(?:\b(?:library|require|requireNamespace|loadNamespace)\(\s*[\"']?|\bp_load\(\s*)(?P<name>[A-Za-z][\w.]+)",
    re.M,
)
R_OWN = frozenset(
    (
        "base", "stats", "utils", "graphics", "grDevices", "methods", "datasets", "tools", "parallel",
        "splines", "stats4", "tcltk", "grid", "compiler", "MASS", "Matrix", "lattice", "nlme", "survival",
        "boot", "class", "cluster", "codetools", "foreign", "KernSmooth", "mgcv", "nnet", "rpart", "spatial",
    )
)  # fmt: skip
"""What comes with R itself."""

JULIA_PACKAGE = regex(r"^[ \t]*(?:using|import)[ \t]+(?P<names>[A-Z]\w*(?:[ \t]*,[ \t]*[A-Z]\w*)*)", re.M)
COMMA = regex(r"[ \t]*,[ \t]*")
JULIA_MODULE = regex(r"^[ \t]*(?:bare)?module[ \t]+(\w+)", re.M)
_JULIA_OWN = """
    Base Core Main Pkg LinearAlgebra Random Statistics Printf Dates DelimitedFiles Distributed SparseArrays
    Test Markdown Serialization Logging Sockets SHA UUIDs InteractiveUtils SharedArrays Profile REPL TOML
    Downloads Unicode Libdl Mmap Tar FileWatching Future ArgTools Artifacts Base64 CRC32c LazyArtifacts
    SuiteSparse LibGit2
"""
JULIA_OWN = frozenset(_JULIA_OWN.split())
"""What comes with Julia itself."""

PLUTO = "PLUTO_MANIFEST_TOML_CONTENTS"
"""Pluto keeps a notebook's environment in the notebook."""

R_DATED = regex(
    rb"packagemanager\.(?:posit|rstudio)\.c\w+/[\w/.-]*\d{4}-\d\d-\d\d|cran\.microsoft\.com/snapshot"
    rb"|\bgroundhog(?:\.library|::)|\bcheckpoint\(|options\(repos[^\n]*\d{4}-\d\d-\d\d|\brix\("
)
R_IMAGES = regex(r"(?:^|/)(?:rocker/|r-ver|r-base|rstudio/r-|bioconductor/)\S*:(?!latest)")
R_LOCKS = ("renv.lock", "packrat.lock", "pkg.lock", "rv.lock", "uvr.lock")
FLOATS = {
    "build.gradle": regex(
        r"^(?!\s*(?://|\*)).*[\"'][\w.-]+:[\w.-]+:(?:[\d.]*\+|latest\.\w+|[\[(][\d.,\s]+[\])])[\"']", re.M
    ),
    "pom.xml": regex(r"^\s*<version>\s*(?:LATEST|RELEASE|[\[(][\d.\s]*,[\d.\s]*[\])])\s*</version>", re.M),
    "build.sbt": regex(r"^(?!\s*//).*%\s*\"(?:[\d.]*\+|latest\.\w+|[\[(][\d.,\s]+[\])])\"", re.M),
}  # fmt: skip
FLOATS["build.gradle.kts"] = FLOATS["build.gradle"]


class Environment(NamedTuple):
    """One environment that is not Python's; `lock` is what fixes it, empty where nothing does."""

    language: str
    path: str
    line: int | None
    expected: str
    lock: str = ""


@fact
def other_environments(repo: Repo) -> tuple[Environment, ...]:
    """The environments of this repository's own programs, packages for others left out."""
    found = [
        *_r(repo),
        *_julia(repo),
        *_julia_alone(repo),
        *_javascript(repo),
        *_rust(repo),
        *_go(repo),
        *_jvm(repo),
    ]
    return tuple(sorted(found, key=lambda e: (e.language, e.path.count("/"), e.path)))


def _beside(repo: Repo, path: str, *names: str) -> str:
    """A lock of one of these names in the folder of `path` or in a folder above it."""
    at = folder(path)
    while True:
        for name in names:
            candidate = f"{at}/{name}".lstrip("/")
            if candidate in repo.files:
                return candidate
        if not at:
            return ""
        at = folder(at)


def _apart(repo: Repo, *names: str) -> Iterator[str]:
    yield from (path for path in own(repo, *names) if not ASIDE.search(path))


def _r(repo: Repo) -> Iterator[Environment]:
    """Scripts and reports of R where R is the main language."""
    sources = [p for p in repo.files if p.lower().endswith(R_CODE) and is_own(p) and not ASIDE.search(p)]
    python = sum(p.endswith((".py", ".ipynb")) and is_own(p) for p in repo.files)
    packaged = any(line_of(repo, path, r"^Package:") for path in own(repo, "description"))
    if not sources or packaged or len(sources) < python:
        return
    lock = next(own(repo, *R_LOCKS), "") or _r_held(repo, sources)
    for path in sources:
        text = repo.text(path) or ""
        used = [m for m in R_PACKAGE.finditer(text) if m["name"] not in R_OWN]
        if used:
            line = text.count("\n", 0, used[0].start("name")) + 1
            yield Environment("R", path, line, "renv.lock", lock)


def _r_held(repo: Repo, sources: list[str]) -> str:
    """What else holds R's packages at a version or a date: conda, an image, a dated archive, Nix."""
    for manifest in python_manifests(repo):
        if manifest.tool == "conda" and any(r.name.startswith("r-") for r in manifest.requirements):
            return manifest.path
        if manifest.tool == "nix" and "rPackages" in (repo.text(manifest.path) or ""):
            return manifest.path
    for base in base_images(repo):
        if R_IMAGES.search(base.image):
            return base.path
    settings = [*sources, *own(repo, ".rprofile", "*dockerfile*", "*.sh", "makefile")]
    return next((path for path in settings if R_DATED.search(repo.raw(path) or b"")), "")


def _julia(repo: Repo) -> Iterator[Environment]:
    """Projects of Julia; what has a uuid is a package, whose users choose the versions."""
    locks = {folder(lock.path): lock.path for lock in other_locks(repo) if lock.language == "julia"}
    for path in _apart(repo, "project.toml"):
        document = toml_document(repo, path) or {}
        if table(document, "deps") and "uuid" not in document:
            above = [at for at in (folder(path), "") if at in locks]
            line = line_of(repo, path, r"^\[deps\]")
            yield Environment("Julia", path, line, "Manifest.toml", locks[above[0]] if above else "")


def _julia_alone(repo: Repo) -> Iterator[Environment]:
    """Scripts of Julia where it is the main language and no project says what they load."""
    sources = [p for p in repo.files if p.endswith(".jl") and is_own(p) and not ASIDE.search(p)]
    python = sum(p.endswith((".py", ".ipynb")) and is_own(p) for p in repo.files)
    named = ("project.toml", "juliaproject.toml", "manifest.toml", "require")
    if len(sources) <= python or any(own(repo, *named)):
        return
    local = {path.rpartition("/")[2].removesuffix(".jl") for path in sources}
    for path in sources:
        text = repo.text(path) or ""
        own_modules = local | set(JULIA_MODULE.findall(text))
        known = JULIA_OWN | own_modules
        loads = (m for m in JULIA_PACKAGE.finditer(text) if not known >= set(COMMA.split(m["names"])))
        if used := next(loads, None):
            line = text.count("\n", 0, used.start("names")) + 1
            yield Environment("Julia", path, line, "Manifest.toml", path if PLUTO in text else "")


def _javascript(repo: Repo) -> Iterator[Environment]:
    """What a package.json asks for, where code beside it is run here."""
    for path in _apart(repo, "package.json"):
        document = json_document(repo, path)
        wanted = table(document, "dependencies") | table(document, "devDependencies")
        if wanted and not _published(document) and _has_code(repo, folder(path)):
            locks = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml")
            lock = _beside(repo, path, *locks, "bun.lock", "bun.lockb", "deno.lock")
            line = line_of(repo, path, r'"(?:dev)?[dD]ependencies"')
            yield Environment("JavaScript", path, line, "package-lock.json", lock)


def _published(document: Any) -> bool:
    """Whether others install it, and their lock decides."""
    return not document.get("private") and any(
        document.get(key) for key in ("exports", "files", "publishConfig", "peerDependencies", "module")
    )


def _has_code(repo: Repo, at: str) -> bool:
    start = f"{at}/" if at else ""
    inside = (p for p in repo.files if p.startswith(start) and p.lower().endswith(JS_CODE) and is_own(p))
    return any(".config." not in p and not ASIDE.search(p[len(start) :]) for p in inside)


def _rust(repo: Repo) -> Iterator[Environment]:
    """Programs of Rust; of a library those who use it choose the versions."""
    for path in _apart(repo, "cargo.toml"):
        document = toml_document(repo, path) or {}
        main = f"{folder(path)}/src/main.rs".lstrip("/")
        if table(document, "dependencies") and (main in repo.files or document.get("bin")):
            line = line_of(repo, path, r"^\[dependencies\]")
            yield Environment("Rust", path, line, "Cargo.lock", _beside(repo, path, "Cargo.lock"))


def _go(repo: Repo) -> Iterator[Environment]:
    for path in _apart(repo, "go.mod"):
        line = line_of(repo, path, r"^\s*(?:require\s+)?[\w-]+(?:\.[\w-]+)+/\S+ v\d(?!.*// indirect)")
        if line:
            yield Environment("Go", path, line, "go.sum", _beside(repo, path, "go.sum"))


def _jvm(repo: Repo) -> Iterator[Environment]:
    """Builds that name a range: of numbers alone, Maven and Gradle choose the same each time."""
    for path in _apart(repo, *FLOATS):
        name = path.rpartition("/")[2].lower()
        text = repo.text(path) or ""
        if found := FLOATS[name].search(text):
            line = text.count("\n", 0, found.start()) + 1
            lock = _beside(repo, path, "gradle.lockfile", "build.sbt.lock", "buildscript-gradle.lockfile")
            expected = "gradle.lockfile" if "gradle" in name else "a number in place of each range"
            yield Environment("the JVM", path, line, expected, lock)
