"""What gives a container access to GPUs: its base image, or the flags and settings of its launch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import containers
from mlscaffold.repo.environments.launches import launches
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

IMAGE = regex(
    r"(?:^|[/:_.-])(?:cuda|gpu|cudnn|rocm|nvcr\.io/nvidia|nvcr\.io/hpc|l4t|jetson)"
    r"|(?:^|/)nvidia/|(?:^|/)pytorch/pytorch(?![\w.:-]*cpu)|cuda?\d|cu1\d\d(?!\d)",
    re.I,
)
SETTING = regex(
    r"^[ \t]*runtime:\s*[\"']?nvidia|capabilities:\s*\[[^\]]*\bgpu\b|^[ \t]*-\s*[\"']?gpu[\"']?\s*$"
    r"|^[ \t]*driver:\s*[\"']?nvidia|^[ \t]*gpus:\s*\S|NVIDIA_VISIBLE_DEVICES"
    r"|\"--gpus|--runtime=nvidia|nvidia-cuda|\"hostRequirements\"[^}]*\"gpu\"\s*:\s*(?:true|\"|\{)",
    re.M,
)
BUILT = regex(r"^[ \t]*ENV\s[^#\n]*\bNVIDIA_VISIBLE_DEVICES|^[ \t]*NVIDIA_VISIBLE_DEVICES=", re.M)
LAUNCH = regex(
    r"\b(?:docker|podman|nerdctl)\b(?:[^\n]|\\\n)*?\s(?:--gpus[ =]|--runtime[ =]nvidia|--device[ =]nvidia)"
    r"|\bnvidia-docker\b|\b(?:singularity|apptainer)\b(?:[^\n]|\\\n)*?\s--(?:nv|rocm)\b"
)
SCRIPTS = ("makefile", "*.mk", "*.sh", "*.bash", "*.slurm", "*.sbatch", "justfile", "*.bat", "*.ps1")


class Access(NamedTuple):
    """One place that gives GPUs, and what stands there."""

    path: str
    line: int | None
    by: str


@fact
def gpu_access(repo: Repo) -> tuple[Access, ...]:
    """Every definition and launch script that gives a container GPUs; documents are none."""
    return tuple(_all(repo))


def _all(repo: Repo) -> Iterator[Access]:
    found = containers(repo)
    for container in found:
        rows = [(stage.image, stage.line) for stage in container.stages if not stage.builds_on]
        yield from (Access(container.path, n, i) for i, n in (*rows, *container.images) if IMAGE.search(i))
        if container.kind in ("compose", "devcontainer", "docker"):
            yield from _matching(repo, container.path, BUILT if container.kind == "docker" else SETTING)
    if found or launches(repo):
        for path in own(repo, *SCRIPTS):
            if b"docker" in (raw := repo.raw(path) or b"") or b"podman" in raw or b"--nv" in raw:
                yield from _matching(repo, path, LAUNCH)


def _matching(repo: Repo, path: str, pattern: re.Pattern[str]) -> Iterator[Access]:
    """The first place of the file that matches outside a comment."""
    text = repo.text(path) or ""
    for found in pattern.finditer(text):
        start = text.rfind("\n", 0, found.start()) + 1
        if not text[start : found.end()].lstrip().startswith(("#", "//")):
            yield Access(path, text.count("\n", 0, found.start()) + 1, " ".join(found[0].split())[:80])
            return
