"""Where the data that DVC and Git LFS keep is shared, and whether others can reach it there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.data.data_files import POINTERS
from mlscaffold.repo.data.dvc import kept_by_dvc
from mlscaffold.repo.data.dvc_config import Config, Remote, configs
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo, fact

HERE = regex(
    r"(?:file://)?(?:/(?:home|Users|root|tmp|var/tmp|private/tmp)/|~|[A-Za-z]:[\\/])"
    r"|(?:\w+://)?(?:[^/@]*@)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(?:/|$)",
    re.I,
)
"""Homes, temporary folders, drives and loop-back addresses: each machine has its own."""

MOUNTED = regex(
    r"(?:file://)?(?:/(?:mnt|nfs\w*|net|shares?|shared|gpfs\w*|lustre\w*|efs|fsx|Volumes)/|//|\\\\)"
)
"""Places where several machines usually mount the same disk."""

NETWORK = regex(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:", re.I)
LOGIN = regex(r"[a-z][\w+.-]*://[^/@:\s]*:(?P<secret>[^/@\s]+)@", re.I)
SECRET_OPTIONS = (
    "password", "secret_access_key", "session_token", "connection_string", "account_key", "sas_token",
    "client_secret", "token", "oss_key_secret", "gdrive_client_secret", "key_secret",
)  # fmt: skip
PLACEHOLDER = regex(r"\$\{?\w+\}?|<.*>|x{3,}|\*{3,}|(?:your|my|change)[-_ ]?\w*|.{0,3}", re.I)
FIELD = regex(r"^\s*(?P<key>url|pushurl)\s*=\s*(?P<value>\S+)", re.I | re.M)


class Place(NamedTuple):
    """A place for data, in which file it is named, and what is wrong with it (empty: nothing)."""

    name: str
    path: str
    line: int
    wrong: str = ""
    unsure: bool = False


@fact
def lfs_in_use(repo: Repo) -> bool:
    """Whether git holds a pointer of Git LFS; the small files tell it by their size and first bytes."""
    if not any(b"filter=lfs" in (repo.raw(path) or b"") for path in repo.named(".gitattributes")):
        return False
    small = (p for p, e in repo.files.items() if e.tracked and 100 < e.size < 200)
    return any((repo.raw(path) or b"").startswith(POINTERS[:2]) for path in small)


@fact
def needs_remote(repo: Repo) -> bool:
    """Whether DVC keeps content that others can only have from a remote."""
    return any(output.cached and output.pushed for output in kept_by_dvc(repo))


@fact
def default_places(repo: Repo) -> tuple[Place, ...]:
    """The remotes that DVC uses by default, or that outputs name, of every configuration."""
    return tuple(place for config in configs(repo) for place in _of_config(repo, config))


def _of_config(repo: Repo, config: Config) -> Iterator[Place]:
    named = {output.remote for output in kept_by_dvc(repo) if output.remote}
    used = [name for name in (config.default, *sorted(named)) if name in config.remotes]
    for name in dict.fromkeys(used):
        yield _judged(config, config.remotes[name])


def _judged(config: Config, remote: Remote) -> Place:
    line = remote.options["url"].line if "url" in remote.options else remote.line
    wrong, unsure = where_it_is(remote.url)
    return Place(remote.name, config.path, line, wrong, unsure)


def where_it_is(url: str) -> tuple[str, bool]:
    """What is wrong with an address for sharing, and whether nobody can tell from the address alone."""
    if not url:
        return "", False
    if HERE.match(url):
        return "is on one machine", False
    if NETWORK.match(url) and not url.lower().startswith("file://"):
        return "", False
    if MOUNTED.match(url):
        return "", False
    if url.startswith(("/", "file://")):
        return "", True
    return "is a folder beside one clone", False


@fact
def credentials(repo: Repo) -> tuple[Place, ...]:
    """Secrets in the shared configuration of DVC and Git LFS, by where they stand; never their value."""
    found = []
    for config in configs(repo):
        for remote in config.remotes.values():
            for key, option in remote.options.items():
                login = LOGIN.match(option.value) if key in ("url", "endpointurl") else None
                value = login["secret"] if login else option.value if key in SECRET_OPTIONS else ""
                if value and not PLACEHOLDER.fullmatch(value):
                    found.append(Place(remote.name, config.path, option.line, f"a credential ({key})"))
    for line, _, value in _lfs_addresses(repo):
        if (login := LOGIN.match(value)) and not PLACEHOLDER.fullmatch(login["secret"]):
            found.append(Place("lfs", ".lfsconfig", line, "a credential (url)"))
    return tuple(found)


@fact
def lfs_places(repo: Repo) -> tuple[Place, ...]:
    """Where Git LFS keeps its files; without a setting that is the forge."""
    if not lfs_in_use(repo):
        return ()
    places = [
        Place("lfs", ".lfsconfig", line, *where_it_is(value)) for line, _, value in _lfs_addresses(repo)
    ]
    return tuple(places) or (Place("the forge", ".gitattributes", 1),)


def _lfs_addresses(repo: Repo) -> Iterator[tuple[int, str, str]]:
    text = decoded(repo.raw(".lfsconfig") or b"")
    for found in FIELD.finditer(text):
        yield text.count("\n", 0, found.start("key")) + 1, found["key"], found["value"].strip("\"'")
