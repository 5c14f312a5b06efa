"""Containers: Dockerfiles, compose files, dev containers, Apptainer definitions; their images and users."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import jsonc_document, yaml_document
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, folder, own

Kind = Literal["docker", "compose", "devcontainer", "apptainer"]
Pin = Literal["digest", "tag", "latest/untagged", "unknown"]
NO_DOCKERFILE = regex(
    r"\.(md|rst|py|sh|ya?ml|json|html?|toml|dockerignore|j2|jinja2?|tmpl|template|tpl|ipynb|png|svg|erb|mustache)$"
)
FROM = regex(r"^(?:--\S+\s+)*(?P<image>\S+)(?:\s+as\s+(?P<name>\S+))?\s*$", re.I)
VARIABLE = regex(r"\$(?:\{(?P<braced>\w+)(?:(?P<op>:?[-+])(?P<default>[^{}]*))?\}|(?P<plain>\w+))")
HEREDOC = regex(r"<<-?\s*[\"']?(\w+)[\"']?")
COMPOSE_NAMES: tuple[str, ...] = ("compose*.yml", "compose*.yaml", "*docker-compose*.yml")
COMPOSE_NAMES += ("*docker-compose*.yaml", "*compose.yml", "*compose.yaml", "podman-compose*.yml")
COMPOSE_NAMES += ("*stack*.yml", "*stack*.yaml", "*swarm*.yml", "*swarm*.yaml")
DEFINITION_NAMES = ("*.def", "*.singularity", "singularity", "singularity.*", "apptainer", "apptainer.*")
STARTS = {"image", "build", "extends"}
"""Keys of which a service of a compose file has one."""

BUILT_IN = {"TARGETARCH": "amd64", "TARGETOS": "linux", "TARGETPLATFORM": "linux/amd64"}
BUILT_IN |= {"BUILDARCH": "amd64", "BUILDOS": "linux", "BUILDPLATFORM": "linux/amd64"}


class Instruction(NamedTuple):
    """One instruction of a Dockerfile, its continuation lines joined."""

    word: str
    text: str
    line: int


class Stage(NamedTuple):
    """One `FROM`, its arguments filled in; `builds_on` is the earlier stage that it starts from."""

    name: str
    image: str
    line: int
    builds_on: str = ""
    instructions: tuple[Instruction, ...] = ()

    @property
    def user(self) -> Instruction | None:
        """The last USER of the stage itself."""
        return next((i for i in reversed(self.instructions) if i.word == "USER"), None)


class Container(NamedTuple):
    """One definition, non-empty. Only Dockerfiles have stages; others name their images."""

    path: str
    kind: Kind
    stages: tuple[Stage, ...] = ()
    images: tuple[tuple[str, int | None], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    """The arguments before the first stage that have a default."""

    def final(self) -> tuple[Stage, ...]:
        """The last stage and the stages that it is built on, the last first."""
        names = {stage.name.lower(): stage for stage in self.stages if stage.name}
        chain: list[Stage] = []
        at = self.stages[-1] if self.stages else None
        while at and at not in chain:
            chain.append(at)
            at = names.get(at.builds_on)
        return tuple(chain)


@fact
def containers(repo: Repo) -> tuple[Container, ...]:
    """Every container definition of the repository itself, the shallowest first."""
    found = [c for c in _all(repo) if c is not None]
    return tuple(sorted(found, key=lambda c: (depth(c.path), c.path)))


@fact
def dockerfiles(repo: Repo) -> tuple[Container, ...]:
    """The Dockerfiles and Containerfiles."""
    return tuple(c for c in containers(repo) if c.kind == "docker")


def _all(repo: Repo) -> Iterator[Container | None]:
    for path in own(repo, "*dockerfile*", "*containerfile*", "*.docker", "docker"):
        if not NO_DOCKERFILE.search(path.lower()):
            yield _dockerfile(repo, path)
    for path in dict.fromkeys(own(repo, *COMPOSE_NAMES)):
        yield _compose(repo, path)
    for path in own(repo, "devcontainer.json", ".devcontainer.json"):
        if path.endswith(".devcontainer.json") or ".devcontainer/" in path:
            yield _devcontainer(repo, path)
    for path in dict.fromkeys(own(repo, *DEFINITION_NAMES)):
        yield _apptainer(repo, path)


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile; comments and here-documents are left out or joined to their own."""
    mark = "`" if regex(r"#\s*escape\s*=\s*`", re.I).match(text) else "\\"
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        start, parts = at, list[str]()
        while at < len(lines):
            line = lines[at].strip()
            at += 1
            if not line or line.startswith("#"):
                if parts or at >= len(lines):
                    continue
                start = at
                continue
            parts.append(line.removesuffix(mark).strip())
            if not line.endswith(mark):
                break
        word, _, rest = " ".join(parts).partition(" ")
        for end in HEREDOC.findall(rest) if word.upper() in ("RUN", "COPY", "ADD") else ():
            while at < len(lines) and lines[at].strip() != end:
                rest += "\n" + lines[at]
                at += 1
            at += 1
        if regex(r"[A-Za-z]+").fullmatch(word):
            yield Instruction(word.upper(), rest.strip(), start + 1)


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its `$ARG`, `${ARG}`, `${ARG:-default}` filled in; what has no value stays as it is."""

    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["plain"]
        if (found["op"] or "").endswith("-"):
            return values.get(name) or found["default"]
        return values.get(name) or found[0]

    for _ in range(5):
        text, before = VARIABLE.sub(value, text), text
        if text == before or len(text) > 2000:
            break
    return text


def take_values(text: str, values: dict[str, str]) -> None:
    """Add what an ARG or ENV instruction sets to `values`, earlier ones filled in."""
    for word in regex(r"(\w+)(?:=(\"[^\"]*\"|'[^']*'|\S*))?").findall(text)[:20]:
        if word[1]:
            values[word[0]] = filled(word[1].strip("\"'"), values)


def _dockerfile(repo: Repo, path: str) -> Container | None:
    text = repo.text(path)
    if not text or not regex(r"^\s*from\s", re.I | re.M).search(text):
        return None
    values, names = dict(BUILT_IN), set[str]()
    stages: list[Stage] = []
    body: list[Instruction] = []
    head: tuple[str, str, int, str] | None = None
    for instruction in instructions(text):
        if instruction.word == "FROM" and (found := FROM.match(instruction.text)):
            if head:
                stages.append(Stage(*head, tuple(body)))
            names.update(stage.name.lower() for stage in stages[-1:] if stage.name)
            image = filled(found["image"], values)
            base = image.lower() if image.lower() in names else ""
            head, body = (found["name"] or "", image, instruction.line, base), []
        elif instruction.word == "ARG" and not head:
            take_values(instruction.text, values)
        else:
            body.append(instruction)
    if head:
        stages.append(Stage(*head, tuple(body)))
    return Container(path, "docker", tuple(stages), values=tuple(values.items())) if stages else None


def _line(text: str, needle: str) -> int | None:
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _compose(repo: Repo, path: str) -> Container | None:
    document = yaml_document(repo, path)
    services = document.get("services") if isinstance(document, dict) else None
    if not isinstance(services, dict) or not any(
        isinstance(service, dict) and STARTS & set(service) for service in services.values()
    ):
        return None
    text = repo.text(path) or ""
    images = []
    for service in services.values():
        if isinstance(service, dict) and isinstance(service.get("image"), str) and not service.get("build"):
            image = service["image"]
            images.append((filled(image, {}), _line(text, image)))
    return Container(path, "compose", (), tuple(images))


def _devcontainer(repo: Repo, path: str) -> Container | None:
    document: Any = jsonc_document(repo, path)
    if not isinstance(document, dict) or not document:
        return None
    image = document.get("image")
    text = repo.text(path) or ""
    return Container(
        path, "devcontainer", (), ((image, _line(text, image)),) if isinstance(image, str) and image else ()
    )


def _apptainer(repo: Repo, path: str) -> Container | None:
    text = repo.text(path) or ""
    if not regex(r"^\s*bootstrap\s*:", re.I | re.M).search(text):
        return None
    source = regex(r"^\s*from\s*:\s*(\S+)", re.I | re.M).search(text)
    image = ((source[1], text.count("\n", 0, source.start(1)) + 1),) if source else ()
    return Container(path, "apptainer", (), image)


class Base(NamedTuple):
    """An image that something of ours starts from, and where that is said."""

    path: str
    line: int | None
    image: str
    pin: Pin


@fact
def base_images(repo: Repo) -> tuple[Base, ...]:
    """The images that definitions start from: earlier stages, `scratch` and images built here are none.

    What a compose file runs beside our own containers is a service, not a base.
    """
    built = built_here(repo)
    found: list[Base] = []
    after_itself: list[Base] = []
    for container in containers(repo):
        rows = [(stage.image, stage.line) for stage in container.stages if not stage.builds_on]
        for image, line in (*rows, *(container.images if container.kind != "compose" else ())):
            name = image.split("@")[0].rsplit(":", 1)[0] if ":" in image.rpartition("/")[2] else image
            if image.lower() != "scratch":
                base = Base(container.path, line, image, pin(filled(image, _environment(repo))))
                (after_itself if name in built else found).append(base)
    return tuple(found or after_itself)


@fact
def _environment(repo: Repo) -> dict[str, str]:
    """The variables that compose reads for itself from the file at the root."""
    return dict(regex(r"^(?:export )?(\w+)=[\"']?([\w./-]+)", re.M).findall(repo.text(".env") or ""))


@fact
def service_images(repo: Repo) -> tuple[Base, ...]:
    """The images that compose files run as they are."""
    rows = (
        (c.path, image, line) for c in containers(repo) if c.kind == "compose" for image, line in c.images
    )
    return tuple(Base(path, line, image, pin(image)) for path, image, line in rows)


@fact
def built_here(repo: Repo) -> set[str]:
    """Names that a compose file gives to what it builds, and that scripts give with `docker build -t`."""
    names: set[str] = set()
    for path in own(repo, *COMPOSE_NAMES):
        document = yaml_document(repo, path)
        services = document.get("services") if isinstance(document, dict) else None
        for key, service in services.items() if isinstance(services, dict) else ():
            if isinstance(service, dict) and service.get("build"):
                names.add(str(service.get("image") or key).rsplit(":", 1)[0])
    for path in own(repo, "makefile", "*.mk", "*.sh", "readme*.md", "tasks.py"):
        text = repo.text(path)
        if text and ("docker build" in text or "podman build" in text):
            rows = regex(
                r"(?:docker|podman) (?:buildx )?build[^\n]*?(?:-t|--tag)[ =]\"?([\w./${}()-]+)"
            ).findall(text)
            values = dict(regex(r"^\s*(?:export )?(\w+)\s*[:?]?=\s*[\"']?([\w./-]+)", re.M).findall(text))
            names.update(filled(row.replace("(", "{").replace(")", "}"), values) for row in rows)
    return names


def pin(image: str) -> Pin:
    """How firmly an image reference holds still."""
    if "@sha256:" in image:
        return "digest"
    last = image.rpartition("/")[2]
    _, _, tag = last.partition(":")
    if "$" in image and ("$" in tag or ":" not in last):
        return "unknown"
    return "tag" if tag and not regex(r"latest(?![a-z0-9.])").match(tag) else "latest/untagged"


def context_folders(path: str) -> tuple[str, ...]:
    """Where the build context of a Dockerfile usually is: its own folder, or the root."""
    return tuple(dict.fromkeys((folder(path), "")))
