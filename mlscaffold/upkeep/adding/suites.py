"""The one command that runs the tests of a folder: a target that the repository has, else its runner."""

from __future__ import annotations

from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.manifests import table
from mlscaffold.repo.repo import Repo
from mlscaffold.repo.teamwork.ci import runs_tests
from mlscaffold.repo.teamwork.commands import Target, expand, targets
from mlscaffold.repo.teamwork.tests import TestFile, tests
from mlscaffold.repo.vendored import folder

TARGET = regex(r"^(?:run[-_])?(?:unit[-_]?)?(?:tests?|pytest|check)$")
UNFIT = regex(
    r"\bvenv\b|\.venv|\bdocker\b|\bpodman\b|\bconda (?!run)|\bsudo\b|\bsource\b|activate|\bssh\b"
    r"|\baws\b|--help"
)
"""What a machine of CI lacks, or does in its own way."""

PLACES = 5


def own_tests(repo: Repo, at: str) -> tuple[TestFile, ...]:
    """The test files below a folder."""
    return tuple(t for t in tests(repo) if not at or t.path.startswith(f"{at}/"))


def isolated(repo: Repo, at: str) -> tuple[str, str]:
    """The command and the tool where tox or nox runs the tests in environments of their own."""
    for target in targets(repo):
        if target.runner not in ("tox", "nox") or folder(target.path) != at:
            continue
        named = target.name or "py"
        command = f"tox -e {named}" if target.runner == "tox" else f"nox -s {named}"
        plain = target.runner == "nox" or target.name in ("", "py") or TARGET.match(target.name)
        if plain and any(runs_tests(c) for c in expand(repo, command, at)):
            return command, target.runner
    return "", ""


def of_make(repo: Repo, at: str) -> Target | None:
    """The target of make that runs the tests, and nothing that only one machine has."""
    for target in targets(repo):
        if target.runner != "make" or folder(target.path) != at or not TARGET.match(target.name):
            continue
        if target.path.rpartition("/")[2].lower() not in ("makefile", "gnumakefile"):
            continue
        led = list(expand(repo, f"make {target.name}", at))
        if any(map(runs_tests, led)) and not any(map(UNFIT.search, (*led, *target.commands))):
            return target
    return None


def of_runner(repo: Repo, at: str, found: tuple[TestFile, ...]) -> str:
    """The plain call of the runner that the files are written for, in the folder."""
    runners = {test.runner for test in found}
    if "pytest" in runners:
        return " ".join(["python -m pytest", *_places(repo, at, found)])
    if "unittest" in runners:
        return _unittest(repo, at, found)
    if "testthat" in runners:
        return _testthat(repo, at)
    return ""


def _places(repo: Repo, at: str, found: tuple[TestFile, ...]) -> Iterator[str]:
    """The folders of the tests, where nothing configures them: collecting runs every file that it tries."""
    if _configured(repo, at):
        return
    inside = [test.path[len(at) :].lstrip("/") for test in found]
    tops = list(dict.fromkeys(path.partition("/")[0] if "/" in path else path for path in inside))
    if len(tops) <= PLACES and all(top.startswith("test") for top in tops):
        yield from (top for top in tops if " " not in top)
    elif len(inside) <= PLACES:
        yield from (path for path in inside if " " not in path)


def _configured(repo: Repo, at: str) -> bool:
    document = toml_document(repo, f"{at}/pyproject.toml".lstrip("/"))
    if "testpaths" in table(document, "tool", "pytest", "ini_options"):
        return True
    names = (f"{at}/{name}".lstrip("/") for name in ("pytest.ini", "setup.cfg", "tox.ini"))
    return any("testpaths" in (repo.text(name) or "") for name in names if name in repo.files)


def _unittest(repo: Repo, at: str, found: tuple[TestFile, ...]) -> str:
    places = sorted({folder(test.path)[len(at) :].lstrip("/") for test in found}, key=len)
    top = places[0]
    if not top:
        return "python -m unittest discover"
    above = " -t ." if f"{at}/{top}/__init__.py".lstrip("/") in repo.files else ""
    pattern = "" if all(t.path.rpartition("/")[2].startswith("test") for t in found) else ' -p "*test*.py"'
    return f"python -m unittest discover -s {top}{above}{pattern}"


def _testthat(repo: Repo, at: str) -> str:
    inside = [test.path for test in own_tests(repo, at) if test.runner == "testthat"]
    place = sorted({folder(path)[len(at) :].lstrip("/") for path in inside}, key=len)[0]
    return f"Rscript -e 'testthat::test_dir(\"{place or '.'}\", stop_on_failure = TRUE)'"
