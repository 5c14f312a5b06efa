"""CUDA: which version images, wheels and conda packages bring or need, told for each environment apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import Container, dockerfiles, filled
from mlscaffold.repo.environments.manifests import Manifest, python_manifests
from mlscaffold.repo.environments.requirements import Requirement
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import folder

Part = Literal["system", "build", "need"]
IMAGE = regex(
    r"(?:cuda(?:gl)?[:_-]?|nvidia/cuda(?:gl)?:)(?P<dotted>\d{1,2}\.\d{1,2})|[-_:]cu(?P<short>\d{2,3})(?!\d)"
)
BUILD = regex(
    r"(?:(?P<what>[A-Za-z][\w.-]*?)\s*(?:={2,3}|-)\s*\d[\w.]*?)?(?:\+|%2B)cu(?P<local>\d{2,3})(?!\d)"
    r"|/whl/(?:nightly/|test/|lts/[\d.]+/)?cu(?P<index>\d{2,3})(?!\d)"
)
CONDA = regex(
    r"(?<![\w-])(?P<what>cudatoolkit|pytorch-cuda|cuda-version|cuda-toolkit)\s*={1,2}\s*[\"']?(?P<version>\d+\.\d+)"
)
CONDA_BUILD = regex(r"_cuda_?(\d{1,2}\.\d{1,2})_")
TENSORFLOW = regex(
    r"(?<![\w-])(?P<what>tensorflow(?:-gpu|-cpu)?)(?P<extra>\[[\w,-]*\])?\s*==\s*(?P<version>\d+\.\d+)"
)
NEEDS = {
    (1, 13): "10.0", (1, 14): "10.0", (1, 15): "10.0", (2, 0): "10.0", (2, 1): "10.1", (2, 2): "10.1",
    (2, 3): "10.1", (2, 4): "11.0", (2, 5): "11.2", (2, 6): "11.2", (2, 7): "11.2", (2, 8): "11.2",
    (2, 9): "11.2", (2, 10): "11.2", (2, 11): "11.2", (2, 12): "11.8", (2, 13): "11.8", (2, 14): "11.8",
    (2, 15): "12.2", (2, 16): "12.3", (2, 17): "12.3", (2, 18): "12.5", (2, 19): "12.5", (2, 20): "12.5",
}  # fmt: skip
"""The CUDA for which each release of TensorFlow was built, by its own table of tested builds."""

INSTALLS = regex(
    r"(?:-r|--requirement)[ =]*[\"']?(?P<file>[\w./-]+\.(?:txt|in))"
    r"|env (?:create|update)[^\n;&]*?(?:-f|--file)[ =](?P<conda>[\w./-]+\.ya?ml)"
)
BRANCHES = regex(r"\bif \[|\bcase \S+ in\b|\bif test\b")


class Stated(NamedTuple):
    """One place that brings or needs a CUDA: `system` of an image, `build` of a package, `need` of one."""

    part: Part
    what: str
    version: str
    path: str
    line: int | None

    @property
    def major(self) -> str:
        """The number that must agree for the two to be loaded together."""
        return self.version.partition(".")[0]


class Unit(NamedTuple):
    """One environment: a manifest, or an image with the manifests that it installs."""

    path: str
    stated: tuple[Stated, ...]


@fact
def cuda_units(repo: Repo) -> tuple[Unit, ...]:
    """The environments in which something states its CUDA."""
    rows = [
        *(_of_image(repo, c) for c in dockerfiles(repo)),
        *(_of_manifest(repo, m) for m in python_manifests(repo)),
    ]
    return tuple(unit for unit in rows if unit.stated)


def _of_manifest(repo: Repo, manifest: Manifest) -> Unit:
    """What a manifest itself says; what belongs to one platform or one extra alone may differ."""
    stated = (
        list(_in_text(repo.text(manifest.path) or "", manifest.path))
        if manifest.tool in ("pip", "conda")
        else []
    )
    return Unit(manifest.path, tuple(stated))


def _in_text(text: str, path: str, first: int = 1) -> Iterator[Stated]:
    for number, line in enumerate(text.split("\n"), first):
        row = regex(r"(?:^|\s)#.*").sub("", line)
        if "sys_platform" in row or "platform_" in row or "python_version" in row:
            continue
        yield from _in_row(row, path, number)


def _in_row(row: str, path: str, number: int) -> Iterator[Stated]:
    for found in BUILD.finditer(row) if "cu" in row else ():
        short = found["local"] or found["index"]
        what = found["what"] or "a wheel" if found["local"] else "the wheel index"
        yield Stated("build", what, _dotted(short), path, number)
    for found in CONDA.finditer(row):
        yield Stated("system", found["what"], found["version"], path, number)
    if built := CONDA_BUILD.search(row):
        yield Stated("build", row.strip(" -").partition("=")[0], built[1], path, number)
    for found in TENSORFLOW.finditer(row):
        release = tuple(int(part) for part in found["version"].split("."))
        if (
            release in NEEDS
            and "and-cuda" not in (found["extra"] or "")
            and not found["what"].endswith("-cpu")
        ):
            what = f"{found['what']} {found['version']}"
            yield Stated("need", what, NEEDS[release[0], release[1]], path, number)


def _dotted(short: str) -> str:
    return f"{short[:-1]}.{short[-1]}"


def _of_image(repo: Repo, container: Container) -> Unit:
    """What an image is based on, what it installs by name, and the manifests that it installs."""
    text = repo.text(container.path) or ""
    values = dict(regex(r"^\s*(?:ARG|ENV)\s+(\w+)[= ][\"']?([\w.:/+-]+)", re.M | re.I).findall(text))
    stated: list[Stated] = []
    for stage in container.final():
        if not stage.builds_on and (found := IMAGE.search(filled(stage.image, values))):
            version = found["dotted"] or _dotted(found["short"])
            stated.append(Stated("system", "the image", version, container.path, stage.line))
        for step in stage.instructions:
            if step.word == "RUN" and not BRANCHES.search(step.text):
                run = filled(step.text, values)
                stated += _in_row(run, container.path, step.line)
                stated += (s for m in _installed(repo, container, run) for s in _of_manifest(repo, m).stated)
    return Unit(container.path, tuple(stated))


def _installed(repo: Repo, container: Container, run: str) -> Iterator[Manifest]:
    """The manifests that a command of an image installs, where their names leave no doubt."""
    every = {m.path: m for m in python_manifests(repo)}
    for found in INSTALLS.finditer(run):
        asked = (found["file"] or found["conda"]).removeprefix("./")
        name = asked.rpartition("/")[2]
        named = [path for path in every if path.rpartition("/")[2] == name]
        exact = [p for p in (f"{folder(container.path)}/{asked}".lstrip("/"), asked) if p in every]
        beside = [p for p in named if folder(p) == folder(container.path)]
        if exact or len(beside or named) == 1:
            yield every[(exact or beside or named)[0]]


def loose_toolkit(manifest: Manifest) -> Requirement | None:
    """CUDA itself, asked for without a version."""
    names = ("cudatoolkit", "pytorch-cuda", "cuda-version", "cuda-toolkit")
    return next((r for r in manifest.requirements if r.name in names and not r.exact and not r.series), None)
