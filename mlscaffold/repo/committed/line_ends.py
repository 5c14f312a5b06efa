"""What depends on the bytes of text files: recorded hashes, scripts with an interpreter, Git LFS pointers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from posixpath import join, normpath

from mlscaffold.named import NamedTuple
from mlscaffold.repo.attributes import attribute_lines, attributes
from mlscaffold.repo.data.data_files import POINTERS
from mlscaffold.repo.data.dvc import stages
from mlscaffold.repo.data.dvc_lock import locks
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

SAMPLE = 300
PROBE = "a.txt"
SOURCE = (
    ".py", ".md", ".rst", ".txt", ".yaml", ".yml", ".toml", ".json", ".cfg", ".ini", ".sh", ".r", ".html",
    ".css", ".js", ".ts", ".jl", ".dvc", ".gitignore", ".gitkeep", "dockerfile", "makefile",
)  # fmt: skip
"""What nobody gives to Git LFS: most small files are one of these, and need not be looked at."""


class Harm(NamedTuple):
    """What goes wrong where nothing fixes line ends, and a file that shows it."""

    path: str
    said: str


@fact
def bare_pointers(repo: Repo) -> tuple[str, ...]:
    """Tracked pointers of Git LFS to which no line of `.gitattributes` gives the filter."""
    small = (
        path
        for path, entry in repo.files.items()
        if 100 < entry.size < 200 and entry.tracked and not path.lower().endswith(SOURCE) and is_own(path)
    )
    found = (path for path in small if (repo.raw(path) or b"").startswith(POINTERS[:2]))
    return tuple(path for path in found if attributes(repo, path).get("filter") != "lfs")


@fact
def line_ends_fixed(repo: Repo) -> tuple[str, int] | None:
    """The line of `.gitattributes` that fixes the line ends of every text, and its file."""
    for line in attribute_lines(repo):
        everything = not line.home and line.matches(PROBE) and line.matches(f"b/{PROBE}")
        if everything and (line.given.get("text") or line.given.get("eol")):
            return line.path, line.number
    return None


@fact
def windows_texts(repo: Repo) -> tuple[str, ...]:
    """Texts that git holds with the line ends of Windows, among the first of those whose ends nothing fixes.

    Once an attribute fixes them, git shows each as changed until somebody commits it anew.
    """
    texts = (p for p, e in repo.files.items() if e.tracked and p.lower().endswith(SOURCE) and is_own(p))
    return tuple(p for p in islice(texts, SAMPLE) if not _fixed(repo, p) and b"\r\n" in _committed(repo, p))


@fact
def harms(repo: Repo) -> tuple[Harm, ...]:
    """What a checkout with other line ends would break here, the first of each kind."""
    return tuple(harm for find in (_hashed, _scripts) if (harm := next(find(repo), None)))


def _hashed(repo: Repo) -> Iterator[Harm]:
    """Texts in git whose hash the DVC lock holds."""
    pipelines = {lock.pipeline for lock in locks(repo)}
    for stage in stages(repo):
        for name in stage.deps if stage.file in pipelines else ():
            path = normpath(join(stage.home, name))
            if path in repo.files and repo.files[path].tracked and not _fixed(repo, path):
                yield Harm(
                    path, f"changes the hash of {path} that {stage.file.removesuffix('.yaml')}.lock holds"
                )


def _scripts(repo: Repo) -> Iterator[Harm]:
    """Shell scripts that git already holds with the line ends of Windows, which no shell runs."""
    for path in repo.files:
        script = path.endswith((".sh", ".bash", ".slurm", ".sbatch")) and is_own(path)
        if script and not _fixed(repo, path) and b"\r\n" in _committed(repo, path):
            yield Harm(path, f"leaves {path} with line ends that no shell runs")


def _committed(repo: Repo, path: str) -> bytes:
    try:
        return repo.tree.committed(path, 4096) if repo.files[path].tracked else b""
    except OSError:
        return b""


def _fixed(repo: Repo, path: str) -> bool:
    given = attributes(repo, path)
    return bool(given.get("eol") or given.get("text") or "binary" in given)
