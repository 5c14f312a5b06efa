"""Which Python this repository asks for: every place that states it, and whether the places agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import containers, filled
from mlscaffold.repo.environments.locks import locks
from mlscaffold.repo.environments.manifests import of_a_run, python_manifests
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.ci import pipelines, test_jobs
from mlscaffold.repo.vendored import folder, vendored

Source = Literal["manifest", "file", "container", "ci", "lock"]
IMAGE = regex(
    r"(?:^|/)(?:python|[\w.-]*python[\w.-]*|pypy)(?::|/)(?:\d+-)?([23]\.\d+)|[-:_.]py(?:thon)?(3)[.-]?(\d{1,2})\b"
)
IN_RUN = regex(
    r"(?:conda|mamba|micromamba|uv|pyenv|rye)\b[^\n]*?\bpython\s*(?:={1,2}|\s)\s*[\"']?(\d\.\d+)"
    r"|\bpython(3\.\d+)(?:-(?:dev|venv|minimal|distutils)|\s|$)"
    r"|pyenv install\s+(?:-\S+\s+)*(\d\.\d+)"
)
INSTALLS = regex(
    rb"pyproject\.toml|setup\.(?:py|cfg)|(?:environment|conda)\.ya?ml"
    rb"|pip3? install[^\n]*\s(?:-e\s+)?\.{1,2}(?:[\s/\[]|$)"
    rb"|\b(?:uv|poetry|pdm|pixi|pipenv) (?:sync|install)\b",
    re.M,
)
"""What takes the project above into an image."""
CLAUSE = regex(r"(?P<op>>=|<=|==|=|!=|~=|\^|~|>|<)?\s*(?P<version>\d+(?:\.\d+)*)(?P<any>\.\*|\.x)?")
EXACT_FILES = {".python-version": r"^\s*(?:cpython-)?(\d\.\d+)", "runtime.txt": r"^\s*python-(\d\.\d+)"}
EXACT_FILES |= {".tool-versions": r"^python\s+(\d\.\d+)", "mise.toml": r"^\s*python\s*=\s*[\"']?(\d\.\d+)"}
EXACT_FILES |= {"python_env.yaml": r"^python:\s*[\"']?(\d\.\d+)"}
EXACT_FILES |= dict.fromkeys(
    ("serverless.yml", "serverless.yaml"), r"^[ \t]{1,4}runtime:\s*[\"']?python(\d\.\d+)"
)
EXACT_FILES |= {".mise.toml": EXACT_FILES["mise.toml"], ".readthedocs.yaml": "(?!)"}


class Stated(NamedTuple):
    """One statement of the Python version, as it is written there."""

    path: str
    line: int | None
    said: str
    source: Source

    @property
    def exact(self) -> str:
        """The one minor version (`3.11`) that it names, or nothing where it names a range."""
        text = self.said.strip()
        found = regex(r"(?:={1,3})?\s*(\d\.\d+)(?:\.[\d*x]+)?(?:=\S*)?").fullmatch(text)
        return found[1] if found else ""


@fact
def python_versions(repo: Repo) -> tuple[Stated, ...]:
    """Every place that states the Python version of the project's environment: manifests first, CI last."""
    return tuple(_stated(repo))


def _stated(repo: Repo) -> Iterator[Stated]:
    for manifest in python_manifests(repo):
        if manifest.python and (manifest.tool != "pip" or manifest.python_line):
            yield Stated(manifest.path, manifest.python_line, manifest.python, "manifest")
    for name, pattern in EXACT_FILES.items():
        for path in repo.named(name):
            text = repo.text(path) if not vendored(path) and not of_a_run(repo, path) else None
            if text and (found := re.search(pattern, text, re.M)):
                yield Stated(path, text.count("\n", 0, found.start(1)) + 1, found[1], "file")
    yield from _in_containers(repo)
    for lock in locks(repo):
        if lock.python:
            yield Stated(lock.path, lock.python_line, lock.python, "lock")
    for pipeline in pipelines(repo):
        for said, line in pipeline.pythons:
            yield Stated(pipeline.path, line, said, "ci")


def _in_containers(repo: Repo) -> Iterator[Stated]:
    for container in containers(repo):
        rows = [(stage.image, stage.line) for stage in container.stages if not stage.builds_on]
        for image, line in (*rows, *container.images):
            if said := image_python(image):
                yield Stated(container.path, line, said, "container")
        for stage in container.stages:
            values: dict[str, str] = {}
            for instruction in stage.instructions:
                if instruction.word in ("ARG", "ENV") and "=" in instruction.text:
                    name, _, value = instruction.text.partition("=")
                    values[name.strip()] = value.strip().strip("\"'")
                elif instruction.word == "RUN" and (found := IN_RUN.search(filled(instruction.text, values))):
                    yield Stated(
                        container.path, instruction.line, next(filter(None, found.groups())), "container"
                    )


def image_python(image: str) -> str:
    """The Python version that an image's name or tag states."""
    found = IMAGE.search(image)
    if not found:
        return ""
    return found[1] or f"{found[2]}.{found[3]}"


def declared(repo: Repo) -> tuple[Stated, ...]:
    """The statements that set up an environment: a range or version in a manifest, a file or an image.

    The header of compiled requirements only remembers by which Python they were made.
    """
    found = (s for s in python_versions(repo) if s.source != "ci")
    return tuple(s for s in found if s.source != "lock" or not s.path.endswith((".txt", ".in")))


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def allows(spec: str, minor: str) -> bool:
    """Whether a range such as `>=3.9,<3.12`, `^3.9`, `3.11.*` has room for a release of `minor`."""
    return any(
        all(_clause(found, _number(minor)) for found in CLAUSE.finditer(part))
        for part in regex(r"\|\|?").split(spec)
    )


def _clause(found: re.Match[str], minor: tuple[int, ...]) -> bool:
    version = _number(found["version"])
    whole = found["version"].count(".") < 1
    match found["op"]:
        case ">=" | ">":
            return minor >= version
        case "<":
            return minor < version or (found["version"].count(".") > 1 and minor == version)
        case "<=":
            return minor[: len(version)] <= version
        case "^" | "~=" | "~":
            patched = found["version"].count(".") > 1 and found["op"] != "^"
            return (
                minor == version
                if patched or found["op"] == "~"
                else minor[0] == version[0] and minor >= version
            )
        case "!=":
            return not (found["any"] and minor[: len(version)] == version)
        case _:
            return minor[0] == version[0] if whole else minor == version


@fact
def contradictions(repo: Repo) -> tuple[tuple[Stated, Stated], ...]:
    """Pairs that cannot both hold: a version outside the range that governs it, or two different pins."""
    found: list[tuple[Stated, Stated]] = []
    stated = python_versions(repo)
    ranges = [s for s in stated if s.source == "manifest" and not s.exact]
    pins = [s for s in stated if s.exact and s.source in ("file", "container", "lock")]
    tested = {pipeline.path for pipeline, _, _ in test_jobs(repo)}
    in_ci = [s for s in stated if s.source == "ci" and s.exact and s.path in tested]
    for one in (*pins, *in_ci):
        governing = None if _own_program(repo, one) else _governing(ranges, one)
        if governing and not allows(governing.said, one.exact):
            found.append((one, governing))
    files = [s for s in stated if s.source in ("file", "manifest") and s.exact]
    for one in pins:
        near = None if _own_program(repo, one) else _governing(files, one)
        if near and near.exact != one.exact and near.path != one.path:
            found.append((one, near))
    if in_ci and files and not folder(files[0].path) and files[0].exact not in {s.exact for s in in_ci}:
        found.append((in_ci[0], files[0]))
    unique = {(a.path, a.exact, b.path): (a, b) for a, b in found}
    return tuple(unique.values())


def _own_program(repo: Repo, one: Stated) -> bool:
    """Whether a container lies beside code of its own and takes nothing of the project above."""
    if one.source != "container" or not folder(one.path):
        return False
    if INSTALLS.search(repo.raw(one.path) or b""):
        return False
    return any(
        path.endswith((".py", "requirements.txt")) and folder(path) == folder(one.path) for path in repo.files
    )


def _governing(among: list[Stated], one: Stated) -> Stated | None:
    """The statement that lies nearest above `one`: a container in a folder of its own belongs to the root."""
    here = folder(one.path)
    above = [
        s
        for s in among
        if not folder(s.path) or here == folder(s.path) or here.startswith(folder(s.path) + "/")
    ]
    return max(above, key=lambda s: len(folder(s.path)), default=None)
