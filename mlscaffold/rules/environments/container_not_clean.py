"""ENV110: an image holds what the lock says, and neither data nor secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.environments.containers import Container, Instruction, context_folders, dockerfiles
from mlscaffold.repo.environments.locks import freezes, locks
from mlscaffold.repo.environments.manifests import declaring
from mlscaffold.repo.environments.requirements import requirement
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.commands import simple_commands
from mlscaffold.rule import Finding, Place, Satisfied, rule
from mlscaffold.rules.applies import has_dockerfile
from mlscaffold.standard import Standard

INSTALL = regex(r"(?:^|\s|/)(?:uv\s+)?pip[\d.]*\s+install\s+(?P<words>.+)")
TOOLS = frozenset(
    {
        "pip",
        "setuptools",
        "wheel",
        "uv",
        "poetry",
        "pipenv",
        "pdm",
        "pip-tools",
        "hatch",
        "build",
        "conda-lock",
    }
)
TAKES_VALUE = regex(
    r"^(-[rcfiet]|--(?:requirement|constraint|find-links|index-url|extra-index-url|index-strategy|index|target|prefix|platform"
    r"|python|root|cache-dir|timeout|retries|trusted-host|proxy|editable))$"
)
SECRET = regex(
    r"(^|/)(\.env(\.(?!example|sample|template|dist)[\w.]+)?|id_(?:rsa|ed25519|ecdsa|dsa)|[\w.-]+\.(?:pem|p12)"
    r"|\.netrc|\.pypirc|\.git-credentials|\.aws/?|kaggle\.json|credentials(?:\.json)?|client_secrets?\.json)$"
)
DATA = regex(
    r"^(?:\./)?(?:data|datasets?)(?:/(?:raw|processed|interim|external|train|test)?[\w/*.-]*)?$", re.I
)
CODE = (".py", ".sh", ".toml", ".yml", ".yaml", ".cfg", ".r", ".jl", ".gitkeep", ".dvc", ".md", ".gitignore")


class Loose(NamedTuple):
    """A requirement, or a requirements file, that an image installs without its version being held."""

    what: str
    line: int
    is_file: bool


@rule("ENV110", level=2, since="1.0", name="container-not-clean", when=has_dockerfile)
def container_not_clean(repo: Repo, _standard: Standard) -> Iterator[Finding | Satisfied]:
    """Looks at what each Dockerfile copies and installs; where nothing is locked at all, ENV102 says so."""
    for container in dockerfiles(repo):
        found = list(_findings(repo, container))
        yield from found
        if not found:
            yield Satisfied(container.path, by="what it copies and installs")


def _findings(repo: Repo, container: Container) -> Iterator[Finding]:
    ignored = any(_ignore_file(repo, container))
    steps = [instruction for stage in container.stages for instruction in stage.instructions]
    for instruction in steps:
        if instruction.word in ("COPY", "ADD"):
            yield from _copied(repo, container.path, instruction, ignored=ignored)
    installed = [row for step in steps if step.word == "RUN" for row in _installed(repo, step)]
    loose = [row for row in installed if not row.is_file]
    if loose:
        first, *others = (Place(container.path, line) for line in dict.fromkeys(row.line for row in loose))
        message = f"installs {', '.join(row.what for row in loose)} at any version: install from the lock"
        yield Finding(first.path, message, first.line, also=tuple(others), key="install")
    for row in installed:
        if row.is_file:
            message = f"installs {row.what}, which is not locked: install from the lock that there is"
            yield Finding(container.path, message, row.line, key=f"install {row.what}")


def _ignore_file(repo: Repo, container: Container) -> Iterator[str]:
    names = [f"{container.path}.dockerignore"]
    for here in context_folders(container.path):
        names += [f"{here}/{name}".lstrip("/") for name in (".dockerignore", ".containerignore")]
    yield from (name for name in names if name in repo.files)


def _copied(repo: Repo, path: str, instruction: Instruction, *, ignored: bool) -> Iterator[Finding]:
    words = [w.strip("\"',[]") for w in instruction.text.split("\n")[0].split()]
    if any(w.startswith("--from") for w in words) or "<<" in instruction.text:
        return
    sources = [w for w in words if w and not w.startswith("--")][:-1]
    for source in sources:
        if SECRET.search(source):
            message = f"copies {source} into the image: hand it over when it runs, or as a build secret"
            yield Finding(path, message, instruction.line, key=f"secret {source}")
        elif DATA.match(source) and _holds_data(repo, source):
            message = f"copies {source} into the image: mount it, or fetch it by version when it runs"
            yield Finding(path, message, instruction.line, key=f"data {source}")
        elif source in (".", "./", "*", "./*") and not ignored:
            message = "copies the whole folder, and no .dockerignore leaves anything out: add one"
            yield Finding(path, message, instruction.line, key="ignore")


def _holds_data(repo: Repo, source: str) -> bool:
    """Whether the repository has files there, all of which look like data."""
    start = source.removeprefix("./").rstrip("/*")
    inside = [p.lower() for p in repo.files if p == start or p.startswith(start + "/")]
    data = [p for p in inside if not p.endswith(CODE)]
    return bool(data) and not any(p.endswith(".py") for p in inside)


def _installed(repo: Repo, instruction: Instruction) -> Iterator[Loose]:
    known = {lock.path.rpartition("/")[2] for lock in (*locks(repo), *freezes(repo))}
    declared = {m.path.rpartition("/")[2] for m in declaring(repo)}
    for command in simple_commands(instruction.text):
        found = INSTALL.search(command)
        words = found["words"].split() if found else []
        if "-c" in words or "--constraint" in words:
            continue
        loose, files = _arguments(words)
        yield from (Loose(name, instruction.line, is_file=False) for name in loose)
        for name in files:
            if known and name in declared and name not in known:
                yield Loose(name, instruction.line, is_file=True)


def _arguments(words: list[str]) -> tuple[list[str], list[str]]:
    """The named requirements that are not exact, and the names of the requirements files."""
    loose, files, before = list[str](), list[str](), ""
    for raw in words:
        word = raw.strip("\"'")
        if before in ("-r", "--requirement"):
            files.append(word.rpartition("/")[2])
        elif word.startswith("--requirement="):
            files.append(word.rpartition("=")[2].rpartition("/")[2])
        elif not TAKES_VALUE.match(before) and regex(r"[A-Za-z][\w.-]*(\[|[<>=!~]|$)").match(word):
            read = requirement(word)
            if (
                read
                and not read.exact
                and read.name not in TOOLS
                and not regex(r"\.(whl|gz|zip|txt)$").search(word)
            ):
                loose.append(word)
        before = word
    return loose, files
