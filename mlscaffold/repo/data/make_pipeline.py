"""Make over data: rules of which one runs code on what another rule, by code, makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlscaffold.lazy import regex
from mlscaffold.named import NamedTuple
from mlscaffold.repo.definitions import NOT_USED, Definition
from mlscaffold.repo.repo import Repo, fact
from mlscaffold.repo.teamwork.commands import simple_commands
from mlscaffold.repo.vendored import own

RULE = regex(r"^(?P<names>[^\s#:=][^#:=\n]*?)\s*&?:{1,2}(?![=:])\s*(?P<needs>[^#=\n;]*)(?:#.*|;.*)?$")
ASSIGNED = regex(r"^(?:export\s+)?(?P<name>[\w.]+)\s*(?::{0,2}|\?)=\s*(?P<value>[^\n#]*?)\s*(?:#.*)?$", re.M)
VARIABLE = regex(r"\$[({]([\w.]+)[)}]")
RUNS = regex(
    r"^(?:\S*/)?(?:python[\d.]*|\$\(?\{?PY\w*\}?\)?|Rscript|R|julia|papermill|jupyter|spark-submit|octave|stata)\b"
    r"(?P<rest>.*)$",
    re.I,
)
NO_ANALYSIS = regex(
    r"\s-m\s+(?:pip|pytest|unittest|venv|virtualenv|build|http|black|flake8|isort|mypy|pylint|ruff|coverage"
    r"|twine|ipykernel|sphinx|mkdocs|pre_commit|cookiecutter|invoke|nox|tox|grpc\w*|ensurepip|site|json\.tool)\b"
    r"|\bsetup\.py\b|\bmanage\.py\b|test_\w*\.py|\btests?/|\s-c\b|\s--version\b|\s-V\b|kernelspec"
    r"|\bCMD\s+(?:build|check|INSTALL|REMOVE|Rd\w*)\b|install\.packages"
    r"|\b(?:devtools|roxygen2|pkgdown|usethis|covr|testthat|rcmdcheck|lintr|styler|remotes|renv)::"
    r"|jupyter[- ]lab|jupyter[- ]notebook|lab(?:extension|hub)?\b|uvicorn|gunicorn|streamlit|\binstall\b"
)

DATA = regex(
    r"^(?!.*(?:requirement|venv|\.lock|node_modules))(?:.*\.(?:csv|tsv|parquet|feather|rds|rda|rdata|pkl|pickle|joblib|h5|hdf5"
    r"|np[yz]|dat|pt|pth|ckpt|sqlite|db|xlsx?|arff|jsonl|zip|gz|tgz)|(?:\./)?(?:data|datasets?|raw|results?|models?|outputs?"
    r"|figures?|figs|plots|features)/.*\.\w+)$",
    re.I,
)
"""Names of targets that are data: what a step downloads or makes."""

MAPPED = regex(
    r"\$[({]patsubst\s+[^,]*,\s*(?P<to>[^,]*?)\s*,(?:[^()]|\([^()]*\))*[)}]|\$[({]\w+:%?[\w.]*=(?P<end>[^)}]*)[)}]"
)


WHOLE = regex(r"(?:^|[-_])pipeline(?:$|[-_])", re.I)
"""Names of targets that stand for all the steps together."""


class Rule(NamedTuple):
    """One rule: what it makes, from what, and whether its recipe runs an analysis."""

    names: tuple[str, ...]
    needs: tuple[str, ...]
    line: int
    runs: bool
    acts: bool


@fact
def make_pipelines(repo: Repo) -> tuple[Definition, ...]:
    """Makefiles in which a step that runs code depends on another such step, or that list a pipeline."""
    found = (_dependent(repo, path) for path in own(repo, "makefile", "gnumakefile", "makefile.*", "*.mk"))
    return tuple(one for one in found if one)


def _dependent(repo: Repo, path: str) -> Definition | None:
    text = repo.text(path) or ""
    if NOT_USED.search(path) or not regex(r"python|Rscript|\bR\b|julia|papermill|jupyter|\$\(PY").search(
        text
    ):
        return None
    rules = list(_rules(text))
    running = [rule for rule in rules if rule.runs]
    made = {name for rule in rules for name in rule.names if rule.runs or (rule.acts and DATA.match(name))}
    patterns = [name for name in made if "%" in name]
    for rule in running:
        for need in rule.needs:
            other = need in made and need not in rule.names
            if other or any(_fits(p, need) for p in patterns if p not in rule.names):
                return Definition("make", "Make", path, rule.line)
    listed = next((rule for rule in rules if _lists_steps(rule, running)), None)
    return Definition("make", "Make", path, listed.line) if listed else None


def _lists_steps(rule: Rule, running: list[Rule]) -> bool:
    """Whether a target that is called a pipeline does nothing itself, and needs several that run code."""
    steps = {name for one in running for name in one.names}
    whole = not rule.acts and any(WHOLE.search(name) for name in rule.names)
    return whole and len(steps.intersection(rule.needs)) > 1


def _fits(pattern: str, name: str) -> bool:
    head, _, tail = pattern.partition("%")
    return name.startswith(head) and name.endswith(tail) and len(name) > len(head) + len(tail)


def _rules(text: str) -> Iterator[Rule]:
    lines = list(_joined(text))
    values = {m["name"]: m["value"] for _, line in lines if (m := ASSIGNED.match(line))}
    head: tuple[tuple[str, ...], tuple[str, ...], int] | None = None
    recipe: list[str] = []
    for number, line in [*lines, (0, "end:")]:
        if line.startswith("\t") and head:
            recipe.append(line.strip().lstrip("@-+"))
        elif found := RULE.match(line):
            if head:
                yield Rule(*head, _runs(recipe, values), bool(recipe))
            names = tuple(_filled(found["names"], values).split())
            needs = tuple(w for w in _filled(found["needs"], values).split() if w != "|")
            head, recipe = (names, needs, number), []


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a Makefile with the number of their first, continuations joined."""
    start, kept = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith("\\"):
            kept += line[:-1] + " "
            continue
        yield start, kept + line
        start, kept = number + 1, ""


def _filled(text: str, values: dict[str, str]) -> str:
    text = MAPPED.sub(_mapped, text)
    for _ in range(5):
        text, before = VARIABLE.sub(lambda m: MAPPED.sub(_mapped, values.get(m[1], m[0])), text), text
        if text == before or len(text) > 5000:
            break
    return text


def _mapped(found: re.Match[str]) -> str:
    """The pattern that names are mapped to: `%.dat` of `$(patsubst a/%.txt,%.dat,$(T))`."""
    to, end = found["to"], found["end"]
    return to or (end if end and "%" in end else f"%{end}")


def _runs(recipe: list[str], values: dict[str, str]) -> bool:
    for command in simple_commands(_filled("\n".join(recipe), values)):
        if (found := RUNS.match(command)) and found["rest"].strip() and not NO_ANALYSIS.search(command):
            return True
    return False
