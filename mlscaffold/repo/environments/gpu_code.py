"""Where the code asks for an NVIDIA GPU, or a job scheduler is asked for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.environments.gpu_access import Access
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

CODE = regex(
    rb"\btorch\.cuda\.|\.cuda\(\)|[\"']cuda(?::\d)?[\"']|\baccelerator\s*=\s*[\"'](?:gpu|cuda)[\"']"
    rb"|[\"']accelerator[\"']\s*:\s*[\"']GPU[\"']|CUDA_VISIBLE_DEVICES|\bgpus\s*=\s*[1-9\[]|tf\.config\.[\w.]*list_physical_devices\([\"']GPU"
)
SETTING = regex(
    rb"^[ \t]*accelerator\s*:\s*[\"']?(?:gpu|cuda)\b|^[ \t]*(?:device|gpus)\s*:\s*[\"']?(?:cuda|[1-9])\b"
    rb"|^#SBATCH[^\n]*(?:--gres=gpu|--gpus)|nvidia\.com/gpu",
    re.I | re.M,
)
COMMENT = (b"#", b"//")
SCRIPTS = (".py", ".ipynb", ".sh", ".slurm", ".sbatch")
SETTINGS = (".yaml", ".yml", ".sh", ".slurm", ".sbatch", ".json")
LONGEST = 2_000_000


@fact
def gpu_code(repo: Repo) -> tuple[Access, ...]:
    """The first place of each file that does, by path; tests are none."""
    return tuple(_all(repo))


def _all(repo: Repo) -> Iterator[Access]:
    for path in repo.files:
        if not is_own(path) or "test" in path.lower() or repo.files[path].size > LONGEST:
            continue
        for pattern, suffixes in ((CODE, SCRIPTS), (SETTING, SETTINGS)):
            if path.endswith(suffixes):
                raw = repo.raw(path) or b""
                yield from (Access(path, *at) for at in _first(raw, pattern))


def _first(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, str]]:
    for found in pattern.finditer(raw):
        start = raw.rfind(b"\n", 0, found.start()) + 1
        if not raw[start : found.start()].lstrip().startswith(COMMENT):
            yield raw.count(b"\n", 0, found.start()) + 1, found[0].decode("utf-8", "replace").strip()
            return
