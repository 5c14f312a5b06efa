"""Credentials in tracked files: their kind and place, never their value."""

from __future__ import annotations

import contextlib
import os
import re
from binascii import a2b_base64
from collections.abc import Iterator

from mlscaffold.digests import blake2b
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.committed.credentials import (
    ASSIGNED,
    ASSIGNED_WORDS,
    PUBLIC_BY_DESIGN,
    SET_BARE,
    SETTINGS,
    SHAPES,
    Shape,
    genuine,
    strong,
)
from mlscaffold.repo.hits import HOLDS_CREDENTIAL, hits
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import vendored

_NOT_SEARCHED = """
    .png .jpg .jpeg .gif .bmp .tif .tiff .webp .ico .svg .pdf .mp3 .mp4 .wav .flac .avi .mov .zip
    .gz .bz2 .xz .zst .tar .7z .whl .jar .so .dll .exe .pyc .pt .pth .ckpt .pkl .pickle .joblib .h5
    .hdf5 .keras .onnx .safetensors .npy .npz .parquet .feather .arrow .woff .woff2 .ttf .eot .otf
    .csv .tsv .lock .map
"""
NOT_SEARCHED = frozenset(_NOT_SEARCHED.split())
"""Suffixes of files that are no text, no source, or made of hashes."""

LOCKS = ("package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".min.js")
REHEARSED = regex(
    r"(?:^|/)(?:tests?|testdata|testing|fixtures?|mocks?|examples?|docs?|cassettes)/|(?:^|/)test_[^/]*$"
    r"|[._-](?:example|sample|template|dist)(?:\.|$)|\.(?:md|rst)$",
    re.IGNORECASE,
)
"""Where keys and passwords are made up: only tokens that a service really issues are reported there."""

ISSUED_ANYWHERE = ("token", "OpenAI", "Anthropic", "Weights", "AWS", "DagsHub", "hosted")


LITERALS = tuple(dict.fromkeys(literal for shape in SHAPES for literal in shape.literals))


SHORT = (
    b"AKIA", b"ASIA", b"glpat-", b"hf_", b"PRIVATE", b"xox", b"comet_ml", b"COMET_API_KEY",
    b"sql://", b"sql+", b"postgres://", b"mariadb", b"mongodb", b"redis", b"amqp",
    b"MLFLOW_TRACKING_PASSWORD", b"MAIL_PASSWORD", b"EMAIL_HOST_PASSWORD", b"SMTP_PASSWORD",
)  # fmt: skip
"""Literals of credentials that are short or all letters, so that chance may leave them without `MIXED`."""

CHARACTERS = bytes(
    ord("a") if chr(c).isalpha() and c < 128 else ord("1") if 48 <= c < 58 else 32 for c in range(256)
)
MIXED = (b"a1a", b"1a1", b"a11a", b"a111a")


VISITOR = b"b706bc8f-76f9-4c2e-939d-4ba036f932e4"
"""The key of Neptune's anonymous user, which its client and its manuals hand to everybody."""


NO_KEY = regex(rb"\\[nr]|[^A-Za-z0-9+/=]")
LONGEST_KEY = 20_000


class Secret(NamedTuple):
    """One place of a credential: what and where. Its value is kept nowhere; equal ones share a `number`."""

    path: str
    line: int
    name: str
    number: int


class _Hit(NamedTuple):
    """Where a credential starts in the bytes of a file, its kind, and the bytes that are secret."""

    at: int
    name: str
    value: bytes


@fact
def secrets(repo: Repo) -> tuple[Secret, ...]:
    """Every place of a credential in a tracked text file, by path and line.

    Which values are equal is told by hashes under a key that is drawn here and forgotten with them.
    """
    key, numbers = os.urandom(32), dict[bytes, int]()
    found: set[Secret] = set()
    for path in _suspects(repo):
        for line, hit in _in_file(repo, path):
            same = blake2b(hit.value, key=key).digest()
            found.add(Secret(path, line, hit.name, numbers.setdefault(same, len(numbers))))
    return tuple(sorted(found))


def _suspects(repo: Repo) -> list[str]:
    """The tracked texts that hold what is a credential at some path, sorted."""
    paths = [path for path, entry in repo.files.items() if entry.tracked and searchable(path)]
    settings = [path for path in paths if SETTINGS.search(path)]
    others = [path for path in paths if not SETTINGS.search(path)]
    plain, strict = HOLDS_CREDENTIAL
    found = [
        *hits(repo, plain, others, lambda _path, raw: _any(raw, "")),
        *hits(repo, strict, settings, lambda _path, raw: _any(raw, ".env")),
    ]
    return sorted(path for path, _ in found)


def _any(raw: bytes, path: str) -> bool:
    return next(find(raw, path), None) is not None


def searchable(path: str) -> bool:
    """Whether the file at `path` can hold text that somebody wrote."""
    name = path.lower()
    return name[name.rfind(".") :] not in NOT_SEARCHED and not name.endswith(LOCKS)


def _in_file(repo: Repo, path: str) -> Iterator[tuple[int, _Hit]]:
    raw = repo.raw(path) or b""
    if b"\0" not in raw[:8000] and not vendored(path):
        yield from ((raw.count(b"\n", 0, hit.at) + 1, hit) for hit in _hits(raw, path))


def may_hold(raw: bytes) -> bool:
    """A cheap first look: nothing random stands in a file without digits between letters."""
    kinds = raw.translate(CHARACTERS)
    for mixed in MIXED:
        if mixed in kinds:
            return True
    return any(literal in raw for literal in SHORT)


def find(raw: bytes, path: str = "") -> Iterator[tuple[int, str]]:
    """Where credentials stand in the bytes of a file, and their kinds."""
    return ((hit.at, hit.name) for hit in _hits(raw, path))


def _hits(raw: bytes, path: str) -> Iterator[_Hit]:
    if not may_hold(raw):
        return
    present = {literal for literal in LITERALS if literal in raw}
    lowered = raw.lower()
    assigned = [word for word in ASSIGNED_WORDS if word in lowered]
    if not present and not assigned:
        return
    rehearsed = REHEARSED.search(path) is not None
    taken: list[tuple[int, int]] = []
    for shape in SHAPES:
        if not present.isdisjoint(shape.literals) and _counts(shape, path, rehearsed=rehearsed):
            for match in shape.pattern.finditer(raw):
                span = match.span(1)
                new = not any(a < span[1] and span[0] < b for a, b in taken)
                if new and genuine(match[1], shape.entropy) and not _for_everybody(match[1]):
                    taken.append(span)
                    yield _Hit(span[0], shape.name, _whole(raw, match))
    if assigned and not rehearsed:
        patterns = (ASSIGNED, SET_BARE) if SETTINGS.search(path) else (ASSIGNED,)
        for pattern in patterns:
            yield from _assigned(raw, pattern, taken)


def _whole(raw: bytes, match: re.Match[bytes]) -> bytes:
    """What is secret; of a private key all lines, because the first ones of different keys can be equal."""
    if b"PRIVATE KEY" not in match[0]:
        return match[1]
    end = raw.find(b"-----END", match.start(1), match.start(1) + LONGEST_KEY)
    return NO_KEY.sub(b"", raw[match.start(1) : end if end >= 0 else match.end(1)])


def _for_everybody(value: bytes) -> bool:
    """Whether a token is the one that its service publishes for visitors without an account."""
    if not value.startswith(b"eyJ"):
        return False
    with contextlib.suppress(ValueError):
        return VISITOR in a2b_base64(value + b"=" * (-len(value) % 4))
    return False


def _counts(shape: Shape, path: str, *, rehearsed: bool) -> bool:
    if shape.name == "a Google API key" and path.rpartition("/")[2].lower() in PUBLIC_BY_DESIGN:
        return False
    if shape.name == "a Fernet key" and path.startswith(".github/"):
        return False  # made up for a database that CI throws away
    return not rehearsed or any(word in shape.name for word in ISSUED_ANYWHERE)


def _assigned(raw: bytes, pattern: re.Pattern[bytes], taken: list[tuple[int, int]]) -> Iterator[_Hit]:
    """Random-looking strings that the code itself calls a password, secret, key or token."""
    for match in pattern.finditer(raw):
        start, end = match.span(2)
        if strong(match[2]) and not any(a < end and start < b for a, b in taken):
            name = _plain(match[1])
            yield _Hit(start, f"an {name}" if name[0] == "a" else f"a {name}", match[2])


def _plain(word: bytes) -> str:
    text = word.decode().lower().replace("_", " ").replace("apikey", "api key").replace("passwd", "password")
    return text.replace("authtoken", "auth token").replace("accesstoken", "access token")
