"""What the final image of a container file takes from the system's package manager, and at what version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import (
    Container,
    containers,
    context_folders,
    filled,
    take_values,
)
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.shell_words import SUBSTITUTED, Command, shell_commands

MANAGERS = {
    "apt": "apt", "apt-get": "apt", "aptitude": "apt", "apk": "apk", "yum": "rpm", "dnf": "rpm",
    "microdnf": "rpm", "tdnf": "rpm", "zypper": "rpm",
}  # fmt: skip
INSTALLS = {"apt": {"install"}, "apk": {"add"}, "rpm": {"install", "in"}}
REMOVES = {"remove", "purge", "autoremove", "del", "erase", "rm"}
TAKES_VALUE = regex(
    r"-[otcXpx]|--(?:option|target-release|default-release|virtual|repository|enablerepo|disablerepo|setopt"
    r"|installroot|repo|repoid|exclude|releasever|root|arch|config-file|snapshot)"
)
NAME = regex(r"[A-Za-z0-9][\w.+-]*[\w+*](?::\w+)?")
VERSION = {
    "apt": regex(r"(?P<name>[^=/]+)(?:/[\w-]+)?(?P<version>=.+)?"),
    "apk": regex(r"(?P<name>[^=~<>@]+)(?:(?P<version>~?=.+|~.+)|[<>@].*)?"),
    "rpm": regex(r"(?P<name>.+?)(?P<version>-\d\w*[.:][\w.:~^+]+(?:-[\w.~^+]+)?|=.+)?"),
}
DECIDED_LATER = regex(r"\$\{?\w+\}?|\$\(.*\)|`.*`")
FILE = regex(r"\.(?:deb|rpm|apk)$|^[./~]|://")
FROZEN = regex(
    r"(?P<mirror>snapshot(?:-cloudflare)?\.debian\.org|snapshot\.ubuntu\.com|repro-sources-list\.sh"
    r"|archive\.debian\.org|old-releases\.ubuntu\.com|vault\.centos\.org)"
    r"|(?P<option>APT::Snapshot|--snapshot[= ]+[$\d]|\bSnapshot:\s*[$\d])"
    r"|\[[^\]\n]*snapshot=(?P<source>\d)"
)
"""Mirrors that hold still: of one day, or of a release that has ended."""

FROZEN_IMAGE = regex(r"^(?:\S+/)?(?:debian/snapshot:|amazonlinux:2023\.\d)")
"""Images whose own package sources are those of one day."""

LISTED = regex(
    r"[\w./-]+\.(?:txt|list|lst|pkgs|packages|lock|apt)\b|(?:[\w./-]*/)?[Aa]ptfile\b|[\w.-]*/[\w./-]+"
)
_CARRIERS = """
    apt-transport-https apt-utils aria2 axel bash bash-completion bmon bzip2 ca-certificates
    coreutils curl dirmngr dnf-plugins-core dropbear dumb-init emacs fakeroot file findutils gdb git
    git-core git-lfs gnupg gnupg1 gnupg2 gosu gpg gpg-agent gzip hostname htop iotop iproute2
    iputils-ping jq less locales lsb-core lsb-release lsof make man man-db nano nano-tiny neovim
    net-tools netbase nmap-ncat nvtop openssh-client openssh-clients openssh-server p7zip p7zip-full
    patch pciutils pigz procps procps-ng psmisc rsync run-one screen shadow shadow-utils
    software-properties-common ssh strace su-exec sudo supervisor tar telnet time tini tmux tree
    tzdata unrar unzip util-linux vim vim-tiny wget which xz xz-utils yum-utils zip zsh
"""
CARRIERS = frozenset(_CARRIERS.split())
"""What fetches, unpacks, shows and starts other things; no result is computed with it."""

ASIDE = regex(
    r"(?:^|/)(?:\.devcontainer|\.?ci|\.circleci|\.clusterfuzzlite|\.github|\.gitlab|binder|tests?|docs?|examples?)/",
    re.I,
)
"""Where images for editing, testing and trying things lie: asked only where there are no others."""

SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "source", "."))
SCRIPT = regex(r"^[\w./~-]+\.(?:sh|bash)$")
POST = regex(r"^%(?P<section>\w+)[^\n]*\n(?P<body>.*?)(?=^%\w|\Z)", re.M | re.S)
BOOTSTRAP = regex(r"^[ \t]*bootstrap[ \t]*:", re.I | re.M)


class Package(NamedTuple):
    """One package that is installed: whether its version is named, where, and which file lists it."""

    name: str
    pinned: bool
    line: int
    listed: str = ""


class Image(NamedTuple):
    """The final image of a container file; `frozen` is a mirror of one day, `unclear` what is not known."""

    path: str
    packages: tuple[Package, ...]
    frozen: str = ""
    unclear: tuple[tuple[str, int], ...] = ()


class _Step(NamedTuple):
    """A shell text that runs while the image is built."""

    text: str
    line: int


@fact
def images_with_packages(repo: Repo) -> tuple[Image, ...]:
    """The container files whose final image installs system packages; what is removed again is not in it."""
    found = [image for container in containers(repo) if (image := _image(repo, container))]
    return tuple(image for image in found if not ASIDE.search(image.path)) or tuple(found)


def _image(repo: Repo, container: Container) -> Image | None:
    values = dict(container.values)
    steps = tuple(_steps(repo, container, values))
    reader = _Reader(repo, container.path, values)
    for step in steps:
        for command in shell_commands(step.text):
            reader.take(command, step.line)
    packages = tuple(p for p in reader.packages if p.name not in reader.removed)
    if not packages and not reader.unclear:
        return None
    return Image(container.path, packages, _frozen(repo, container, steps), tuple(reader.unclear))


def _steps(repo: Repo, container: Container, values: dict[str, str]) -> Iterator[_Step]:
    if container.kind == "apptainer":
        yield from _post(repo.text(container.path) or "")
    for stage in reversed(container.final()):
        for instruction in stage.instructions:
            if instruction.word in ("ARG", "ENV"):
                take_values(instruction.text, values)
            elif instruction.word == "RUN":
                text = regex(r"^(?:--\S+\s+)+").sub("", instruction.text)
                listed = regex(r"\[\s*\"(.*)\"\s*\]", re.S).fullmatch(text)
                words = regex(r"\"\s*,\s*\"").split(listed[1]) if listed else []
                text = words[-1] if words[1:2] == ["-c"] else " ".join(words) or text
                yield _Step(text, instruction.line)


def _post(text: str) -> Iterator[_Step]:
    """The `%post` of a definition's last stage."""
    start = [found.start() for found in BOOTSTRAP.finditer(text)][-1]
    for found in POST.finditer(text, start):
        if found["section"] == "post":
            line = text.count("\n", 0, found.start("body")) + 1
            for part in regex(r"(?:[^\n]*\\\n)*[^\n]+").finditer(found["body"]):
                yield _Step(part[0], line + found["body"].count("\n", 0, part.start()))


def _frozen(repo: Repo, container: Container, steps: tuple[_Step, ...]) -> str:
    texts = [step.text for step in steps]
    if container.kind == "apptainer":
        texts.append(repo.text(container.path) or "")
    for stage in container.final():
        if FROZEN_IMAGE.search(stage.image):
            return stage.image
        copied = (i.text.split() for i in stage.instructions if i.word in ("COPY", "ADD"))
        for words in copied:
            if "/etc/apt" in words[-1]:
                found = (_near(repo, container.path, word) for word in words[:-1])
                texts += [repo.text(path) or "" for path in found if path]
    hit = next((hit for text in texts if (hit := FROZEN.search(text))), None)
    return (hit["mirror"] or "a snapshot of the mirror") if hit else ""


def _near(repo: Repo, path: str, name: str) -> str:
    """The repository's file that the image's `name` is a copy of, or empty."""
    tail = name.rpartition("/")[2]
    for here in context_folders(path):
        for candidate in (f"{here}/{name.removeprefix('./')}".lstrip("/"), f"{here}/{tail}".lstrip("/")):
            if candidate in repo.files:
                return candidate
    same = repo.by_name.get(tail.lower(), [])
    return same[0] if len(same) == 1 else ""


class _Reader:
    """Reads the commands of one image one after another."""

    def __init__(self, repo: Repo, path: str, values: dict[str, str]) -> None:
        self.repo, self.path, self.values = repo, path, values
        self.packages: list[Package] = []
        self.unclear: list[tuple[str, int]] = []
        self.removed: set[str] = set()
        self._virtual: dict[str, list[str]] = {}
        self._read: set[str] = set()
        self._fetched: set[str] = set()

    def take(self, command: Command, line: int) -> None:
        """Note what one command sets, installs or removes."""
        words = command.words
        if words[0] == "export" or all(regex(r"\w+=").match(word) for word in words):
            pairs = (word.partition("=") for word in words if "=" in word)
            self.values.update((name, filled(value, self.values)) for name, _, value in pairs)
            return
        if words[0] in ("curl", "wget"):
            self._fetched.update(word.rpartition("/")[2] for word in words)
        if script := self._called(words):
            self._run(script, line)
            return
        at = next((n for n, word in enumerate(words) if word.rpartition("/")[2] in MANAGERS), -1)
        manager = MANAGERS[words[at].rpartition("/")[2]] if at >= 0 else ""
        verb, rest, virtual = _parts(words[at + 1 :]) if manager else ("", [], "")
        if manager and verb in REMOVES:
            names = [name for word in rest for name in filled(word, self.values).split()]
            self.removed.update(n for name in names for n in self._virtual.get(name, [name]))
        elif manager and verb in INSTALLS[manager]:
            before = len(self.packages)
            for word in [*rest, *_piped(command, at)]:
                self._install(word, manager, line)
            self._virtual[virtual] = [p.name for p in self.packages[before:]]

    def _called(self, words: tuple[str, ...]) -> str:
        """The repository's script that a command starts, by a shell or by itself; empty for none."""
        first = words[1:] if words[0] in ("sudo", "exec") else words
        if first and first[0].rpartition("/")[2] in SHELLS:
            first = tuple(word for word in first[1:] if not word.startswith("-"))
        name = filled(first[0], self.values) if first else ""
        known = SCRIPT.search(name) and name.rpartition("/")[2] not in self._fetched
        return _near(self.repo, self.path, name) if known else ""

    def _run(self, script: str, line: int) -> None:
        """Read a script once, as if its commands stood in the line that starts it."""
        if script in self._read:
            return
        self._read.add(script)
        before = len(self.packages)
        for command in shell_commands(self.repo.text(script) or ""):
            self.take(command, line)
        self.packages[before:] = [
            p if p.listed else p._replace(listed=script) for p in self.packages[before:]
        ]

    def _install(self, word: str, manager: str, line: int) -> None:
        text = filled(word, self.values)
        if re.fullmatch(SUBSTITUTED, text):
            self._listed(text, manager, line)
            return
        for part in text.split() if "$(" not in text and "`" not in text else [text]:
            if regex(r"\$\{?\w+[^}]*\}?").fullmatch(part):
                self.unclear.append((part, line))
            elif not FILE.search(part) and (package := _package(part, manager, line)):
                self.packages.append(package)

    def _listed(self, text: str, manager: str, line: int) -> None:
        """The packages of the file that a substitution reads."""
        names = LISTED.findall(text.strip("$()`"))
        path = next((path for name in names if (path := _near(self.repo, self.path, name))), "")
        body = self.repo.text(path) if path else None
        if body is None:
            self.unclear.append((names[0] if names else text, line))
            return
        for row in body.split("\n"):
            for word in regex(r"\s#|^#").split(row)[0].split():
                if package := _package(word, manager, line):
                    self.packages.append(package._replace(listed=path))


def _parts(words: tuple[str, ...]) -> tuple[str, list[str], str]:
    """The verb, its operands, and the name of a virtual package."""
    verb, operands, virtual, before = "", list[str](), "", ""
    for word in words:
        if TAKES_VALUE.fullmatch(before):
            virtual = word if before in ("-t", "--virtual") else virtual
        elif word.startswith("-"):
            virtual = word.partition("=")[2] if word.startswith("--virtual=") else virtual
        elif not verb:
            verb = word
        else:
            operands.append(word)
        before = word
    return verb, operands, virtual


def _piped(command: Command, at: int) -> Iterator[str]:
    """The file whose words `xargs` hands to the command, as a substitution."""
    lead = command.words[:at]
    if not lead or lead[0].rpartition("/")[2] != "xargs":
        return
    given = next((n for n, word in enumerate(lead) if word in ("-a", "--arg-file")), -1)
    named = next((w.partition("=")[2] for w in lead if w.startswith("--arg-file=")), "")
    if file := named or command.reads or (lead[given + 1] if 0 <= given < len(lead) - 1 else ""):
        yield f"$(< {file})"
    elif command.before:
        yield f"$({' '.join(command.before)})"


def _package(word: str, manager: str, line: int) -> Package | None:
    found = VERSION[manager].fullmatch(word)
    name = DECIDED_LATER.sub("…", found["name"]) if found else ""
    if found is None or not NAME.fullmatch(name.replace("…", "x")):
        return None
    return Package(name, bool(found["version"]), line)
