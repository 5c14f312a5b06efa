"""A git bundle with one tag for each released version of the template: its header and its pack.

The format is git's (https://git-scm.com/docs/gitformat-bundle), version 2, which every git reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from mlscaffold.errors import Stop
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple

SIGNATURE = b"# v2 git bundle\n"
LINE = regex(rb"([0-9a-f]{40}) refs/tags/([0-9A-Za-z.]+)")
DAMAGED = "the bundle of the template's released versions is damaged: install mlscaffold-toolkit again"
VERSION = regex(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:(a|b|rc)(\d{1,9}))?")

Rank = tuple[tuple[int, ...], str, int]
"""What versions are ordered by, as PEP 440 orders them."""


class Bundle(NamedTuple):
    """The commit of each version, oldest version first, and the pack that holds the commits."""

    commits: Mapping[str, str]
    pack: bytes

    @property
    def digest(self) -> str:
        """What names this content."""
        return hashlib.sha256(written(self)).hexdigest()


def rank(version: str) -> Rank | None:
    """The version's place among others: 1.0.0a1 < 1.0.0rc1 < 1.0.0; `None` where it has another form."""
    found = VERSION.fullmatch(version)
    if found is None or not version.isascii():
        return None
    major, minor, patch, stage, number = found.groups()
    return (int(major), int(minor), int(patch)), stage or "z", int(number or 0)


def read(path: Path) -> Bundle:
    """The bundle of that file, which holds nothing where there is no such file.

    Raises Stop where the file is no bundle of ours, or cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Bundle({}, b"")
    except OSError as error:
        raise Stop(f"{path} cannot be read ({error.strerror}): it holds the template's versions") from None
    header, blank, pack = raw.partition(b"\n\n")
    whole = hashlib.sha1(pack[:-20], usedforsecurity=False).digest() == pack[-20:]
    commits = _commits(header + b"\n") if blank and whole else None
    if commits is None:
        raise Stop(DAMAGED)
    return Bundle(commits, pack)


def written(bundle: Bundle) -> bytes:
    """The bytes of the file."""
    lines = "".join(f"{commit} refs/tags/{version}\n" for version, commit in bundle.commits.items())
    return SIGNATURE + lines.encode() + b"\n" + bundle.pack


def _commits(header: bytes) -> dict[str, str] | None:
    if not header.startswith(SIGNATURE):
        return None
    found: list[tuple[Rank, str, str]] = []
    for line in header.removeprefix(SIGNATURE).splitlines():
        row = LINE.fullmatch(line)
        version = row[2].decode() if row else ""
        place = rank(version)
        if row is None or place is None:
            return None
        found.append((place, version, row[1].decode()))
    return {version: commit for _, version, commit in sorted(found)}
