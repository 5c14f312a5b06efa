"""Automated tests: functions with assertions, in files that a runner collects."""

from __future__ import annotations

import re

from mlscaffold.globs import like
from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import toml_document
from mlscaffold.repo.environments.manifests import table
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.vendored import depth, own, vendored

DEFINITION = regex(r"^(?P<indent>[ \t]*)(?:async\s+)?def\s+(?P<name>test\w*)\s*\(")
CLASS = regex(r"^(?P<indent>[ \t]*)class\s+(?P<name>\w+)\s*(?:\((?P<bases>[^)]*)\))?")
ASSERTS = regex(
    r"(?<![\w.])assert\b|\bassert_?\w*\(|\.assert\w*\(|\braises\(|\bpytest\.(?:warns|fail)\(|self\.fail"
    r"|\bOutputChecker\("
)
"""The last compares the files of a step in the unit tests that Snakemake writes."""

COLLECTED = ("test_*.py", "*_test.py")
EVALUATES = regex(r"^def\s+test\s*\(\s*[\w*]")
"""A function `test` that asks for a model or for data evaluates; no runner could call it."""

OTHERS = (".r", ".jl", ".scala", ".java", ".kt")
"""Ends of names in other languages whose tests are read."""


class TestFile(NamedTuple):
    """One file of tests, with how many of its functions assert something."""

    path: str
    runner: str
    tests: int


@fact
def tests(repo: Repo) -> tuple[TestFile, ...]:
    """The files that hold at least one test which asserts, the shallowest first."""
    patterns = (*COLLECTED, *_configured(repo), *_given(repo))
    found = [test for path in repo.files if (test := _test_file(repo, path, patterns))]
    return tuple(sorted(found, key=lambda t: (depth(t.path), t.path)))


def _configured(repo: Repo) -> list[str]:
    """What `python_files` of a pytest configuration adds to the files that pytest collects."""
    said = ""
    for path in own(repo, "pyproject.toml"):
        value = table(toml_document(repo, path), "tool", "pytest", "ini_options").get("python_files", "")
        said += " " + (" ".join(map(str, value)) if isinstance(value, list) else str(value))
    for path in repo.named("pytest.ini", "setup.cfg", "tox.ini"):
        if found := regex(r"^python_files\s*=((?:.*)(?:\n[ \t]+.*)*)", re.M).search(repo.text(path) or ""):
            said += " " + found[1]
    return [word for word in said.split() if word.endswith(".py")]


def _given(repo: Repo) -> list[str]:
    """Files that pytest collects only because a command gives their paths."""
    asked = [path for path in repo.named("*_tests.py", "tests.py") if not vendored(path)]
    told = (repo.text(p) or "" for p in repo.named("*.yml", "*.yaml", "makefile", "*.sh", "tox.ini") if asked)
    commands = "\n".join(text for text in told if "pytest" in text)
    return [path for path in asked if path in commands]


def _test_file(repo: Repo, path: str, patterns: tuple[str, ...]) -> TestFile | None:
    name = path.rpartition("/")[2]
    if name.endswith(".py"):
        collected = any(like(name, p) or like(path, p) for p in patterns)
        if not (collected or name.startswith("test")) or vendored(path) or not (text := repo.text(path)):
            return None
        count = asserting(text, functions=collected)
        runner = "unittest" if "unittest" in text and "pytest" not in text else "pytest"
        return TestFile(path, runner, count) if count else None
    return _elsewhere(repo, path)


def _elsewhere(repo: Repo, path: str) -> TestFile | None:
    """A file of tests in another language than Python."""
    if path[path.rfind(".") :].lower() not in OTHERS or vendored(path):
        return None
    from mlscaffold.repo.teamwork.suites_elsewhere import counted

    found = counted(repo, path)
    return TestFile(path, *found) if found else None


def asserting(text: str, *, functions: bool = True) -> int:
    """How many tests of a Python source assert something.

    Counted are functions `test…` at module level (where `functions` says so) and methods of classes that a
    runner collects; read line by line, so that a file which this Python cannot parse counts too.
    """
    count, inside, owner, owner_indent = 0, -1, "", -1
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if inside >= 0 and indent <= inside and not line.lstrip().startswith((")", "]")):
            inside = -1
        if indent <= owner_indent:
            owner, owner_indent = "", -1
        if found := CLASS.match(line):
            owner, owner_indent = _collects(found), indent
        elif inside < 0 and DEFINITION.match(line) and not EVALUATES.match(line):
            inside = indent if (owner or (indent == 0 and functions)) else -1
            if inside >= 0 and ASSERTS.search(line.partition(":")[2]):
                count, inside = count + 1, -1
        elif inside >= 0 and ASSERTS.search(line):
            count, inside = count + 1, -1
    return count


def _collects(found: re.Match[str]) -> str:
    """The class's name where a runner collects it, else nothing."""
    wanted = found["name"].startswith("Test") or "Test" in (found["bases"] or "")
    return found["name"] if wanted else ""
