"""What sources of other languages than Python are formatted and linted with, and where that is set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from mlscaffold.named import NamedTuple
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.vendored import is_own
from mlscaffold.rules.applies import has_python_files


class Choice(NamedTuple):
    """The tools that a language is known to have, the file of the first's settings, and its usual content.

    Without content somebody must choose, such as a version.
    """

    language: str
    tools: str
    path: str
    settings: str = ""


FORMATTERS = {
    ".r": Choice("R", "Air or styler", "air.toml", "[format]\nline-width = 80\n"),
    ".jl": Choice("Julia", "JuliaFormatter or Runic", ".JuliaFormatter.toml", "margin = 92\n"),
    ".scala": Choice("Scala", "Scalafmt", ".scalafmt.conf"),
    ".java": Choice("Java", "Spotless or google-java-format", "pom.xml"),
}
LINTERS = {
    ".r": Choice("R", "lintr", ".lintr", "linters: linters_with_defaults()\n"),
    ".scala": Choice("Scala", "Scalafix or Scalastyle", ".scalafix.conf"),
    ".java": Choice("Java", "Checkstyle or SpotBugs", "checkstyle.xml"),
}
"""Julia has none that most use: JET, which looks for errors of types, is one of its kind."""


def choice(repo: Repo, choices: Mapping[str, Choice]) -> Choice | None:
    """What the most sources are written in, where no Python is."""
    if has_python_files(repo) is None:
        return None
    ends = (path[path.rfind(".") :].lower() for path in repo.files if is_own(path))
    counted = Counter(end for end in ends if end in choices)
    return choices[counted.most_common(1)[0][0]] if counted else None


def no_sources(repo: Repo, choices: Mapping[str, Choice]) -> str | None:
    """The reason why the rule does not apply, or `None`."""
    if has_python_files(repo) is None or choice(repo, choices):
        return None
    *others, last = ["Python", *(one.language for one in choices.values())]
    return f"there are no sources in {', '.join(others)} or {last}"
