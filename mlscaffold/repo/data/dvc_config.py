"""The shared configuration of DVC (`.dvc/config`): remotes, the default one, and their options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.prose import decoded
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import is_own

SECTION = regex(
    r"\s*\[\s*(?P<quote>['\"]?)(?P<kind>\w+)(?:\s+\"?(?P<name>[^\"\]]+?)\"?)?(?P=quote)\s*\]\s*(?:[#;].*)?"
)
OPTION = regex(r"\s*(?P<key>[\w.-]+)\s*=\s*(?P<value>.*?)\s*")
FIXTURE = regex(r"(?:^|/)(?:tests?|testing|fixtures?|test_?data)/", re.I)


class Option(NamedTuple):
    """One setting and its line."""

    value: str
    line: int


class Remote(NamedTuple):
    """A place where DVC keeps data, with its options."""

    name: str
    line: int
    options: dict[str, Option]

    @property
    def url(self) -> str:
        """Where it is; empty where the shared configuration does not say."""
        return self.options["url"].value if "url" in self.options else ""


class Config(NamedTuple):
    """One `.dvc/config`."""

    path: str
    core: dict[str, Option]
    remotes: dict[str, Remote]

    @property
    def default(self) -> str:
        """The remote that is used where nothing names another."""
        return self.core["remote"].value if "remote" in self.core else ""

    @property
    def without_git(self) -> bool:
        """Whether DVC is set up to work without git."""
        return "no_scm" in self.core and self.core["no_scm"].value.lower() in ("true", "1", "yes", "on")


@fact
def configs(repo: Repo) -> tuple[Config, ...]:
    """Every `.dvc/config` of the repository's own, the root's first."""
    paths = (
        p for p in repo.named("config") if p.endswith(".dvc/config") and is_own(p) and not FIXTURE.search(p)
    )
    return tuple(_read(path, decoded(repo.raw(path) or b"")) for path in paths)


def _read(path: str, text: str) -> Config:
    core: dict[str, Option] = {}
    remotes: dict[str, Remote] = {}
    for kind, name, at, key, option in _options(text):
        if kind == "remote":
            remote = remotes.setdefault(name, Remote(name, at, {}))
            if key:
                remote.options[key] = option
        elif kind == "core" and key:
            core[key] = option
    return Config(path, core, remotes)


def _options(text: str) -> Iterator[tuple[str, str, int, str, Option]]:
    """Kind and name of each section with its line, and each option in it; a section alone has no key."""
    kind, name, at = "", "", 0
    for number, row in enumerate(text.split("\n"), 1):
        if row.lstrip().startswith(("#", ";")):
            continue
        if head := SECTION.fullmatch(row):
            kind, name, at = head["kind"].lower(), head["name"] or "", number
            yield kind, name, at, "", Option("", number)
        elif kind and (said := OPTION.fullmatch(row)):
            value = said["value"].strip("\"'")
            yield kind, name, at, said["key"].lower(), Option(value, number)
