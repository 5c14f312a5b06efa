"""Where packages are fetched from: second indexes, hosts that are trusted blindly, channels of conda."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.environments.manifests import python_manifests
from mlscaffold.repo.notebooks.cells import notebooks
from mlscaffold.repo.python.facts import Spot
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import own

WORDS = tuple(
    word.replace("-", between)
    for word in ("extra-index-url", "EXTRA-INDEX-URL", "trusted-host", "TRUSTED-HOST", "insecure-host")
    for between in "-_"
)
CONDA = ("conda", "mamba")
"""Cheap to look for; the patterns below are not."""

FLAG = regex(
    r"(?<![A-Za-z0-9])(?:--|PIP_)?(?P<name>extra[-_]index[-_]url|trusted[-_]host|(?:allow-)?insecure-host)"
    r"(?P<rest>[\"']?(?:\s*[:=]\s*|[\"',\s]+)[^\n]*)",
    re.I,
)
VALUE = regex(r"[\"',\s:=\[]*(?P<value>[^\s\"',\]\\]+)")
INDEX = regex(r"(?:--index-url|(?<![\w-])-i|\bindex-url|PIP_INDEX_URL)[\s=:\"']+(?P<url>https?://[^\s\"']+)")
REMARK = regex(r"(?:^|\s)(?:#|//|::|rem\s)", re.I)
SAID = regex(r"\b(?:echo|print|printf)\b[^|]*$")
SCRIPTS: tuple[str, ...] = ("*dockerfile*", "*containerfile*", "*.def", "*.sh", "*.bash", "*.slurm", "*.bat")
SCRIPTS += ("*.ps1", "makefile", "*.mk", "justfile", "*.yml", "*.yaml", "tox.ini", "pip.conf", "pip.ini")
PUBLIC = regex(
    r"(?:^|\.)(?:pytorch\.org|nvidia\.com|pyg\.org|dgl\.ai|vllm\.ai|flashinfer\.ai|openmmlab\.com|radeon\.com"
    r"|intel\.com|repos\.neuron\.amazonaws\.com|piwheels\.org|rapids\.ai|tensorflow\.org|graphcore\.ai"
    r"|github\.io|storage\.googleapis\.com|google-coral|modular\.com|unsloth\.ai"
    r"|pypi[.]org|pypi\.python\.org|pythonhosted[.]org|anaconda[.]org"
    r"|tsinghua\.edu\.cn|aliyun\.com|aliyuncs\.com|ustc\.edu\.cn|sjtu\.edu\.cn|doubanio\.com|douban\.com"
    r"|tencent\.com|tencentyun\.com|huaweicloud\.com|bfsu\.edu\.cn|baidu\.com|163\.com|sustech\.edu\.cn)$",
    re.I,
)
"""Hosts of the public index, of its mirrors, and of makers who publish builds of their own packages."""

OPEN_TO_ALL = regex(r"^test\.pypi[.]org$", re.I)
"""An index on which anybody may register the names of others' packages."""

LOCAL = regex(r"^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal)", re.I)
LICENSED = frozenset({"defaults", "anaconda", "main", "r", "msys2", "pkgs/main", "pkgs/r", "pkgs/free"})
LICENSED_HOST = regex(r"^https?://(?:repo|repo\.pkgs)\.(?:anaconda|continuum)[.](?:com|io)/")
CHANNEL = regex(
    r"(?:conda|mamba|micromamba)\b[^\n|;&]*?(?:\s(?:-c|--channel)[ =]|\s--(?:add|append|prepend) channels )"
    r"[\"']?(?P<name>[\w./:-]+)"
)


class Hazard(NamedTuple):
    """A way of fetching packages that can go wrong; `what` is the host or channel, never more of a URL."""

    kind: Literal["second index", "trusted host", "licensed channel"]
    what: str
    spot: Spot


@fact
def index_hazards(repo: Repo) -> tuple[Hazard, ...]:
    """Every hazard that manifests, settings, scripts, CI and notebooks carry; documentation is not read."""
    found = [*_of_channels(repo), *_of_files(repo), *_of_notebooks(repo)]
    return tuple(sorted(dict.fromkeys(found), key=lambda h: (h.kind, h.spot.path, h.spot.line or 0)))


def _of_channels(repo: Repo) -> Iterator[Hazard]:
    for manifest in python_manifests(repo):
        if manifest.tool != "conda":
            continue
        document = yaml_document(repo, manifest.path)
        channels = document.get("channels") if isinstance(document, dict) else None
        for name in channels if isinstance(channels, list) else ():
            if isinstance(name, str) and (name in LICENSED or LICENSED_HOST.match(name)):
                line = _line(repo.text(manifest.path) or "", name)
                yield Hazard("licensed channel", name, Spot(manifest.path, line))


def _line(text: str, channel: str) -> int | None:
    found = re.search(rf"^channels:[\s\S]*?[-,\[\s\"']{re.escape(channel)}(?=[\"'\s,\]]|$)", text, re.M)
    return text.count("\n", 0, found.end()) + 1 if found else None


def _of_files(repo: Repo) -> Iterator[Hazard]:
    lists = {m.path for m in python_manifests(repo) if m.tool == "pip"}
    for path in dict.fromkeys([*sorted(lists), *own(repo, *SCRIPTS)]):
        raw = repo.raw(path) or b""
        if not any(word.encode() in raw for word in (*WORDS, *CONDA)):
            continue
        text = repo.text(path) or ""
        if path in lists and "--hash=" in text:
            continue
        for hazard, at in _told(text, whole=path in lists or path.endswith((".conf", ".ini"))):
            yield hazard._replace(spot=Spot(path, text.count("\n", 0, at) + 1))


def _of_notebooks(repo: Repo) -> Iterator[Hazard]:
    for book in notebooks(repo):
        if not any(word.encode() in book.raw for word in (*WORDS, *CONDA)):
            continue
        for cell in book.cells:
            for hazard, at in _told(cell.source, whole=False):
                row = cell.source.count("\n", 0, at) + 1
                where = Spot(book.path, book.line(cell.number, row), cell.number, row)
                yield hazard._replace(spot=where)


def _told(text: str, *, whole: bool) -> Iterator[tuple[Hazard, int]]:
    """Hazards of a text with where they stand; `whole` where one file is one set of settings."""
    flagged = any(word in text for word in WORDS)
    for found in FLAG.finditer(text) if flagged else ():
        if _is_said(text, found.start()):
            continue
        command = text if whole else _command(text, found.start())
        host = _named_host(text, found["rest"])
        if not host or LOCAL.match(host):
            continue
        if "index" not in found["name"].lower():
            yield Hazard("trusted host", host, Spot("")), found.start()
        elif _mixes(host, command):
            yield Hazard("second index", host, Spot("")), found.start()
    for found in CHANNEL.finditer(text) if any(word in text for word in CONDA) else ():
        if found["name"] in LICENSED and not _is_said(text, found.start()):
            yield Hazard("licensed channel", found["name"], Spot("")), found.start("name")


def _is_said(text: str, at: int) -> bool:
    """Whether what stands at `at` is a remark, or what a script prints."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return bool(REMARK.search(before)) or bool(SAID.search(before))


def _command(text: str, at: int) -> str:
    """The command around `at`, its continuation lines included."""
    start = text.rfind("\n", 0, at)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind("\n", 0, start - 1)
    end = text.find("\n", at)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return text[start + 1 : end if end >= 0 else len(text)]


def _named_host(text: str, rest: str) -> str:
    """The host that a flag names; of a variable, what the same file gives to it; empty where none is told."""
    found = VALUE.match(rest)
    value = found["value"] if found else ""
    if variable := regex(r"\$\{?\{?(?:env\.)?(\w+)\}?\}?").fullmatch(value):
        given = re.search(rf"\b{variable[1]}\s*[:=]\s*[\"']?([^\s\"']+)", text)
        value = given[1] if given else ""
    if "://" in value:
        return _host(value)
    return value.partition(":")[0] if regex(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?").fullmatch(value) else ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _mixes(host: str, command: str) -> bool:
    """Whether names of one index can be taken from another: pip takes the highest version of all."""
    if regex(r"\buv (?:pip|sync|add|lock|tool)\b").search(command) and "unsafe-" not in command:
        return False
    if "--require-hashes" in command:
        return False
    first = INDEX.search(command)
    hosts = [host, *([_host(first["url"])] if first else [])]
    return any(OPEN_TO_ALL.match(h) or not PUBLIC.search(h) for h in hosts if h)
