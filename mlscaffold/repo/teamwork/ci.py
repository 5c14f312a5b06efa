"""Continuous integration: which services run what, followed through make, tox, nox and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.documents import yaml_document
from mlscaffold.repo.likely_paths import likely
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.cloud_build import only_ships, scripts
from mlscaffold.repo.teamwork.commands import INSTALL, expand
from mlscaffold.repo.teamwork.tests import tests
from mlscaffold.repo.vendored import vendored

PATHS = (
    ("github", regex(r"\.github/workflows/[^/]+\.ya?ml$")),
    (
        "gitlab",
        regex(r"(?:\.gitlab-ci\.ya?ml|(?:.*/)?[^/]*\.gitlab-ci\.ya?ml|\.gitlab/(?:.+/)?[^/]+\.ya?ml)$"),
    ),
    ("azure", regex(r"(?:.*/)?\.?azure[-_]?pipelines?[^/]*(?:/.*)?\.ya?ml$", re.I)),
    ("azure", regex(r"(?:.*/)?(?:\.pipelines|\.azuredevops|\.ado)/(?:.+/)?[^/]+\.ya?ml$")),
    ("bitbucket", regex(r"bitbucket-pipelines\.ya?ml$")),
    ("travis", regex(r"\.travis\.ya?ml$")),
    ("jenkins", regex(r"(?:.*/)?(?:jenkinsfile[^/]*|[^/]+\.jenkinsfile)$", re.I)),
    ("circleci", regex(r"\.circleci/config\.ya?ml$")),
    ("codebuild", regex(r"(?:.*/)?[^/]*buildspec[^/]*(?:/[^/]+)?\.ya?ml$")),
    ("cloudbuild", regex(r"(?:.*/)?[^/]*cloud-?build[^/]*(?:/[^/]+)?\.ya?ml$")),
    ("appveyor", regex(r"\.?appveyor\.ya?ml$")),
    ("taskcluster", regex(r"\.taskcluster\.yml$")),
    ("drone", regex(r"\.drone\.ya?ml$")),
    ("woodpecker", regex(r"\.woodpecker(?:\.ya?ml|/[^/]+\.ya?ml)$")),
    ("buildkite", regex(r"\.buildkite/[^/]+\.ya?ml$")),
    ("cirrus", regex(r"\.cirrus\.ya?ml$")),
    ("gitea", regex(r"\.gitea/workflows/[^/]+\.ya?ml$")),
    ("forgejo", regex(r"\.forgejo/workflows/[^/]+\.ya?ml$")),
    ("semaphore", regex(r"\.semaphore/[^/]+\.ya?ml$")),
    ("codefresh", regex(r"(?:\.codefresh/[^/]+|\.?codefresh)\.ya?ml$")),
)
MARK = regex(
    r"workflows/|gitlab|azure|\.pipelines|\.ado/|bitbucket|travis|jenkinsfile|circleci|buildspec|cloud-?build"
    r"|appveyor|taskcluster|drone|woodpecker|buildkite|cirrus|semaphore|codefresh",
    re.I,
)
"""One of these stands in every path that tells a service."""

HOLDS = {
    "azure": {"steps", "jobs", "stages", "extends"},
    "codebuild": {"phases"},
    "cloudbuild": {"steps"},
    "semaphore": {"blocks"},
    "codefresh": {"steps"},
}
"""Keys of which a file of the service has one; other files have such names too."""

LIKE_GITHUB = ("github", "gitea", "forgejo")
"""Services that read workflows of GitHub Actions."""

AZURE_RUNS = regex(rb"^(?:steps|jobs|stages):[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*-", re.M)
AZURE_WHERE = regex(rb"^pool:|^[ \t]*(?:- )?vmImage:|^(?:trigger|pr):[ \t]*(?:none|\r?\n)", re.M)
CLOUD_STEPS = regex(rb"^steps:[ \t]*\r?\n[\s\S]*?^[ \t]*(?:-[ \t]*)?name:", re.M)
COMMAND_KEYS = frozenset(
    {
        "run", "script", "before_script", "after_script", "install", "before_install", "after_success",
        "bash", "pwsh", "powershell", "command", "commands", "cmd", "inlinescript", "inline", "task", "uses",
        "test_script", "build_script", "test",
    }
)  # fmt: skip
PYTHON_KEYS = frozenset(["python-version", "python", "versionspec", "python_version", "pythonversion"])
RUNS_TESTS = regex(
    r"(?<![\w./=-])(?:[\w./-]*/)?(?:pytest|py\.test|nosetests\d?|nose2|testthat|ctest|bats|behave)(?![\w=<>~\[.-])"
    r"|-m\s+(?:pytest|unittest|nose2?)\b|\bkedro test\b|setup\.py test\b|manage\.py test\b|\bhatch test\b"
    r"|\bPkg\.test\b|julia-runtest|devtools::(?:test|check)|rcmdcheck::rcmdcheck|R CMD check|check-r-package"
    r"|\bpython[\d.]* (?:-\S+ )*(?:\S*/)?tests?/(?:\S*/)?test_\w+\.py|\bmvnw? (?:\S+ )*(?:test|verify)\b"
    r"|\bgradlew? (?:(?!-x |--exclude-task )\S+ )*(?:check|test)\b|\bpdm test\b|pytest-action"
    r"|\bnbdev_test\b|fastai/workflows/nbdev-ci"
    r"|\b(?:cargo|go|npm|yarn|mvn|gradlew?|sbt|pixi run|hatch run|poe|nox -s|tox -e|pdm run|rye"
    r"|mise|moon|bazel|pants) (?:run )?test"
)
"""A command that runs a test suite, whatever the runner."""

BUILDS_WITH_TESTS = regex(
    r"\bmvnw?\b(?!.*-D(?:skipTests|maven\.test\.skip)(?!=false)).*\s(?:package|install|deploy)\b"
    r"|\bgradlew?\b(?!.*(?:-x|--exclude-task)\s+:?\S*test).*\s:?\S*\bbuild\b"
    r"|\bsbt\b.*[\s;\"'+/]test(?:Only|Quick)?\b|\btinytest::|\bcovr::|\bjulia\b.*\btest/runtests\.jl"
)
"""Commands that run the tests, where there are any, on their way."""

TRAVIS_RUNS = {"scala": "sbt test", "java": "mvn test", "r": "R CMD check", "julia": "julia -e 'Pkg.test()'"}
"""What Travis runs by itself for a language."""


class Step(NamedTuple):
    """One command (or action) of a job, as it stands in the file."""

    key: str
    text: str
    line: int | None


class Pipeline(NamedTuple):
    """One CI file that runs something."""

    path: str
    service: str
    steps: tuple[Step, ...]
    pythons: tuple[tuple[str, int | None], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    """Names that commands may use, with each value that the file gives them: environment and matrix."""


@fact
def pipelines(repo: Repo) -> tuple[Pipeline, ...]:
    """The CI files of every service, those that hold no job left out."""
    found: list[Pipeline] = []
    for path in sorted({*likely(repo, MARK), *repo.named("*.yml", "*.yaml")}):
        named = PATHS if MARK.search(path) else ()
        service = next((name for name, pattern in named if pattern.match(path)), None) or _told(repo, path)
        if service and not vendored(path) and (read := _pipeline(repo, path, service)):
            found.append(read)
    if ".gitlab-ci.yml" not in repo.files:
        found = [pipeline for pipeline in found if pipeline.service != "gitlab"]
    return tuple(sorted(found, key=lambda p: p.path))


def _told(repo: Repo, path: str) -> str:
    """The service whose files may have any name, told by keys that no other file has together."""
    raw = repo.raw(path) if path.endswith((".yml", ".yaml")) else None
    if raw and AZURE_RUNS.search(raw) and AZURE_WHERE.search(raw):
        return "azure"
    return "cloudbuild" if raw and b"cloud-builders/" in raw and CLOUD_STEPS.search(raw) else ""


def _pipeline(repo: Repo, path: str, service: str) -> Pipeline | None:
    text = repo.text(path)
    if not text or not text.strip():
        return None
    if service == "jenkins":
        steps = _jenkins(text)
        return Pipeline(path, service, steps) if "stage" in text or steps else None
    document = yaml_document(repo, path)
    if not isinstance(document, dict) or not document:
        return None
    if not _holds_jobs(document, service):
        return None
    more = {"cloudbuild": _cloud_scripts, "travis": _by_itself}.get(service)
    steps = (*_steps(document, text), *(more(document, text) if more else ()))
    values = tuple(dict.fromkeys(_values(document, text)))
    return Pipeline(path, service, steps, tuple(_pythons(document, text)), values)


def _holds_jobs(document: dict[Any, Any], service: str) -> bool:
    """Whether the file says what to run; one of Cloud Build must do more than to ship."""
    if service in LIKE_GITHUB:
        return isinstance(document.get("jobs"), dict) and bool(document["jobs"])
    if service in HOLDS and not HOLDS[service] & set(document):
        return False
    return service != "cloudbuild" or not only_ships(document)


def _jenkins(text: str) -> tuple[Step, ...]:
    found = regex(r"\b(?:sh|bat|powershell)\b[\s(]*(?:script:\s*)?('''|\"\"\"|'|\")(.*?)\1", re.S).finditer(
        text
    )
    return tuple(Step("sh", m[2], text.count("\n", 0, m.start()) + 1) for m in found)


def _walk(document: Any) -> Iterator[tuple[str, Any]]:
    """Every (key, value) of nested mappings, in order; lists keep the key that they stand under."""
    stack: list[tuple[str, Any]] = [("", document)]
    seen = 0
    while stack and seen < 50_000:
        key, value = stack.pop()
        seen += 1
        if key:
            yield key, value
        if isinstance(value, dict):
            stack += [(str(k), v) for k, v in reversed(list(value.items()))]
        elif isinstance(value, list):
            stack += [("" if isinstance(v, dict | list) else key, v) for v in reversed(value)]


def _line(text: str, value: str) -> int | None:
    first = value.strip().split("\n")[0]
    at = text.find(first) if first else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _steps(document: Any, text: str) -> Iterator[Step]:
    for key, value in _walk(document):
        if isinstance(value, str) and key.lower() in COMMAND_KEYS and value.strip():
            yield Step(key.lower(), value, _line(text, value))


def _cloud_scripts(document: Any, text: str) -> Iterator[Step]:
    return (Step("args", ran.text, _line(text, ran.place)) for ran in scripts(document))


def _by_itself(document: Any, text: str) -> Iterator[Step]:
    language = str(document.get("language", "")).lower()
    if language in TRAVIS_RUNS and not regex(r"^[ \t-]*script[ \t]*:", re.M).search(text):
        yield Step("script", TRAVIS_RUNS[language], _line(text, "language"))


def _pythons(document: Any, text: str) -> Iterator[tuple[str, int | None]]:
    done: set[str] = set()
    for key, value in _walk(document):
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            continue
        said = ""
        written = "3.10" if value == 3.1 else str(value).removesuffix(".x").strip()  # 3.10 without quotes
        if key.lower() in PYTHON_KEYS and regex(r"\d\.\d+(\.\d+)?").fullmatch(written):
            said = written
        elif key.lower() in ("image", "container", "name") and (
            found := regex(r"(?:^|/)python:(\d\.\d+)").search(str(value))
        ):
            said = found[1]
        if said and said not in done:
            done.add(said)
            at = re.search(rf"(?:^|[\s\[,:\"']){re.escape(said)}(?=$|[\s\],\"'.-])", text, re.M)
            yield said, text.count("\n", 0, at.end()) + 1 if at else None


def _values(document: Any, text: str) -> Iterator[tuple[str, str]]:
    if "$" not in text:
        return
    for key, value in _walk(document):
        if isinstance(value, str) and regex(r"[\w./-]{1,60}").fullmatch(value):
            yield key, value
    yield from regex(r"\b(\w+)=([\w./-]+)").findall(text)


def _variants(text: str, values: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The text with each of its `$name` and `${{ matrix.name }}` given each value, one name at a time."""
    yield text
    for name, value in values:
        pattern = (
            rf"\$(?:\{{\{{\s*[\w.]*\b{re.escape(name)}\s*\}}\}}|\{{{re.escape(name)}\}}|{re.escape(name)}\b)"
        )
        filled = re.sub(pattern, value, text) if name in text else text
        if filled != text:
            yield filled


def _local_action(repo: Repo, uses: str) -> str:
    for name in ("action.yml", "action.yaml"):
        path = f"{uses.removeprefix('./').strip('/')}/{name}"
        if path in repo.files:
            document = yaml_document(repo, path)
            return "\n".join(step.text for step in _steps(document, "") if step.key == "run")
    return ""


@fact
def ci_commands(repo: Repo) -> tuple[tuple[Pipeline, Step, str], ...]:
    """Every simple command that some CI job leads to, with the step that it comes from."""
    rows: list[tuple[Pipeline, Step, str]] = []
    for pipeline in pipelines(repo):
        for step in pipeline.steps:
            if step.key == "uses":
                rows.append((pipeline, step, step.text))
                text = _local_action(repo, step.text) if step.text.startswith("./") else ""
            else:
                text = "\n".join(_variants(step.text, pipeline.values))
            rows += [(pipeline, step, command) for command in expand(repo, text)]
    return tuple(rows)


def runs_tests(command: str) -> bool:
    """Whether this simple command runs a test suite (installing a runner does not)."""
    said = command.lstrip().startswith(("echo ", "printf "))
    asks = regex(r"\s--(?:version|help|collect-only|co|fixtures|markers)(?!\S)").search(command) is not None
    return not said and not asks and RUNS_TESTS.search(command) is not None and not INSTALL.search(command)


@fact
def test_jobs(repo: Repo) -> tuple[tuple[Pipeline, Step, str], ...]:
    """The CI steps that run tests, the first of each file."""
    found: dict[str, tuple[Pipeline, Step, str]] = {}
    for pipeline, step, command in ci_commands(repo):
        if runs_tests(command) or (BUILDS_WITH_TESTS.search(command) and _tested_elsewhere(repo)):
            found.setdefault(pipeline.path, (pipeline, step, command))
    return tuple(found.values())


def _tested_elsewhere(repo: Repo) -> bool:
    return any(not test.path.endswith(".py") for test in tests(repo))
