"""Scripts that run something in a container although no definition of one is tracked."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

SCRIPTS = ("*.sh", "*.bash", "*.slurm", "*.sbatch", "makefile", "*.mk", "justfile", "*.bat", "*.ps1")
RUN = regex(
    r"^[^\n#]*?(?<![\w./-])(?:(?P<docker>(?:docker|podman|nvidia-docker)\s+run)"
    r"|(?P<apptainer>(?:singularity|apptainer)\s+(?:exec|run|shell)))\s+\S",
)
SAID = regex(r"^\s*(?:echo|printf|#|//|REM\b)|[\"'][^\"']*$", 0)


class Launch(NamedTuple):
    """One command that starts a container: `docker` or `apptainer`."""

    kind: str
    path: str
    line: int


@fact
def launches(repo: Repo) -> tuple[Launch, ...]:
    """The first launch of each kind in each script."""
    return tuple(_launches(repo))


def _launches(repo: Repo) -> Iterator[Launch]:
    for path in own(repo, *SCRIPTS):
        raw = repo.raw(path) or b""
        if not any(word in raw for word in (b"docker", b"podman", b"singularity", b"apptainer")):
            continue
        seen = set()
        for number, line in enumerate((repo.text(path) or "").split("\n"), 1):
            found = RUN.match(line)
            kind = ("docker" if found["docker"] else "apptainer") if found else ""
            if kind and kind not in seen and not SAID.search(line[: found.start(kind)] if found else ""):
                seen.add(kind)
                yield Launch(kind, path, number)
