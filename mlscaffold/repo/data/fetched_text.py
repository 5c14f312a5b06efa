"""What manifests, scripts and container files fetch: packages from git, and files at a branch of a forge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import SUFFIXES
from mlscaffold.repo.hits import hits
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

READ = (
    ".sh",
    ".bash",
    ".txt",
    ".in",
    ".yml",
    ".yaml",
    ".toml",
    ".slurm",
    ".sbatch",
    "makefile",
    "justfile",
    "pipfile",
)
LOCKED = ("uv.lock", "poetry.lock", "pdm.lock", "pixi.lock", "pipfile.lock")
GIT = regex(
    rb"git\+(?:https?|ssh)://(?:[^@/\s\"']+@)?(?P<at>[\w.-]+/[\w./-]+?)(?:\.git)?"
    rb"(?P<ref>@[\w./-]+)?(?=[\s\"'#;,&)\]]|$)"
)
ADDRESS = regex(
    rb"\b(?:wget|curl|urlretrieve|download_url|gdown)\b[^\n#]{0,200}?(?P<url>https?://(?:"
    rb"raw\.githubusercontent\.com/[\w.-]+/[\w.-]+/(?:refs/heads/)?(?:main|master|develop|dev)/"
    rb"|github\.com/[\w.-]+/[\w.-]+/(?:raw|blob)/(?:refs/heads/)?(?:main|master|develop|dev)/"
    rb"|github\.com/[\w.-]+/[\w.-]+/archive/(?:refs/heads/)?(?:main|master)\."
    rb"|huggingface\.co/(?:datasets/)?[\w.-]+/[\w.-]+/(?:resolve|raw)/main/)[^\s\"'\\)>]*)"
)
VERIFIED = regex(rb"sha(?:256|512|1)(?:sum)?|md5|hashlib|checksum|known_hash", re.I)
FLOATING = frozenset([b"main", b"master", b"head", b"dev", b"develop", b"trunk"])
FETCHERS = (b"wget", b"curl", b"urlretrieve", b"download_url", b"gdown")
BRANCHES = (b"/main/", b"/master/", b"/develop/", b"/dev/", b"/main.", b"/master.")
ASIDE = regex(
    r"^\.(?!dvc)|(?:^|/)(?:tests?|docs?)/|(?:^|/)[^/]*(?:licen[cs]es?|notices?|third[-_]?party)[^/]*$|(?:^|[/_.-])(?:tests?|docs?)[_.-][^/]*$",
    re.I,
)
"""What builds documentation, runs tests or sets up an editor or a service decides no result."""


MOST = 100
"""As many places of one kind are told of one file."""


class Pin(NamedTuple):
    """One fetch in a text: a package from git or an address, and whether it names a fixed version."""

    path: str
    line: int
    name: str
    package: bool
    pinned: bool


@fact
def by_text(repo: Repo) -> tuple[Pin, ...]:
    """Every fetch in the repository's own manifests, scripts and container files; addresses in code too."""
    asked = (path for path in repo.files if _readable(path) or path.endswith((".py", ".ipynb")))
    found = hits(repo, "fetched", asked, lambda _path, raw: b"git+" in raw or _moves(raw))
    own = (path for path, _ in found if is_own(path) and not ASIDE.search(path))
    return tuple(pin for path in own for pin in _of_file(repo, path))


def _readable(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name.endswith(READ) or "dockerfile" in name


def _moves(raw: bytes) -> bool:
    """Whether a file at a branch may be fetched, and nothing checks it."""
    named = any(word in raw for word in FETCHERS) and any(word in raw for word in BRANCHES)
    return named and not VERIFIED.search(raw)


def _of_file(repo: Repo, path: str) -> Iterator[Pin]:
    raw = repo.raw(path) or b""
    if _readable(path) and b"git+" in raw and not _locked(repo, path):
        for found in _outside_comments(raw, GIT):
            ref = (found["ref"] or b"")[1:]
            pinned = bool(ref) and ref.lower() not in FLOATING
            yield Pin(path, _line(raw, found), found["at"].decode("latin-1"), package=True, pinned=pinned)
    if _moves(raw):
        for found in _outside_comments(raw, ADDRESS):
            url = found["url"].decode("latin-1")
            if url[url.rfind(".") :].lower() in SUFFIXES:
                yield Pin(path, _line(raw, found), url, package=False, pinned=False)


def _locked(repo: Repo, path: str) -> bool:
    """Whether a lock beside a manifest holds the commit."""
    home = path[: path.rfind("/") + 1]
    name = path[len(home) :].lower()
    if name.endswith(".in"):
        return f"{path[:-3]}.txt" in repo.files
    beside = {
        p[len(home) :].lower() for p in repo.files if p.startswith(home) and p.count("/") == path.count("/")
    }
    return name in ("pyproject.toml", "pipfile", "pixi.toml") and not beside.isdisjoint(LOCKED)


def _outside_comments(raw: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    for found in islice(pattern.finditer(raw), MOST):
        start = raw.rfind(b"\n", 0, found.start()) + 1
        if b"#" not in raw[start : found.start()]:
            yield found


def _line(raw: bytes, found: re.Match[bytes]) -> int:
    return raw.count(b"\n", 0, found.start()) + 1
